"""One call as whoever looks on sees it: folded from facts, performed orders and redacted words into a row, and into the
messages that change it. Knows how a call looks and not who may look at it; no queue, no web, no clock of its own.
Spoken words are kept in memory only, as long as the call is up."""

from collections.abc import Callable, Iterable
from typing import Any

from eslbot.call.state import CallState
from eslbot.model import facts, orders
from eslbot.model.call import Confirm
from eslbot.model.judgement import HEARD, MISSED, Disclosure
from eslbot.model.words import Hypothesis
from eslbot.store.rows import ActRow, ViolationRow
from eslbot.supervise.live.acts import Acts
from eslbot.supervise.live.words import (
    Looks,
    Message,
    closing_of,
    hit_message,
    hit_row,
    masked_from,
    readable,
    state_of,
)

UTTERANCES = 400
"""Of a call that are remembered, both sides together."""
GAPS = 200



class LiveCall:
    """See the file's first lines. Each method gives the messages that its change comes to."""

    def __init__(self, state: CallState, looks: Looks) -> None:
        self.id, self.state, self._looks = state.id, state, looks
        self.opened = looks.clock()
        self.names: dict[str, str] = {}
        self.heard = 0
        """The sample after the last that was heard."""
        """Labels of the two sides, `agent` and `customer`, as far as they are known."""
        self.words: dict[str, Message] = {}
        self.hits: dict[str, Message] = {}
        self.items: dict[str, Message] = {}
        self.acts = Acts(self.id, looks)
        self.gaps: list[Message] = []
        self._cause: facts.CallFact | None = None

    # --- the whole ---------------------------------------------------------------------------------------------------
    def whole(self) -> Message:
        """Everything a page needs that opens the call now."""
        return {
            "k": "whole", "call": self.id, "row": self.row(), "words": list(self.words.values()),
            "hits": list(self.hits.values()), "items": self.checked(), "acts": self.acts.told(),
            "gaps": self.gaps,
        }

    def row(self) -> Message:
        """The call at a glance."""
        state = self.state
        states = [item["state"] for item in self.items.values()]
        return {
            "k": "row", "call": self.id, "switch": state.switch, "phase": state.phase.value,
            "roles_known": state.sides_known, "other_role": state.other_role.value, "opened": self.opened,
            "since": state.bridged, "recording": state.heard and not state.sealed, "shadow": state.shadow,
            "muted_until": state.mutes.until if state.mutes.group else None, "closing": closing_of(state),
            **found(self.hits.values()), "names": self.names, "found": {
                who: found(hit for hit in self.hits.values() if hit["agent"] == who)
                for who in {hit["agent"] for hit in self.hits.values()}
            },
            "said": [states.count(how.value) for how in (
                Disclosure.SAID, Disclosure.PENDING, Disclosure.MISSING, Disclosure.UNKNOWN)],
            "due": min((item["due"] for item in self.items.values() if item["due"] is not None), default=None),
            "masked": state.mask is not None, "masked_until": None if state.mask is None else state.mask.ends,
            "actable": state.actable, "supervisors": [
                {"who": seat.by, "mode": (seat.wanted or seat.mode).value, "in": seat.inside, "waits": seat.waits}
                for seat in state.seats],
            "consulting": state.consulting,
        }

    # --- facts -------------------------------------------------------------------------------------------------------
    def fact(self, fact: facts.CallFact, state: CallState) -> list[Message]:
        """A fact was taken in, after which the call's state is this."""
        before, self.state, self._cause = self.row(), state, fact
        show = _FACTS.get(type(fact))
        told = [] if show is None else show(self, fact)
        row = self.row()
        return [*told, row] if row != before else told

    def _violated(self, fact: facts.Violated) -> list[Message]:
        key, verdict = fact.hit.key, fact.verdict
        known = self.hits.get(key)
        how = dict(state_of(self.state)).get((fact.hit.rule, fact.hit.ordinal))
        if fact.hit.utterance == MISSED and how in (Disclosure.SAID, Disclosure.UNKNOWN):
            return []
        self.hits[key] = {
            **hit_message(self.id, key, verdict, known["at"] if known else fact.at), "confirm": fact.confirm.label,
            "role": fact.hit.role.value, "n": fact.hit.utterance if fact.hit.utterance >= 0 else None,
            "missed": fact.hit.utterance == MISSED, "sound": fact.hit.utterance == HEARD,
            "start": self._seconds(fact.start), "end": self._seconds(fact.end), "outranked": fact.outranked,
            "sure": fact.confirm is not Confirm.PARTIAL, "agent": self._looks.said(fact),
        }
        return [self.hits[key]] if self.hits[key] != known else []

    def _retracted(self, fact: facts.Retracted) -> list[Message]:
        gone = self.hits.pop(fact.hit.key, None)
        return [] if gone is None else [{"k": "unhit", "call": self.id, "hit": fact.hit.key}]

    def checked(self) -> list[Message]:
        """The checklist as it stands; what is pending with the time of day by which it must be said."""
        now = self._looks.clock()
        standing = {item.key: item for item in self._looks.checklist(self.id)}
        for key, item in standing.items():
            known = self.items.get(key)
            due = None if item.remaining is None else round(now + item.remaining, 1)
            if known is not None and known["due"] is not None and due is not None and abs(known["due"] - due) < 1.0:
                due = known["due"]  # the audio's clock breathes a little
            said = None if item.said is None else [self._seconds(one) for one in item.said]
            self.items[key] = self._item(key, item.rule, item.by.value, item.state.value, due, said)
        for (rule, ordinal), how in state_of(self.state):  # known from before a restart
            key = f"{rule}#{ordinal}" if ordinal else rule
            if key not in standing or (standing[key].state is Disclosure.UNKNOWN and how is Disclosure.SAID):
                by = self.items[key]["by"] if key in self.items else ""
                self.items[key] = self._item(key, rule, by, how.value, None, None)
        return list(self.items.values())

    def _item(
        self, key: str, rule: str, by: str, how: str, due: float | None, said: list[float] | None,
    ) -> Message:
        titled = self._looks.title(rule)
        return {
            "k": "item", "call": self.id, "item": key, "rule": rule, "title": titled.title,
            "laws": titled.laws, "by": by, "state": how, "due": due, "said": said,
        }

    def _checklist(self, fact: facts.CallFact) -> list[Message]:
        before = dict(self.items)
        if isinstance(fact, facts.DisclosureChanged) and fact.state is Disclosure.VOID:
            key = f"{fact.rule}#{fact.ordinal}" if fact.ordinal else fact.rule
            gone = self.items.pop(key, None)
            void: list[Message] = [] if gone is None else [{**gone, "state": Disclosure.VOID.value, "due": None}]
            return void
        return [item for item in self.checked() if before.get(item["item"]) != item]

    def _lost(self, fact: facts.AudioLost) -> list[Message]:
        gap = {
            "k": "gap", "call": self.id, "start": round(fact.first / fact.rate, 2),
            "end": round(fact.end / fact.rate, 2), "reason": fact.reason,
            "role": fact.role.value if fact.role else None,
        }
        self.gaps = [*self.gaps, gap][-GAPS:]
        return [gap]

    def _performed(self, fact: facts.Performed) -> list[Message]:
        return self.acts.performed(fact)

    # --- what is done ------------------------------------------------------------------------------------------------
    def order(self, order: orders.Order, state: CallState) -> list[Message]:
        """An order was given and performed; what became of it a fact says (Performed)."""
        return self.acts.order(order, self._cause)

    def acted(self, key: str, kind: str, by: str, **more: Any) -> list[Message]:
        """Somebody did something in the call that is no order of its machine."""
        return [self.acts.add(key, kind, by=by, outcome="done", **more)]

    # --- words -------------------------------------------------------------------------------------------------------
    def hear(self, hypothesis: Hypothesis) -> list[Message]:
        """An utterance is now understood like this; without words it is taken back."""
        key = f"{hypothesis.role.value}/{hypothesis.utterance}"
        text, known = readable(hypothesis.text), self.words.get(key)
        if known is not None and (known["final"], known["text"]) == (hypothesis.final, text):
            return []
        if not text and known is None:
            return []
        message: Message = {
            "k": "words", "call": self.id, "role": hypothesis.role.value, "n": hypothesis.utterance, "text": text,
            "final": hypothesis.final, "start": self._seconds(hypothesis.start),
            "end": self._seconds(hypothesis.decided),
            "words": [[word.text, self._seconds(word.start), self._seconds(word.end)] for word in hypothesis.words],
        }
        if text:
            self.words[key] = message
            if len(self.words) > UTTERANCES:
                del self.words[next(iter(self.words))]
        else:
            self.words.pop(key, None)
        return [message]

    def masked(self, order: orders.Mask) -> list[Message]:
        """A mask reaches back over what is shown."""
        first = self.heard - round(order.back * self.state.rate) if order.first is None else order.first
        told = {key: masked_from(said, self._seconds(max(0, first))) for key, said in self.words.items()}
        changed = [said for key, said in told.items() if said is not self.words[key]]
        self.words = told
        return changed

    def lines(self) -> list[Message]:
        """What each side said last."""
        last: dict[str, Message] = {}
        for said in self.words.values():
            last[said["role"]] = said
        return list(last.values())

    # --- after a restart ---------------------------------------------------------------------------------------------
    def recall(self, violations: list[ViolationRow], acts: list[ActRow]) -> None:
        """What the store knows of it from before we were restarted. Words are not among that: they are sealed."""
        for row in violations:
            if row.retracted is None:
                self.hits.setdefault(row.hit, hit_row(row, self.state.rate))
        self.acts.recall(acts)

    def _seconds(self, sample: int) -> float:
        return round(sample / self.state.rate, 2)


def found(hits: Iterable[Message]) -> Message:
    """What was found, at a glance."""
    every = list(hits)
    weights = [hit["weight"] for hit in every]
    last = max(every, key=lambda hit: (hit["weight"], hit["at"]), default=None)
    return {
        "counts": [weights.count(weight) for weight in (1, 2, 3)], "worst": last["weight"] if last else 0,
        "last": last["title"] if last else "", "last_at": last["at"] if last else None,
    }


NOTHING_FOUND = found(())

_FACTS: dict[type, Callable[[LiveCall, Any], list[Message]]] = {
    facts.Violated: LiveCall._violated,
    facts.Retracted: LiveCall._retracted,
    facts.DisclosureChanged: LiveCall._checklist,
    facts.AudioArrived: LiveCall._checklist,
    facts.Resumed: LiveCall._checklist,
    facts.AudioLost: LiveCall._lost,
    facts.Performed: LiveCall._performed,
}
