"""One target a file: `one(data)` does what a room does with a stranger's bytes and raises only where that room breaks
its word, `seeds()` gives inputs to begin with."""

from importlib import import_module
from typing import Protocol

NAMES = ("esl", "sealed", "packs", "settings", "fork", "replies", "dialogues", "journal", "web", "codes")


class Target(Protocol):
    """A module of this package."""

    def one(self, data: bytes) -> None:
        """One input. Raises anything where a promise is broken."""

    def seeds(self) -> list[bytes]:
        """Inputs that mean something."""


def target(name: str) -> Target:
    """By its name, one of NAMES."""
    return import_module(f"{__name__}.{name}")  # type: ignore[return-value]
