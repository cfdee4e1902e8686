"""What the doctor says: a level, what was found, and how to mend it. Pure; knows no subject."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """How much it matters."""

    OK = "ok"
    HINT = "hint"
    """Nothing is wrong; it could be better, or could not be told."""
    WARNING = "warning"
    """It works, and will hurt."""
    ERROR = "error"
    """A promise is not kept, or calls are not watched."""

    @property
    def rank(self) -> int:
        """0 is the best."""
        return list(Level).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    level: Level
    check: str
    """`subject.what`, the same in every version: `switch.password`."""
    found: str
    """One sentence, without passwords, keys and callers' numbers."""
    mend: str = ""
    """A command or a line of a configuration; empty where nothing is to be done."""
    of: str = ""
    """Which one: a switch's name, a path, a pack; empty where there is only one."""

    @property
    def subject(self) -> str:
        """The first part of `check`."""
        return self.check.partition(".")[0]

    def plain(self) -> dict[str, Any]:
        """For scripts."""
        return {"subject": self.subject, "check": self.check, "of": self.of, "level": self.level.value,
                "found": self.found, "mend": self.mend}


def good(check: str, found: str, of: str = "") -> Finding:
    return Finding(Level.OK, check, found, "", of)


def hint(check: str, found: str, mend: str, of: str = "") -> Finding:
    return Finding(Level.HINT, check, found, mend, of)


def warning(check: str, found: str, mend: str, of: str = "") -> Finding:
    return Finding(Level.WARNING, check, found, mend, of)


def error(check: str, found: str, mend: str, of: str = "") -> Finding:
    return Finding(Level.ERROR, check, found, mend, of)


def worst(findings: Iterable[Finding]) -> Level:
    """The worst level there is; ok where there is nothing."""
    return max((one.level for one in findings), key=lambda level: level.rank, default=Level.OK)


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many there are of each level, every level named."""
    found = dict.fromkeys((level.value for level in Level), 0)
    for one in findings:
        found[one.level.value] += 1
    return found
