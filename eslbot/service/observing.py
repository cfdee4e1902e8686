"""What happens, shown to those who watch: metrics, log lines and rows of the store. Journaling is over when anything
comes here; nothing here decides, and no spoken word, number or name passes through."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Protocol

import structlog

from eslbot.call.runner import Outcome
from eslbot.call.state import CallState
from eslbot.model import facts, orders
from eslbot.model.call import CallId, Confirm
from eslbot.model.facts import CallFact, Fact
from eslbot.model.orders import Order
from eslbot.model.supervising import Dismiss, Follow, Ring, SetMode, TakeOver, Wait
from eslbot.service.people.owners import NOBODY, Owner
from eslbot.store.recording_rows import RecordingRow
from eslbot.store.rows import ActRow, CallRow, ClosingRow, ViolationRow
from eslbot.store.store import Store
from eslbot.watch.metrics import Metrics

log = structlog.get_logger("eslbot")

KIND: dict[type, str] = {
    orders.Remind: "remind", orders.Announce: "announce", orders.Mute: "mute", orders.Unmute: "unmute",
    orders.HangUp: "hang_up", orders.Alert: "alert", orders.ArmClosing: "arm_closing",
    orders.DisarmClosing: "disarm_closing", Ring: "supervise", SetMode: "supervise", Follow: "supervise",
    Wait: "supervise", TakeOver: "takeover", Dismiss: "leave", orders.Mask: "mask", orders.Unmask: "unmask",
}
"""Orders that are acts in the store."""
TOLD = (
    facts.SwitchUp, facts.Opened, facts.Joined, facts.ConsultBegan, facts.ConsultEnded, facts.Parted, facts.Gone,
    facts.ClosingStarted, facts.ClosingStopped,
    facts.Violated, facts.Retracted, facts.DisclosureChanged, facts.AudioEnded, facts.Commanded, facts.Resumed,
    facts.ShadowSet, facts.SupervisorJoined, facts.SupervisorMode,
)
"""Facts that make an INFO line."""
LOUD = (facts.SwitchDown, facts.AudioLost)
"""Facts that make a WARNING line."""
QUIET = {"call", "at", "verdict", "hit", "leg", "legs", "other", "phone"}
"""Fields that a line does not repeat, or says in other words."""

Follower = Callable[[Fact | Order, CallState | None], None]
"""Is shown every fact and every performed order: the demo's timeline, the live feed."""


Said = Callable[[CallId, str, int, int], Owner]
"""As owners.Owners.said."""


class Clocked(Protocol):
    """When audio came in."""

    def __call__(self, call: CallId, sample: int) -> float | None: ...


class Watchers:
    """The observer of all calls."""

    def __init__(
        self, metrics: Metrics, store: Store, clock: Callable[[], float], arrival: Clocked,
        texts: Mapping[str, str] | None = None, said: Said = lambda call, hit, start, end: NOBODY,
    ) -> None:
        """`texts`: what each prompt says, where that is known; `said`: who was on the line (Owners.said)."""
        self._said = said
        self._metrics, self._store, self._clock, self._arrival = metrics, store, clock, arrival
        self._texts = texts or {}
        self.followers: list[Follower] = []

    # --- facts -------------------------------------------------------------------------------------------------------
    def fact(self, fact: Fact, state: CallState | None) -> None:
        """A fact was taken in."""
        self._metrics.observe(fact)
        _line(fact)
        row = _ROWS.get(type(fact))
        if row is not None:
            row(self, fact, state)
        for follower in self.followers:
            follower(fact, state)

    def _opened(self, fact: facts.Opened, state: CallState) -> None:
        leg = fact.leg if fact.roles_known else ""
        self._store.calls.put(CallRow(fact.call, fact.switch, fact.at, fact.roles_known, customer_leg=leg,
                                     purpose=fact.purpose))

    def _joined(self, fact: facts.Joined, state: CallState) -> None:
        values: dict[str, Any] = {"bridged": state.bridged, "roles_known": state.sides_known}
        if fact.role.value == "agent":
            values["agent_leg"] = fact.other
        self._store.calls.patch(fact.call, **values)

    def _violated(self, fact: facts.Violated, state: CallState) -> None:
        verdict, hit = fact.verdict, fact.hit
        owner = self._said(fact.call, hit.key, fact.start, fact.end)
        self._store.violations.put(ViolationRow(
            hit.key, fact.call, fact.at, verdict.rule, verdict.title, verdict.pack, verdict.version,
            verdict.severity.label, fact.confirm.label, hit.role.value, hit.utterance, hit.ordinal, fact.start,
            fact.end, "; ".join(law.source for law in verdict.laws), "; ".join(law.sure for law in verdict.laws),
            agent=owner.agent, team=owner.team,
        ))
        came = self._arrival(fact.call, fact.decided)
        if came is not None and hit.utterance >= 0:
            now = self._clock()
            self._metrics.hit_latency(now - came)
            spoken = self._arrival(fact.call, fact.end)
            if spoken is not None and fact.confirm <= max(verdict.confirm, Confirm.AGREED):
                self._metrics.word_latency(now - spoken)  # a final is later by nature, and mostly decides nothing more

    def _retracted(self, fact: facts.Retracted, state: CallState) -> None:
        self._store.violations.patch(fact.hit.key, retracted=fact.at)

    # --- orders ------------------------------------------------------------------------------------------------------
    def order(self, order: Order, outcome: Outcome | None, state: CallState, cause: CallFact) -> None:
        """An order was performed that `cause` led to."""
        self._metrics.performed(order, outcome)
        how, detail = outcome or ("done", "")
        if isinstance(order, orders.BookAct):
            self._store.acts.put(ActRow(order.id, order.call, order.act, self._clock(), order.outcome, rule=order.rule))
        elif type(order) in KIND:
            self._acted(order, how, detail, cause)
        elif isinstance(order, orders.Listen) and how != "done":
            said = "has not said whether it records" if how == "unknown" else "does not record"
            log.warning(f"the switch {said}", call=order.call, outcome=how, detail=detail)
        for follower in self.followers:
            follower(order, state)

    def _acted(self, order: Order, how: str, detail: str, cause: CallFact) -> None:
        kind = KIND[type(order)]
        now = self._clock()
        violated = cause if isinstance(cause, facts.Violated) and cause.hit.utterance >= 0 else None
        came = self._arrival(order.call, violated.decided) if violated is not None else None
        latency = None if came is None else now - came
        if latency is not None:
            self._metrics.act_latency(kind, latency)
        rule, hit = (cause.verdict.rule, cause.hit.key) if isinstance(cause, facts.Violated) else ("", "")
        by = cause.by if isinstance(cause, facts.Commanded) else ""
        if isinstance(order, orders.Mask | orders.Unmask) and how == "done":
            detail = order.by if isinstance(order, orders.Mask) else order.why
        if isinstance(order, orders.Remind) and how == "done":  # for eyes too: an agent's screen shows the row
            detail = self._texts.get(order.prompt, order.prompt)
        self._store.acts.put(ActRow(order.id, order.call, kind, now, how, detail, rule, hit, by, latency))
        level = log.info if how == "done" else log.warning
        level("act", act=kind, call=order.call, outcome=how, detail=detail)

    def trouble(self, where: str, error: BaseException) -> None:
        """Something of ours failed; the call goes on."""
        self._metrics.trouble(where)
        log.error("trouble", where=where, error=type(error).__name__, detail=str(error)[:200])

    # --- books -------------------------------------------------------------------------------------------------------
    def book_call(self, order: orders.BookCall) -> None:
        self._store.calls.patch(
            order.call, ended=order.ended, outcome=order.outcome, bridged=order.bridged, roles_known=order.roles_known,
        )

    def book_closing(self, order: orders.BookClosing) -> None:
        self._store.closings.put(ClosingRow(order.call, order.outcome, order.started, order.stopped))
        level = log.info if order.outcome in ("played", "impossible") else log.warning
        level("closing", call=order.call, outcome=order.outcome)

    def sealed(self, row: RecordingRow) -> None:
        level = log.info if row.state == "complete" else log.warning
        level("recording", call=row.call, state=row.state, seconds=row.seconds, gaps=len(row.lost),
              masked=len(row.gaps) - len(row.lost))
        self._metrics.masked(sum(gap["end"] - gap["first"] for gap in row.gaps if gap not in row.lost) / row.rate)


_ROWS: dict[type, Callable[[Watchers, Any, Any], None]] = {
    facts.Opened: Watchers._opened,
    facts.Joined: Watchers._joined,
    facts.Violated: Watchers._violated,
    facts.Retracted: Watchers._retracted,
}


def _line(fact: Fact) -> None:
    if not isinstance(fact, TOLD + LOUD):
        return
    said: dict[str, Any] = {
        field.name: getattr(fact, field.name) for field in fields(fact)
        if field.name not in QUIET
    }
    if isinstance(fact, facts.Violated | facts.Retracted):
        said |= {"rule": fact.verdict.rule, "severity": fact.verdict.severity.label, "role": fact.hit.role.value}
    if isinstance(fact, facts.Violated):
        said["confirm"] = fact.confirm.label
    call = getattr(fact, "call", None)
    if call is not None:
        said["call"] = call
    (log.warning if isinstance(fact, LOUD) else log.info)(type(fact).__name__, **said)

