"""One who looks on: a place in the feed's ring of messages, and what of them is theirs. Knows the feed and no HTTP.
A reader who fell behind the ring begins again with how things stand now."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import orjson

from eslbot.model.call import CallId
from eslbot.supervise.access import Person, Staff
from eslbot.supervise.live.feed import Delta, Feed
from eslbot.supervise.live.words import Message

_WALL = frozenset({"row", "words", "hit", "unhit", "gone", "alert", "ack"})
"""Kinds of message that whoever looks at many calls is given."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a reader is given at once."""

    number: int
    """Of the last message it holds, or has passed over."""
    messages: list[bytes]
    """JSON objects."""
    fresh: bool = False
    """They are not changes but how things stand."""


class Reader:
    """One who looks on: at all calls, or at one besides. To be closed."""

    def __init__(self, feed: Feed, person: Person, focus: CallId | None = None, after: int | None = None) -> None:
        """`focus`: the call that is given whole; of an agent each call of theirs is. `after`: the number of the last
        message they were given in this life of the service; None: none."""
        self._feed, self.person, self._focus = feed, person, focus
        self._at, self._watching = after, False

    def close(self) -> None:
        """They look on no more."""
        if self._focus is not None and self._watching:
            self._feed.watched[self._focus] -= 1
            self._feed.watched += Counter()  # drops what is nought
            self._watching = False

    def take(self, timeout: float) -> Batch:
        """What is new, waiting at most so many seconds for it; how things stand, where they never were told or fell
        behind. Of words of one utterance, and of one call's row, only the last stand in it."""
        if self._focus is not None and not self._watching:   # not before: who only asks for a head takes nothing
            self._feed.watched[self._focus] += 1
            self._watching = True
        if self._at is not None:
            self._feed.wait(self._at, timeout)
            deltas = self._feed.since(self._at)
            if deltas is not None:
                messages = self._mine(deltas)
                self._at = self._feed.number
                return Batch(self._at, messages)
        self._at = self._feed.number
        return Batch(self._at, [orjson.dumps(message) for message in self._standing()], fresh=True)

    def _standing(self) -> list[Message]:
        agent = self.person.role is Staff.AGENT
        told: list[Message] = [{"k": "rows", "rows": self._feed.rows(self.person)}]
        whole = [call for call in self._feed.calls if agent or call == self._focus]
        told += self._feed.unseen(self.person)
        return [*told, *(one for call in whole if (one := self._feed.whole(call, self.person)) is not None)]

    def _mine(self, deltas: Iterable[Delta]) -> list[bytes]:
        kept: dict[tuple[str, ...], bytes] = {}
        agent = self.person.role is Staff.AGENT
        for delta in deltas:
            message = delta.message
            kind, call = message["k"], message["call"]
            if not self._feed.sees(self.person, delta.owner):
                if delta.was is not None and self._feed.sees(self.person, delta.was):
                    kept["gone", call] = orjson.dumps({"k": "gone", "call": call, "outcome": "", "at": None})
                continue
            if kind == "whole" and not agent and call != self._focus:
                kept.pop(("row", call), None)
                kept["row", call] = orjson.dumps(message["row"])
                continue
            if kind not in _WALL and not agent and call != self._focus:
                continue
            told = delta.told(agent)
            if told:
                key = _same(message)
                kept.pop(key, None)  # the later one stands in the later one's place
                kept[key] = told
        return list(kept.values())


def _same(message: Message) -> tuple[str, ...]:
    """Messages of which the last one is enough."""
    kind, call = message["k"], message["call"]
    if kind == "words":
        return kind, call, message["role"], str(message["n"])
    if kind in ("hit", "unhit"):
        return "hit", call, message["hit"]
    if kind in ("row", "level", "gone", "whole"):
        return (kind, call) if kind != "level" else (kind, call, str(message["at"]))
    return kind, call, str(message.get("item") or message.get("id") or message.get("start"))
