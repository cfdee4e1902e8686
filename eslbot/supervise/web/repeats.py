"""What was answered to requests that name themselves (Idempotency-Key), so that one that is sent again is answered the
same and not done again. In memory: after a restart the call's own journal still knows the act by its id, and the
handlers answer that it was done before. Knows answers, not what was asked."""

from collections import OrderedDict
from dataclasses import dataclass

from eslbot.supervise.wire import Refused

KEPT = 2_000
"""Answers."""
Key = tuple[str, str, str, str]
"""Who, method, path, the request's own id."""


class Reused(Refused):
    """That id was another request's."""


class Underway(Refused):
    """The same request is being answered right now."""


@dataclass(slots=True)
class _Said:
    digest: str
    answer: tuple[int, bytes] | None = None


class Repeats:
    """Remembered answers, the oldest forgotten first."""

    def __init__(self) -> None:
        self._said: OrderedDict[Key, _Said] = OrderedDict()

    def begin(self, key: Key, digest: str) -> tuple[int, bytes] | None:
        """The answer (status, body) that such a request got; None: it is new, and begins. Raises Reused, Underway."""
        said = self._said.get(key)
        if said is None:
            self._said[key] = _Said(digest)
            if len(self._said) > KEPT:
                self._said.popitem(last=False)
            return None
        if said.digest != digest:
            raise Reused("this Idempotency-Key was sent with another request")
        if said.answer is None:
            raise Underway("this request is being answered already")
        return said.answer

    def end(self, key: Key, answer: tuple[int, bytes] | None) -> None:
        """What it came to; None: nothing that would be the same again, so it may be tried anew."""
        said = self._said.get(key)
        if said is not None and answer is not None:
            said.answer = answer
        else:
            self._said.pop(key, None)
