"""Feature codes of desk phones: the dialplan asks whether whoever calls may listen in on the call of the extension they
dialled, and how. Knows what the switch says of the channel, and who answers for people; what a supervisor is told then
joining.py knows. Whatever is wrong, nothing is allowed."""

import re
from collections.abc import Mapping
from typing import Protocol

import structlog

from eslbot.model.call import LegId
from eslbot.model.supervising import Mode
from eslbot.service.people.joining import Joining
from eslbot.supervise.access import Person
from eslbot.supervise.wire import Refused
from eslbot.switch import supervising
from eslbot.switch.codec import Event
from eslbot.switch.facts import UUID, text

log = structlog.get_logger("eslbot")
CODES: Mapping[str, Mode] = {"1": Mode.LISTEN, "2": Mode.WHISPER, "3": Mode.BARGE, "4": Mode.TAKEOVER}
"""The digit after *8."""
THINKING = 6.0
"""Seconds an answer may take: a PIN is hashed slowly on purpose, one at a time, and its caller can wait."""
VERDICT, SPIED = "eslbot_verdict", "eslbot_spied"
_EXTENSION = re.compile(r"\d{2,20}")
_PIN = re.compile(r"\d{0,20}")


class PhoneBook(Protocol):
    """Who has which phone."""

    def by_phone(self, number: str, pin: str) -> Person | None:
        """Whose phone that is, the PIN being theirs; None: nobody's. May raise Refused: it was wrong, or too often."""


class Phones:
    """Answers for one service."""

    def __init__(self, book: PhoneBook, joining: Joining, domain: str | None = None) -> None:
        """`domain`: where the people's phones are registered; None: a switch with one domain has no other."""
        self._book, self._joining, self._domain = book, joining, domain

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
            log.warning("a feature code was refused", reason="a phone of another domain than [message] domain")
            return {}
        try:
            person = self._book.by_phone(user, pin) if _PIN.fullmatch(pin) else None
            if person is None:
                log.warning("a feature code was refused", reason="nobody's phone, or a PIN that is none")
                return {}
            call, spied, first = self._joining.walk_in(person, user, LegId(leg), mode, target)
        except Refused as refused:
            log.warning("a feature code was refused", reason=type(refused).__name__)
            return {}
        return {VERDICT: "allow", SPIED: spied, **supervising.variables(call, first)}
