"""Who may do what: the roles people have here, what each role may do, and whose calls they see. Pure. Knows no account,
no password and no session: whoever lets somebody in says who it is by a Person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from eslbot.supervise.wire import Refused


class Staff(StrEnum):
    """The role of an account (a leg's role is another thing, model/call)."""

    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    QUALITY = "quality"
    AUDITOR = "auditor"
    AGENT = "agent"


class Permission(StrEnum):
    """What can be allowed. A token's scopes are spelled like this, too."""

    SEE = "calls:see"
    """Calls that are up, with their words as they are said."""
    ACT = "calls:act"
    """Mute, correct, hang up; listen, whisper, barge, take over."""
    MASK = "calls:mask"
    """Mask what is recorded, and take it back."""
    OWN = "own:see"
    """One's own call and record."""
    LIST = "recordings:list"
    PLAY = "recordings:play"
    EXPORT = "recordings:export"
    ERASE = "recordings:erase"
    """Erase, hold and release."""
    AUDIT = "audit:read"
    ALERTS = "alerts:acknowledge"
    APPEALS = "appeals:decide"
    """Appeals of violations, and deciding them."""
    RULES = "rules:publish"
    OPERATE = "service:operate"
    """Shadow mode, disarming, reloading."""
    USERS = "users:manage"


MAY: Mapping[Staff, frozenset[Permission]] = {
    Staff.ADMIN: frozenset(Permission) - {Permission.OWN},
    Staff.SUPERVISOR: frozenset({
        Permission.SEE, Permission.ACT, Permission.MASK, Permission.LIST, Permission.PLAY, Permission.ALERTS}),
    Staff.QUALITY: frozenset({
        Permission.SEE, Permission.LIST, Permission.PLAY, Permission.EXPORT, Permission.RULES,
        Permission.APPEALS}),
    Staff.AUDITOR: frozenset({Permission.LIST, Permission.PLAY, Permission.AUDIT}),
    Staff.AGENT: frozenset({Permission.OWN, Permission.MASK}),
}
"""An agent may mask: payment data has to be kept out by whoever hears it coming, in the agent's own call only."""


class Denied(Refused):
    """Somebody who is known may not do this. The text is for them."""


class NoSuch(Refused):
    """What is asked for is not there, or not for them to see: both in the same words."""


class Hidden(NoSuch):
    """It is there, and not for them to see: said in NoSuch's words, and audited."""

    def __init__(self, text: str, call: str = "") -> None:
        super().__init__(text)
        self.call = call


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who asks, already let in."""

    name: str
    """The account's name; the Unix user's where they came by the admin socket."""
    role: Staff
    via: str
    """How they came: `socket`, `session`, `token` or `phone`."""
    teams: frozenset[str] | None = None
    """Whose calls they see: those of these teams; None: everybody's."""
    number: str = ""
    """Of their phone, where they have one. Personal data: never logged."""
    scopes: frozenset[Permission] = field(default_factory=lambda: frozenset(Permission))
    """What a token is limited to."""

    @property
    def who(self) -> str:
        """How the audit names them: a Unix user as such, an account with its kind before it."""
        return self.name if self.via == "socket" else f"account:{self.name}"

    def may(self, permission: Permission) -> bool:
        """Whether their role (and token) allows it, in some call."""
        return permission in MAY[self.role] and permission in self.scopes

    def sees(self, team: str, agent: str = "") -> bool:
        """Whether a call is theirs to see: by the team of its agent (empty: of nobody known, which only those see who
        see everybody's), or because they are that agent (`agent`: the account's name)."""
        if self.role is Staff.AGENT:
            return bool(agent) and agent == self.name
        return self.teams is None or team in self.teams

    def sees_any(self, agents: Iterable[tuple[str, str]]) -> bool:
        """Whether a call is theirs to see that these (team, account) were in, one after another; none: nobody known."""
        return any(self.sees(team, agent) for team, agent in agents) or self.sees("")

    def needs(self, *permissions: Permission) -> None:
        """Raises Denied where they may do none of these."""
        if not any(map(self.may, permissions)):
            wanted = " or ".join(permission.value for permission in permissions)
            raise Denied(f"{self.name} ({self.role.value}) may not do this: it takes {wanted}")


def unix(user: str) -> Person:
    """Somebody at the admin socket: the service's own user or root, who could do anything to it anyway."""
    return Person(user, Staff.ADMIN, "socket")
