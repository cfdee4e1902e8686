"""A weighted automaton and its bytes as OpenFst's `vector` of `standard` arcs, version 2. Knows nothing of speech."""

import math
import struct
from dataclasses import dataclass, field

_MAGIC = 2125659606
_EXPANDED_MUTABLE = 3
_HEADER = struct.Struct("<iiQqqq")  # version, flags, properties, start, states, arcs
_STATE = struct.Struct("<fq")
_ARC = struct.Struct("<iifi")


@dataclass(frozen=True, slots=True)
class Arc:
    input: int
    """Label; 0 is epsilon."""
    output: int
    weight: float
    """Tropical: a cost."""
    to: int


@dataclass(slots=True)
class Fst:
    """Grows state by state. Labels and states are integers from 0."""

    start: int = 0
    states: list[tuple[float, list[Arc]]] = field(default_factory=list)
    """(final cost, infinite where the state is not final; its arcs)"""

    def state(self) -> int:
        """A new state without arcs, not final."""
        self.states.append((math.inf, []))
        return len(self.states) - 1

    def arc(self, state: int, ilabel: int, olabel: int, weight: float, to: int) -> None:
        self.states[state][1].append(Arc(ilabel, olabel, weight, to))

    def final(self, state: int, weight: float) -> None:
        self.states[state] = (weight, self.states[state][1])

    def to_bytes(self) -> bytes:
        """The file's content."""
        arcs = sum(len(arcs) for _, arcs in self.states)
        parts = [struct.pack("<i", _MAGIC), _string("vector"), _string("standard")]
        parts.append(_HEADER.pack(2, 0, _EXPANDED_MUTABLE, self.start, len(self.states), arcs))
        for final, leaving in self.states:
            parts.append(_STATE.pack(final, len(leaving)))
            parts += [_ARC.pack(arc.input, arc.output, arc.weight, arc.to) for arc in leaving]
        return b"".join(parts)


def _string(text: str) -> bytes:
    return struct.pack("<i", len(text)) + text.encode("ascii")
