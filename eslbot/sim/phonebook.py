"""Phones that have registered, as far as texts outside of calls reach them (SIP MESSAGE, by the event SEND_MESSAGE).
Knows who is registered where and what each was sent; no calls, no SIP."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eslbot.sim.core import Core

PROFILES = frozenset({"internal"})
"""SIP profiles there are."""
ACCEPTED = 200
Address = tuple[str, str, str]
"""User, domain, profile."""


@dataclass(frozen=True, slots=True)
class Text:
    """One message, as it reached the phone."""

    kind: str
    """Its content type."""
    body: bytes


@dataclass(slots=True)
class Phone:
    """One registration."""

    user: str
    domain: str
    profile: str = "internal"
    answers: int = ACCEPTED
    """The status it answers a message with; whatever it is, the switch tells nobody."""
    texts: list[Text] = field(default_factory=list)

    @property
    def address(self) -> Address:
        return self.user, self.domain, self.profile


def deliver(core: "Core", headers: Mapping[str, str], body: str) -> None:
    """To that user's phone; what cannot be delivered is an error in the log, and in no event."""
    told = {name.lower(): value for name, value in headers.items()}
    if not (told.get("content-type") and told.get("user") and told.get("host")):
        return
    if told.get("profile", "") not in PROFILES:
        core.note(f"Can't find profile {told.get('profile', '')}")
        return
    phone = core.registered.get((told["user"], told["host"], told["profile"]))
    if phone is None:
        core.note(f"Can't find registered user {told['user']}@{told['host']}")
    else:
        phone.texts.append(Text(told["content-type"], body.encode()))
