"""What was done in one call, as it is shown: orders that were performed and what became of them, and what people did
that is no order. Knows neither who may look at it nor how an act is done."""

from collections.abc import Iterable
from typing import Any

from eslbot.model import facts, orders
from eslbot.model.call import CallId
from eslbot.model.supervising import Dismiss, Follow, Ring, SetMode, TakeOver
from eslbot.store.rows import ActRow
from eslbot.supervise.live.words import Looks, Message

ACTS = 200
"""Of a call that are remembered."""
ACT_OF: dict[type, str] = {
    orders.Remind: "remind", orders.Announce: "announce", orders.Mute: "mute", orders.Unmute: "unmute",
    orders.HangUp: "hang_up", orders.Mask: "mask", orders.Unmask: "unmask", Ring: "listen", SetMode: "listen",
    Follow: "listen", TakeOver: "takeover", Dismiss: "leave",
}
"""Orders that stand in a call's history."""
OPEN_TO_AGENTS = frozenset({"remind", "announce", "mute", "unmute", "hang_up", "mask", "unmask", "correct"})
"""What an agent is shown of the history of its own call: that somebody listens is told by whoever is to tell it."""


class Acts:
    """One call's, the oldest first."""

    def __init__(self, call: CallId, looks: Looks) -> None:
        self._call, self._looks = call, looks
        self._acts: dict[str, Message] = {}

    def told(self) -> list[Message]:
        """All that are remembered."""
        return list(self._acts.values())

    def order(self, order: orders.Order, cause: facts.CallFact | None) -> list[Message]:
        """An order was given because of that fact, and performed; nothing where it is no act."""
        if isinstance(order, orders.BookAct):
            return [self.add(order.id, order.act, outcome=order.outcome, rule=order.rule)]
        kind = ACT_OF.get(type(order))
        if kind is None:
            return []
        prompt = getattr(order, "prompt", "")
        if isinstance(order, Ring | SetMode):
            kind = order.mode.value
        elif isinstance(cause, facts.Commanded) and cause.verb == "correct":
            kind = cause.verb
        told = {
            "by": order.by if isinstance(order, Ring | Follow) else getattr(cause, "by", ""),
            "rule": cause.verdict.rule if isinstance(cause, facts.Violated) else "",
            "text": self._looks.texts.get(prompt, prompt or ""), "seconds": getattr(order, "seconds", None),
        }
        return [self.add(order.id, kind, **told)]

    def performed(self, fact: facts.Performed) -> list[Message]:
        """What became of one."""
        act = self._acts.get(fact.order)
        if act is None:
            return []
        self._acts[fact.order] = act = {**act, "outcome": fact.outcome, "detail": act["detail"] or fact.detail}
        return [act]

    def add(self, key: str, kind: str, **more: Any) -> Message:
        """One more, or another word of the one with that key. `more`: what the message says besides."""
        act: Message = {
            "k": "act", "call": self._call, "id": key, "kind": kind, "at": self._looks.clock(), "outcome": "",
            "by": "", "rule": "", "title": "", "detail": "", "text": "", "seconds": None, **more,
        }
        if act["rule"]:
            act["title"] = self._looks.title(act["rule"]).title
        self._acts[key] = act
        while len(self._acts) > ACTS:
            del self._acts[next(iter(self._acts))]
        return act

    def recall(self, rows: Iterable[ActRow]) -> None:
        """Those of before a restart, as the store has them."""
        kinds = {*ACT_OF.values(), *OPEN_TO_AGENTS}
        for row in rows:
            if row.kind in kinds and row.id not in self._acts:
                self.add(row.id, row.kind, at=row.at, outcome=row.outcome, by=row.by, rule=row.rule,
                         **({"text": row.detail} if row.kind == "remind" else {"detail": row.detail}))
        self._acts = dict(sorted(self._acts.items(), key=lambda each: float(each[1]["at"])))
