"""One who looks on: a place in the feed's ring of messages, and what of them is theirs. Knows the feed, the tape of
their view, and no HTTP. A reader who fell behind begins again with how things stand now."""

from collections import Counter
from dataclasses import dataclass

import orjson

from eslbot.model.call import CallId
from eslbot.supervise.access import Person, Staff
from eslbot.supervise.live.feed import Feed
from eslbot.supervise.live.tape import fold, merge

BEHIND = 2048
"""Messages: whoever is further behind (a page that slept, a browser that comes back) is given how things stand, which
is made once for all, and is shorter."""


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
            if timeout:
                self._feed.wait(self._at, timeout)
            messages = self._since(self._at)
            if messages is not None:
                self._at = self._feed.number
                return Batch(self._at, messages)
        self._at, messages = self._standing()
        return Batch(self._at, messages, fresh=True)

    def _standing(self) -> tuple[int, list[bytes]]:
        tape = self._feed.tapes.of(self.person)
        number, told = tape.stands()
        since = (tape.since(number) or {}).values()
        agent = self.person.role is Staff.AGENT
        wanted = [call for call in self._feed.calls if agent or call == self._focus]
        whole = [one for call in wanted if (one := self._feed.whole(call, self.person)) is not None]
        return self._feed.number, [*told, *since, *map(orjson.dumps, whole)]

    def _since(self, number: int) -> list[bytes] | None:
        if self._feed.number - number > BEHIND:
            return None
        kept = self._feed.tapes.of(self.person).since(number)
        if kept is not None and self._focus is not None and self.person.role is not Staff.AGENT:
            own = fold(self._feed, self.person, self._feed.since(number) or (), self._focus)
            kept = {key: told for key, told in kept.items() if key[1] != self._focus}
            merge(kept, own)
        return None if kept is None else list(kept.values())
