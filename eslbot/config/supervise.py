"""The settings of supervisors in calls, of texts on phones, and of alerts nobody has taken note of. Knows what a value
may be, not who uses it."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from eslbot.config.fields import Duration, Listed, Listen, WebUrl
from eslbot.config.numbers import NumberPattern, Numbers
from eslbot.config.section import Section, Word

PHONE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")
"""What a phone's number may be made of, whatever `numbers` allows."""


def _phone(value: str) -> str:
    if not PHONE.fullmatch(value):
        raise ValueError("a phone's number is 1 to 32 letters, digits, '_', '-' or '.'")
    return value


def _dial(value: str) -> str:
    if value.count("{number}") != 1 or not re.fullmatch(r"[A-Za-z0-9_.:@/+=;%-]+", value.replace("{number}", "")):
        raise ValueError("must be one dial string with {number} in it, like user/{number}, and without spaces, "
                         "quotes, commas, brackets or $")
    return value


Phone = Annotated[str, AfterValidator(_phone)]
Phones = Annotated[tuple[Phone, ...], Listed]


class SuperviseSection(Section):
    dial: Annotated[str, AfterValidator(_dial)] = "user/{number}"
    """How a supervisor's phone is dialled."""
    numbers: Numbers = NumberPattern(r"\d{2,8}")
    """Which numbers may be dialled for a supervisor, as a whole: extensions, and no telephone on the street. A regular
    expression in RE2's syntax."""
    caller: Word = "eslbot"
    """What rings the phone, as its number shows; the name shown is made of the call's id and the agent's number."""
    ring: Duration = Field(default=20.0, validate_default=False)
    """How long a supervisor's phone rings."""
    tell_agent: Word | None = None
    """The prompt that the agent hears when somebody begins to hear the call: `supervised`, `supervised-tone` (two short
    tones), or one of yours; absent: none."""
    on_call: Phones = ()
    """Phones that a rule's `supervisor` rings, the first that is free first; empty: only an alert is raised."""
    on_call_mode: Literal["listen", "whisper", "barge", "takeover"] = "listen"
    """How whoever picks such a call up is in it."""
    escalate: Duration = Field(default=10.0, validate_default=False)
    """How long each of them rings before the next one does."""
    phones: Listen | None = None
    """Where the dialplan asks about feature codes (eslbot_phones_address in eslbot_vars.xml); absent: nowhere, and it
    refuses them."""


class MessageSection(Section):
    reminders: bool = False
    """Send what a reminder says to the agent's registered phone as a text, too (SIP MESSAGE)."""
    profile: Word = "internal"
    """The SIP profile at which phones are registered."""
    domain: Word | None = None
    """The SIP domain they are registered in; no text is sent without it. Where it is set, feature codes of phones that
    are registered in another are refused: a switch with several domains has several 1001s."""

    @model_validator(mode="after")
    def _reachable(self) -> "MessageSection":
        if self.reminders and self.domain is None:
            raise ValueError("reminders needs domain: where the phones are registered")
        return self


class EscalationSection(Section):
    after: Duration | None = None
    """How long an alert may go unacknowledged; absent: for ever."""
    severity: Literal["notice", "warning", "severe"] = "severe"
    """The least severity that is escalated."""
    webhook: WebUrl | None = None
    """Where it is posted then, signed like the first."""
    phones: Phones = ()
    """Whose phones get a text then; needs `domain` in [message]."""

    @model_validator(mode="after")
    def _somewhere(self) -> "EscalationSection":
        if self.after is not None and self.webhook is None and not self.phones:
            raise ValueError("after needs webhook or phones: somebody has to be told")
        return self
