"""How the phones of the network are numbered in Kaldi's files. Knows ids only."""

from dataclasses import dataclass
from enum import IntEnum

SILENCE_ID = 1
SILENCE_PDF = 0


class Position(IntEnum):
    """Where in its word a phone stands; Kaldi tells words' edges by it."""

    BEGIN = 0
    END = 1
    INTERNAL = 2
    SINGLETON = 3


@dataclass(frozen=True, slots=True)
class PhoneTable:
    """Silence is phone 1 and pdf 0; unit i (from 0) has the pdf i + 1 and four phones, one a Position."""

    units: int
    """The phones of the language and, last, the garbage unit."""

    @property
    def count(self) -> int:
        """The highest phone id."""
        return SILENCE_ID + 4 * self.units

    @property
    def garbage(self) -> int:
        """Phone id of the garbage unit, which is a word of its own."""
        return self.phone(self.units - 1, Position.SINGLETON)

    def phone(self, unit: int, position: Position) -> int:
        return SILENCE_ID + 1 + 4 * unit + position

    def pdf(self, phone: int) -> int:
        return SILENCE_PDF if phone == SILENCE_ID else (phone - SILENCE_ID - 1) // 4 + 1

    def word(self, units: tuple[int, ...]) -> tuple[int, ...]:
        """The phone ids of a word of these units."""
        if len(units) == 1:
            return (self.phone(units[0], Position.SINGLETON),)
        middle = (self.phone(unit, Position.INTERNAL) for unit in units[1:-1])
        return self.phone(units[0], Position.BEGIN), *middle, self.phone(units[-1], Position.END)

    def word_boundary(self) -> str:
        """graph/phones/word_boundary.int."""
        names = ("begin", "end", "internal", "singleton")
        rows = [f"{SILENCE_ID} nonword"]
        for unit in range(self.units):
            rows += [f"{self.phone(unit, position)} {names[position]}" for position in Position]
        return "\n".join(rows) + "\n"


def loop(phone: int) -> int:
    """Transition-id of staying in the phone's only state."""
    return 2 * phone - 1


def forward(phone: int) -> int:
    """Transition-id of entering (and leaving) it."""
    return 2 * phone
