"""Who works here, as the live calls ask: by name, by phone, by role. A picture of the accounts that is renewed every
few seconds, so that nobody who asks has to wait. Knows accounts, no password and no call."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from eslbot.supervise.access import Staff


@dataclass(frozen=True, slots=True)
class Member:
    """An account, without what lets anybody in."""

    name: str
    role: Staff
    teams: tuple[str, ...] = ()
    """An agent's one; those a supervisor sees, none: all."""
    phone: str = ""
    """Never logged."""
    disabled: bool = False

    @property
    def team(self) -> str:
        """The one an agent belongs to."""
        return self.teams[0] if self.role is Staff.AGENT and self.teams else ""


class Roster:
    """The picture."""

    def __init__(self) -> None:
        self._members: dict[str, Member] = {}
        self._phones: dict[str, Member] = {}
        self._told: list[Callable[[], None]] = []

    def renew(self, members: Iterable[Member]) -> None:
        """From the store."""
        fresh = {member.name: member for member in members}
        changed = fresh != self._members
        self._members = fresh
        self._phones = {member.phone: member for member in fresh.values() if member.phone and not member.disabled}
        for tell in self._told if changed else ():
            tell()

    def on_change(self, tell: Callable[[], None]) -> None:
        """Have `tell` called when an account came, went or changed."""
        self._told.append(tell)

    def all(self) -> list[Member]:
        """By name, the disabled ones too."""
        return [self._members[name] for name in sorted(self._members)]

    def get(self, name: str) -> Member | None:
        return self._members.get(name)

    def by_phone(self, number: str) -> Member | None:
        """Whose phone it is; nobody's where the account is disabled."""
        return self._phones.get(number) if number else None
