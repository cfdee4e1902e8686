"""Feature codes of desk phones: the dialplan asks whether whoever calls may listen in on the call of the extension they
dialled, and how. Knows what the switch says of the channel, and who answers for people; what a supervisor is told then
joining.py knows. Whatever is wrong, nothing is allowed."""

import re
from collections.abc import Callable, Mapping
from typing import Protocol

import structlog

from eslbot.model.call import LegId
from eslbot.model.supervising import Mode
from eslbot.service.people.joining import Joining
from eslbot.store.chain import Entry
from eslbot.supervise.access import Person
from eslbot.supervise.accounts import NoCodes, NotLetIn, TooMany
from eslbot.supervise.web.brakes import Brakes
from eslbot.supervise.wire import Refused
from eslbot.switch import supervising
from eslbot.switch.codec import Event
from eslbot.switch.facts import UUID, text

log = structlog.get_logger("eslbot")
CODES: Mapping[str, Mode] = {"1": Mode.LISTEN, "2": Mode.WHISPER, "3": Mode.BARGE, "4": Mode.TAKEOVER}
"""The digit after *8."""
THINKING = 6.0
"""Seconds an answer may take: a PIN is hashed slowly on purpose, one at a time, and its caller can wait."""
NOTED = 20
"""Refusals of one phone in a minute that are audited."""
NOBODY = "nobody"
VERDICT, SPIED = "eslbot_verdict", "eslbot_spied"
_EXTENSION = re.compile(r"\d{2,20}")
_PIN = re.compile(r"\d{0,20}")


class PhoneBook(Protocol):
    """Who has which phone."""

    def by_phone(self, number: str, pin: str) -> Person | None:
        """Whose phone that is, the PIN being theirs; None: nobody's. Raises NoCodes where they have none, or may not;
        NotLetIn where it was wrong (audited), TooMany where too often."""


class Phones:
    """Answers for one service."""

    def __init__(
        self, book: PhoneBook, joining: Joining, audit: Callable[[Entry], None], domain: str | None = None,
    ) -> None:
        """`audit` neither waits nor fails. `domain`: where the people's phones are registered; None: a switch with one
        domain has no other."""
        self._book, self._joining, self._audit, self._domain = book, joining, audit, domain
        self._brakes = Brakes()

    def answer(self, channel: Event) -> dict[str, str]:
        """The variables to set on a channel that asks; none: it is refused.

        The caller is who proved to be it to the switch (`user_name` of `domain_name`, which no SIP header can set),
        never the number that a phone claims to have. 1001 of another domain is another person."""
        user, leg = text(channel, "variable_user_name"), text(channel, "Unique-ID")
        mode = CODES.get(text(channel, "variable_eslbot_code"))
        target, pin = text(channel, "variable_eslbot_target"), text(channel, "variable_supervise_pin")
        proved = text(channel, "variable_sip_authorized") == "true"
        if not (proved and user and mode and UUID.fullmatch(leg) and _EXTENSION.fullmatch(target)):
            log.warning("a feature code was refused", reason="not a registered phone, or no code of ours")
            return {}
        if self._domain is not None and text(channel, "variable_domain_name").lower() != self._domain.lower():
            return self._refused(user, NOBODY, "a phone of another domain than [message] domain")
        try:
            person = self._book.by_phone(user, pin) if _PIN.fullmatch(pin) else None
        except NoCodes as refused:
            return self._refused(user, refused.who, f"{mode.value}: {refused}")
        except (NotLetIn, TooMany) as refused:
            log.warning("a feature code was refused", reason=type(refused).__name__)
            return {}
        if person is None:
            return self._refused(user, NOBODY, f"{mode.value}: a phone that is no account's, or a PIN that is none")
        try:
            call, spied, first = self._joining.walk_in(person, user, LegId(leg), mode, target)
        except Refused as refused:
            return self._refused(user, person.who, f"{mode.value}: {refused}")
        return {VERDICT: "allow", SPIED: spied, **supervising.variables(call, first)}

    def _refused(self, phone: str, who: str, why: str) -> dict[str, str]:
        """Told, and audited: so often in a minute that a phone which dials all day fills no audit."""
        log.warning("a feature code was refused", reason=why)
        if self._brakes.count(NOTED, phone):
            self._audit(Entry("refused", who, detail=f"feature code, {why}"))
        return {}
