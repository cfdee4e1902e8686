"""The live feed: every call as it stands, and each change to it as a numbered message that whoever may see the call is
given. Knows who may see what, and how far each reader has come; knows no HTTP and no page.

The messages stand in one ring. A reader (reader.py) is a place in it: giving a message out costs the call nothing,
however many look on and however slow they are. What a message is to those who look on is made once for all of the same
view (tape.py).
"""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from gevent.event import Event

from eslbot.call.state import CallState
from eslbot.model import facts, orders
from eslbot.model.audio import AudioFrame
from eslbot.model.call import CallId
from eslbot.model.facts import Fact
from eslbot.model.orders import Order
from eslbot.model.words import Hypothesis
from eslbot.store.rows import ActRow, AlertRow, ViolationRow
from eslbot.supervise.access import Permission, Person, Staff
from eslbot.supervise.live.call import LiveCall
from eslbot.supervise.live.levels import levels
from eslbot.supervise.live.shown import Delta, Owner, for_agent
from eslbot.supervise.live.tape import Tapes
from eslbot.supervise.live.words import Looks, Message, over

RING = 16_384
"""Messages that a reader may be behind."""
ALERTS = 300
"""That a page is shown when it opens, at most."""
LEVELS_A_SECOND = 8
"""Of a call that somebody has open."""


class Feed:
    """All calls. `follow` and `hear` are the service's follower and listener; neither waits nor fails for a reader."""

    def __init__(
        self, looks: Looks, owner: Callable[[CallState], Owner] = lambda state: Owner(),
        recall: Callable[[CallId, Callable[[list[ViolationRow], list[ActRow]], None]], None] | None = None,
        said: Callable[[CallId, AlertRow], Owner] = lambda call, row: Owner(),
    ) -> None:
        """`owner`: whose a call is; `said`: who was on the line when what an alert tells of was said;
        `recall`: asks the store what it knows of a call that was up before a restart, and hands it over, later."""
        self._looks, self._owner, self._recall, self._said = looks, owner, recall, said
        self.epoch = secrets.token_hex(4)
        """Of this life of the service: numbers count within it."""
        self.number = 0
        self.clock = looks.clock
        self.alerts: dict[str, tuple[Message, Owner]] = {}
        """Of which nobody has taken note yet, the newest last."""
        self.calls: dict[CallId, LiveCall] = {}
        self._owners: dict[CallId, Owner] = {}
        self._ring: list[Delta | None] = [None] * RING
        self._waiting: set[Event] = set()
        self.watched: Counter[CallId] = Counter()
        self._next_level: dict[CallId, int] = {}
        self.tapes = Tapes(self)
        """What readers are given, made once for all of the same view."""

    def title(self, rule: str) -> str:
        """What a rule is called."""
        return self._looks.title(rule).title

    # --- what comes in -----------------------------------------------------------------------------------------------
    def follow(self, what: Fact | Order, state: CallState | None) -> None:
        """A fact, or an order that was performed."""
        if state is None:
            return
        live = self.calls.get(state.id)
        if over(state):
            if live is not None:
                self._gone(live, state)
            return
        if live is None:
            live = self.calls[state.id] = LiveCall(state, self._looks)
        was, owner = self._owners.get(state.id), self._owner(state)
        self._owners[state.id] = owner
        names = self._names(state, owner)
        if names != live.names:
            live.names = names
            if was == owner:
                self._tell(live.row(), owner)
        told = live.order(what, state) if isinstance(what, Order) else live.fact(what, state)  # type: ignore[arg-type]
        if was is None or was != owner:
            self._tell(live.whole(), owner, was)
        else:
            for message in told:
                self._tell(message, owner)
        if isinstance(what, orders.Mask):
            for message in live.masked(what):
                self._tell(message, owner)
        if isinstance(what, facts.Resumed) and self._recall is not None:
            self._recall(state.id, lambda hits, acts: self._recalled(live, hits, acts))

    def hear(self, hypothesis: Hypothesis) -> None:
        """Words, without the numbers that nobody may see."""
        live = self.calls.get(hypothesis.call)
        if live is not None:
            for message in live.hear(hypothesis):
                self._tell(message, self._owners[hypothesis.call])

    def frame(self, frame: AudioFrame) -> None:
        """Audio: its levels are told of a call that somebody has open, and of no other."""
        live = self.calls.get(frame.call)
        if live is None or not frame.samples:
            return
        live.heard = frame.end
        if frame.call not in self.watched or frame.first < self._next_level.get(frame.call, 0):
            return
        self._next_level[frame.call] = frame.first + frame.rate // LEVELS_A_SECOND
        customer, agent = levels(frame.stereo)
        self._tell({
            "k": "level", "call": frame.call, "at": round(frame.end / frame.rate, 2), "customer": customer,
            "agent": agent,
        }, self._owners[frame.call])

    def alerted(self, row: AlertRow) -> None:
        """People are told of something; of no call where its id is empty."""
        owner = self._said(CallId(row.call), row) if row.hit else Owner()
        if not owner.agent:
            owner = self._owners.get(CallId(row.call), Owner())
        message = alert_message(row, self._looks.title(row.rule).title if row.call and row.rule else row.rule)
        self.alerts[row.id] = message, owner
        if len(self.alerts) > ALERTS:
            del self.alerts[next(iter(self.alerts))]
        self._tell(message, owner)

    def acknowledged(self, alert: str, call: str, by: str) -> None:
        """Somebody has seen an alert."""
        _, owner = self.alerts.pop(alert, ({}, self._owners.get(CallId(call), Owner())))
        self._tell({"k": "ack", "call": call, "id": alert, "by": by}, owner)

    def acted(self, call: CallId, key: str, kind: str, by: str, **more: Any) -> None:
        """Somebody did something in a call that is no order of its machine (listened, whispered, masked)."""
        live = self.calls.get(call)
        if live is not None:
            for message in live.acted(key, kind, by, **more):
                self._tell(message, self._owners[call])

    def _names(self, state: CallState, owner: Owner) -> dict[str, str]:
        other = self._looks.number(state.other) if state.other is not None else ""
        return {
            "customer": shortened(self._looks.number(state.customer)), "agent": owner.label or other,
            "account": owner.agent, "team": owner.team,
        }

    def _gone(self, live: LiveCall, state: CallState) -> None:
        del self.calls[live.id]
        self._next_level.pop(live.id, None)
        ended = state.ended
        self._tell({
            "k": "gone", "call": live.id, "outcome": ended[0] if ended else "", "at": ended[1] if ended else None,
        }, self._owners.pop(live.id, Owner()))

    def _recalled(self, live: LiveCall, hits: list[ViolationRow], acts: list[ActRow]) -> None:
        if live.id in self.calls:
            live.recall(hits, acts)
            self._tell(live.whole(), self._owners[live.id])

    def _tell(self, message: Message, owner: Owner, was: Owner | None = None) -> None:
        self.number += 1
        self._ring[self.number % RING] = Delta(self.number, message, owner, was)
        waiting, self._waiting = self._waiting, set()
        for event in waiting:
            event.set()

    # --- what goes out -----------------------------------------------------------------------------------------------
    def since(self, number: int) -> Iterable[Delta] | None:
        """The messages after this one; None where it is too long ago, or never was."""
        if not self.number - RING < number <= self.number:
            return None
        return (delta for n in range(number + 1, self.number + 1) if (delta := self._ring[n % RING]) is not None)

    def wait(self, number: int, timeout: float) -> None:
        """Until there is something after this message, or the time is over. Lets other greenlets run."""
        if self.number > number:
            return
        event = Event()
        self._waiting.add(event)
        try:
            event.wait(timeout)
        finally:
            self._waiting.discard(event)

    def sees(self, person: Person, owner: Owner) -> bool:
        """Whether a call of this owner is theirs to look at as it goes on."""
        return (person.may(Permission.SEE) or person.may(Permission.OWN)) and person.sees(owner.team, owner.agent)

    def whole(self, call: CallId, person: Person) -> Message | None:
        """A call as it stands; None where there is none, or it is not theirs to see."""
        live = self.calls.get(call)
        if live is None or not self.sees(person, self._owners[call]):
            return None
        message = live.whole()
        return for_agent(message, self._owners[call]) if person.role is Staff.AGENT else message

    def rows(self, person: Person) -> list[Message]:
        """All calls that are theirs to see, at a glance, and what each side said last."""
        told: list[Message] = []
        for call, live in self.calls.items():
            owner = self._owners[call]
            if self.sees(person, owner):
                agent = person.role is Staff.AGENT
                row = for_agent(live.row(), owner) if agent else live.row()
                lines = [line for line in live.lines() if not agent or for_agent(line, owner) is not None]
                told.append({**(row or {}), "lines": lines})
        return told

    def unseen(self, person: Person) -> list[Message]:
        """Alerts of which nobody has taken note, of calls that are theirs to see, and of none."""
        if not person.may(Permission.SEE):
            return []
        return [message for message, owner in self.alerts.values() if self.sees(person, owner)]


def alert_message(row: AlertRow, title: str) -> Message:
    """An alert as a page is told of it."""
    return {
        "k": "alert", "id": row.id, "call": row.call, "at": row.at, "kind": row.kind, "severity": row.severity,
        "rule": row.rule, "title": title, "detail": row.detail, "acknowledged": row.acknowledged,
        "by": row.acknowledged_by,
    }


def shortened(number: str) -> str:
    """A party's number as far as a page shows it: the end is enough to tell calls apart."""
    return number if len(number) <= 4 else "…" + number[-4:]
