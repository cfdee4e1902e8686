"""What is up on a switch, told as facts, and the memory that keeps a fact from being told twice. Pure.

The snapshot (`show channels`, then `uuid_dump` of each) and the event stream come by two connections and cross each
other. So the stream is subscribed to first and held back; then the snapshot is told; then the stream. `Told` passes
only what changes something: whatever the snapshot saw already, the stream does not tell again, and whatever happened in
between, in any order, ends in the same state. The list of channels is a table that FreeSWITCH fills a little late, so a
leg that began just before the subscription may be missing from it: a second look, `LATE` seconds on, finds those.
"""

from dataclasses import dataclass, replace
from typing import Any

import orjson

from eslbot.model.call import LegId
from eslbot.model.facts import (
    Fact,
    LegAnswered,
    LegCreated,
    LegDestroyed,
    LegHeld,
    LegsBridged,
    LegsUnbridged,
    LegUnheld,
)
from eslbot.switch.codec import Event, ProtocolError
from eslbot.switch.facts import UUID, created_of, facts_of, text

LATE = 1.0
"""Seconds after the link is up at which the table of channels is surely filled."""
GRAVES = 4096
"""How many legs that are gone are remembered, so that a late look does not raise them."""
_GONE = {"CS_HANGUP", "CS_REPORTING", "CS_DESTROY"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of `show channels as json`."""

    uuid: LegId
    destination: str
    """As it was at the leg's creation (initial_dest)."""
    caller: str
    """Likewise (initial_cid_num)."""


@dataclass(frozen=True, slots=True)
class Found:
    """A leg that is up, by its row and its dump."""

    created: LegCreated
    dump: Event


def rows_of(answer: str) -> list[Row]:
    """The answer to `show channels as json`; legs that cannot be ours (no uuid) are left out. Raises ProtocolError."""
    try:
        table: Any = orjson.loads(answer)
        rows: list[dict[str, Any]] = table.get("rows", []) if table["row_count"] else []
        return [
            Row(LegId(row["uuid"]), str(row.get("initial_dest", "")), str(row.get("initial_cid_num", "")))
            for row in rows
            if UUID.fullmatch(row["uuid"])
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ProtocolError(f"`show channels as json` answers something else: {type(error).__name__}") from error


def found(row: Row, dump: Event, switch: str, at: float) -> Found | None:
    """The leg as it is up now; None where it is on its way out."""
    if text(dump, "Channel-State") in _GONE or text(dump, "Unique-ID") != row.uuid:
        return None
    created = created_of(dump, switch, at, row.destination, row.caller)
    return None if created is None else Found(created, dump)


def facts_of_legs(legs: list[Found]) -> list[Fact]:
    """What must have happened for these legs to be as they are: created, answered, held; then bridged."""
    told: list[Fact] = []
    up = {leg.created.uuid: leg for leg in legs}
    for leg in legs:
        told.append(leg.created)
        if text(leg.dump, "Answer-State") == "answered":
            told += _as("CHANNEL_ANSWER", leg)
        if text(leg.dump, "Channel-Call-State") == "HELD":
            told += _as("CHANNEL_HOLD", leg)
    for leg in legs:
        other = up.get(LegId(text(leg.dump, "variable_bridge_to")))
        if other is not None and text(other.dump, "variable_bridge_to") == leg.created.uuid and _is_a(leg, other):
            told += _as("CHANNEL_BRIDGE", leg, {"Bridge-B-Unique-ID": other.created.uuid})
    return told


def _as(name: str, leg: Found, more: Event | None = None) -> list[Fact]:
    return facts_of({**leg.dump, **(more or {}), "Event-Name": name}, leg.created.switch, leg.created.at)


def _is_a(leg: Found, other: Found) -> bool:
    """Whether `leg` is the A leg of the two: the one whose other party was called, else the older one."""
    kinds = text(leg.dump, "Other-Type"), text(other.dump, "Other-Type")
    if kinds[0] != kinds[1] and "originatee" in kinds:
        return kinds[0] == "originatee"
    ages = [(text(one.dump, "Caller-Channel-Created-Time"), one.created.uuid) for one in (leg, other)]
    return ages[0] < ages[1]


class Told:
    """What has been told of a switch since its link was last up. A fact that would change nothing is not passed."""

    def __init__(self) -> None:
        self._created: dict[LegId, LegCreated] = {}
        self._answered: set[LegId] = set()
        self._held: set[LegId] = set()
        self._joined: dict[LegId, LegId] = {}
        self._gone: dict[LegId, None] = {}

    def knows(self, leg: LegId) -> bool:
        """Whether the leg was told of, or has come and gone."""
        return leg in self._created or leg in self._gone

    def news(self, facts: list[Fact]) -> list[Fact]:
        """Those of `facts` that are to be told, in order; they count as told."""
        return [fact for fact in facts if self._is_news(fact)]

    def marked(self, now: LegCreated) -> list[Fact]:
        """The leg's eslbot_* variables as a later event shows them: where the dialplan has given it a role only after
        its creation, it is told once more, with its first numbers and the role."""
        first = self._created.get(now.uuid)
        if first is None or first.role or not now.role:
            return []
        again = replace(first, at=now.at, role=now.role, variables=now.variables)
        self._created[now.uuid] = again
        return [again]

    def _is_news(self, fact: Fact) -> bool:
        match fact:
            case LegCreated(uuid=leg):
                news = not self.knows(leg)
                if news:
                    self._created[leg] = fact
                return news
            case LegAnswered(uuid=leg):
                news = leg not in self._answered and leg not in self._gone
                self._answered.add(leg)
                return news
            case LegHeld(uuid=leg):
                news = leg not in self._held
                self._held.add(leg)
                return news
            case LegUnheld(uuid=leg):
                self._held.discard(leg)
            case LegsBridged(a=a, b=b):
                return self._bridge(a, b)
            case LegsUnbridged(a=a, b=b):
                return self._unbridge(a, b)
            case LegDestroyed(uuid=leg):
                self._bury(leg)
        return True

    def _bridge(self, a: LegId, b: LegId) -> bool:
        if self._joined.get(a) == b:
            return False
        for leg in (a, b):
            self._joined.pop(self._joined.pop(leg, leg), None)
        self._joined[a], self._joined[b] = b, a
        return True

    def _unbridge(self, a: LegId, b: LegId) -> bool:
        if self._joined.get(a) != b:
            return False  # of a bridge that the snapshot found replaced already
        del self._joined[a], self._joined[b]
        return True

    def _bury(self, leg: LegId) -> None:
        self._created.pop(leg, None)
        self._answered.discard(leg)
        self._held.discard(leg)
        self._joined.pop(self._joined.pop(leg, leg), None)
        self._gone[leg] = None
        if len(self._gone) > GRAVES:
            del self._gone[next(iter(self._gone))]
