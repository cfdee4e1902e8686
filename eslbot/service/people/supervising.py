"""Supervisors' phones: rings them without keeping the call waiting, tells the call what came of it, and lets those who
asked wait for that. Knows links and legs; whether somebody may, joining.py asks, and what follows the machine knows."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

import structlog
from gevent.event import AsyncResult

from eslbot.call.runner import Outcome
from eslbot.call.state import CallState
from eslbot.call.supervising import SERVICE
from eslbot.greenlets import Greenlets
from eslbot.model import facts
from eslbot.model.call import CallId, LegId, Role
from eslbot.model.facts import CallFact, Fact
from eslbot.model.orders import Order, SwitchOrder
from eslbot.model.supervising import Dismiss, Follow, Mode, Ring, SetMode, TakeOver, Wait
from eslbot.store import chain
from eslbot.store.chain import Entry
from eslbot.switch import supervising
from eslbot.switch.building import Command, Refused, Reply
from eslbot.switch.link import LinkDown, Unanswered
from eslbot.switch.supervising import Display

log = structlog.get_logger("eslbot")
Asked = tuple[CallId, str, str]
"""Which call, by whom, with which phone."""
SHOWN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,15}")
"""What of an agent's number is shown on a supervisor's phone."""
AFTERWARDS = 5.0
"""Seconds after its ringing time in which the switch has to say how an originate ended."""
FOLLOWED = "follow"
"""In the audit: a supervisor went along with a transferred call, was let go, waited while an agent consulted another
one, or came back after it."""
ON_THE_PHONE, LINK_DOWN, REFUSED = "ON_THE_PHONE", "LINK_DOWN", "REFUSED"
CAUSES: Mapping[str, str] = {
    "USER_BUSY": "the phone is busy",
    ON_THE_PHONE: "the phone is busy",
    "NO_ANSWER": "nobody has picked up",
    "NO_USER_RESPONSE": "the phone does not answer",
    "ALLOTTED_TIMEOUT": "nobody has picked up",
    "CALL_REJECTED": "the phone has turned the call down",
    "SUBSCRIBER_ABSENT": "no phone is registered under that number",
    "USER_NOT_REGISTERED": "no phone is registered under that number",
    "UNALLOCATED_NUMBER": "there is no such number",
    "NO_ROUTE_DESTINATION": "there is no such number",
    "CHAN_NOT_IMPLEMENTED": "the dial string in [supervise] leads nowhere",
    "ORIGINATOR_CANCEL": "it was called off",
    LINK_DOWN: "the link to the switch is down",
    "LOST": "it was gone when the link came back",
    REFUSED: "that number, or what the phone would show, cannot be put into a command",
}
"""What a switch's cause means to who asked."""


class Line(Protocol):
    """A link to a switch, as far as ringing needs it."""

    @property
    def up(self) -> bool: ...
    def bgapi(self, text: str, timeout: float) -> Reply: ...


class Known(Protocol):
    """What the desk knows."""

    def state(self, call: CallId) -> CallState | None: ...
    def number_of(self, leg: LegId) -> str: ...
    def on_the_phone(self, number: str) -> bool: ...


class Supervisors:
    """Performs Ring, SetMode, Follow, Wait and TakeOver; a follower of what happens, for those who wait."""

    def __init__(
        self, links: Mapping[str, Line], hand: Callable[[SwitchOrder], Outcome], desk: Callable[[], Known],
        greenlets: Greenlets, clock: Callable[[], float], tell: Callable[[CallFact], None], display: Display,
        audit: Callable[[Entry], None], hears: Callable[[str, CallId], bool],
    ) -> None:
        """`desk` is asked for when something happens: the desk is built of us. `audit` must neither wait nor fail.
        `hears`: whether the call is theirs to hear, whosever it has become; who as a seat has it."""
        self._links, self._hand, self._desk, self._greenlets = links, hand, desk, greenlets
        self._clock, self._tell, self._display, self._audit, self._hears = clock, tell, display, audit, hears
        self._rung: dict[LegId, Asked] = {}
        """Phones that ring, or were picked up."""
        self._waiting: dict[Asked, AsyncResult] = {}

    # --- orders ------------------------------------------------------------------------------------------------------
    def ring(self, order: Ring) -> Outcome:
        """Begins to ring and comes back at once."""
        self._rung[order.leg] = (order.call, order.by, order.phone)
        state = self._desk().state(order.call)
        cause = self._hindered(order, state)
        if cause is None and state is not None:
            try:
                command = supervising.ring(order, self._display, self._agent(state))
            except Refused:
                cause = REFUSED
        self._audited(order, cause)
        if cause is not None or state is None:
            self._left(order, cause or "LOST")
            return "failed", cause or "LOST"
        self._greenlets.spawn(f"ring {order.leg}", self._ring, order, command, self._links[state.switch])
        return "done", order.mode.value

    def _hindered(self, order: Ring, state: CallState | None) -> str | None:
        if state is None:
            return "LOST"
        if order.idle and self._desk().on_the_phone(order.phone):
            return ON_THE_PHONE
        return None if self._links[state.switch].up else LINK_DOWN

    def _agent(self, state: CallState) -> str:
        """Who is called so by the switch, not by somebody who calls in; empty where it is not fit to be shown."""
        if state.other is None or state.other_role is not Role.AGENT:
            return ""
        number = self._desk().number_of(state.other)
        return number if SHOWN.fullmatch(number) else ""

    def _audited(self, order: Ring, cause: str | None) -> None:
        """What people ask for is audited where they ask."""
        if order.by == SERVICE:
            came = "rung for a rule" if cause is None else CAUSES.get(cause, cause)
            self._audit(Entry(order.mode.value, chain.SERVICE, order.call, detail=came))

    def _ring(self, order: Ring, command: Command, line: Line) -> None:
        """That it was picked up, its leg tells; here comes why there is none."""
        try:
            reply = line.bgapi(command.text, timeout=order.seconds + AFTERWARDS)
        except LinkDown:
            self._left(order, LINK_DOWN)
        except Unanswered:
            return  # it may be ringing: its leg tells, or the call's own timer gives it up
        else:
            if not reply.ok:
                self._left(order, [*reply.text.split(), "", ""][1] or "NO_ANSWER")

    def _left(self, order: Ring, cause: str) -> None:
        self._tell(facts.SupervisorLeft(order.call, self._clock(), order.leg, cause))

    def set_mode(self, order: SetMode) -> Outcome:
        return self._changed(order, order.mode)

    def follow_agent(self, order: Follow) -> Outcome:
        """To the agent whom the call was transferred to, or out of it: the agent they heard may be in another call by
        now, and this one may be another team's."""
        theirs = self._hears(order.by, order.call)
        outcome = self._hand(order) if theirs else ("failed", "the call went to an agent whom they may not hear")
        return self._moved(order, outcome, "the same agent" if order.back else "another agent")

    def wait(self, order: Wait) -> Outcome:
        """What an agent asks another one is neither's call that they hear: who cannot be taken off it is let go."""
        return self._moved(order, self._hand(order), "waits while the agent consults another")

    def _moved(self, order: Follow | Wait, outcome: Outcome, what: str) -> Outcome:
        if outcome[0] != "done":
            self._hand(Dismiss(order.id, order.call, order.leg))
        self._audit(Entry(FOLLOWED, chain.SERVICE, order.call, detail=f"{order.by}: {outcome[1] or what}"))
        return outcome

    def take_over(self, order: TakeOver) -> Outcome:
        return self._changed(order, Mode.TAKEOVER)

    def _changed(self, order: SetMode | TakeOver, mode: Mode) -> Outcome:
        """Where no answer came it stays as it was asked for: somebody may hear the supervisor."""
        outcome = self._hand(order)
        if outcome[0] != "unknown":
            now = mode if outcome[0] == "done" else None
            self._tell(facts.SupervisorMode(order.call, self._clock(), order.leg, now))
        return outcome

    # --- waiting -----------------------------------------------------------------------------------------------------
    @contextmanager
    def expecting(self, call: CallId, by: str, phone: str) -> Iterator[Callable[[float], str | None]]:
        """Around the command that rings: gives what waits so many seconds, until the phone is picked up (empty) or is
        not (the cause); None: neither has come by then."""
        answer = self._waiting.setdefault((call, by, phone), AsyncResult())

        def wait(seconds: float) -> str | None:
            answer.wait(seconds)
            return str(answer.get()) if answer.ready() else None

        try:
            yield wait
        finally:
            self._waiting.pop((call, by, phone), None)

    def follow(self, what: Fact | Order, state: CallState | None) -> None:
        """A follower of what happens."""
        if isinstance(what, facts.SupervisorLeft):
            log.info("a supervisor's phone is gone", call=what.call, cause=what.cause)
        if not isinstance(what, facts.SupervisorJoined | facts.SupervisorLeft):
            return
        joined = isinstance(what, facts.SupervisorJoined)
        asked = self._rung.get(what.leg) if joined else self._rung.pop(what.leg, None)
        answer = None if asked is None else self._waiting.get(asked)
        if answer is not None and not answer.ready():
            answer.set("" if isinstance(what, facts.SupervisorJoined) else what.cause)


def meaning(cause: str) -> str:
    """A cause in words."""
    return CAUSES.get(cause, f"the switch says {cause}")
