"""What all who have the same view of the calls are given, made once for them: how things stand, and what has changed
since, in pieces. Knows the feed and what is whose; no reader's place and no HTTP.

A piece is made when the first of them takes it, and the others take the same; a hundred supervisors who see one team
cost hardly more than one (decision 124)."""

import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import orjson

from eslbot.model.call import CallId
from eslbot.supervise.access import Permission, Person, Staff
from eslbot.supervise.live.shown import Delta, Owner
from eslbot.supervise.live.words import Message

Kept = dict[tuple[str, ...], bytes]
"""JSON objects by what makes an earlier one superfluous; the second of a key is the call."""
PIECES = 256
"""Of a view that are remembered: at 40 a second some seconds. Who is further behind has theirs made for them alone."""
STANDS = 0.25
"""Seconds for which a picture of how things stand is given to whoever comes: what came since follows it."""
UNUSED = 10.0
"""Seconds after which a view that nobody has taken anything of is forgotten."""
_WALL = frozenset({"row", "words", "hit", "unhit", "gone", "alert", "ack"})
"""Kinds of message that whoever looks at many calls is given."""
View = tuple[str, frozenset[str] | None, bool, bool]


class Feed(Protocol):
    """What a tape asks of the feed."""

    number: int

    def since(self, number: int) -> Iterable[Delta] | None: ...
    def sees(self, person: Person, owner: Owner) -> bool: ...
    def rows(self, person: Person) -> list[Message]: ...
    def unseen(self, person: Person) -> list[Message]: ...


def view_of(person: Person) -> View:
    """People of whom this is the same are given the same: (the agent's name; empty: no agent, their teams, whether they
    may see calls, whether alerts)."""
    agent = person.role is Staff.AGENT
    see = person.may(Permission.SEE)
    return person.name if agent else "", person.teams, see or person.may(Permission.OWN), see


@dataclass(slots=True)
class _Piece:
    first: int
    """It holds what came after this message ..."""
    last: int
    """... and this one too."""
    kept: Kept


class Tape:
    """Of one view."""

    def __init__(self, feed: Feed, person: Person) -> None:
        """`person`: one of those who have it."""
        self._feed, self._person = feed, person
        self._pieces: deque[_Piece] = deque(maxlen=PIECES)
        self._end = feed.number
        self._stands: tuple[float, int, list[bytes]] = (float("-inf"), 0, [])
        self.used = 0.0

    def stands(self) -> tuple[int, list[bytes]]:
        """(the last message that is in it, how things stand)."""
        at, number, told = self._stands
        if time.monotonic() - at >= STANDS:
            self._wind()
            rows: Message = {"k": "rows", "rows": self._feed.rows(self._person)}
            told = [orjson.dumps(message) for message in (rows, *self._feed.unseen(self._person))]
            number = self._feed.number
            self._stands = time.monotonic(), number, told
        return number, told

    def since(self, number: int) -> Kept | None:
        """What came after that message; None where it is too long ago, or never was."""
        self._wind()
        kept: Kept = {}
        later = [piece.kept for piece in self._pieces if piece.first >= number]
        at_one = number == self._end or any(piece.first == number for piece in reversed(self._pieces))
        if not at_one:
            deltas = self._feed.since(number)
            return None if deltas is None else fold(self._feed, self._person, deltas)
        for piece in later:
            merge(kept, piece)
        return kept

    def _wind(self) -> None:
        """On to now."""
        self.used = time.monotonic()
        if self._end == self._feed.number:
            return
        deltas = self._feed.since(self._end)
        if deltas is None:   # nobody took anything for so long
            self._pieces.clear()
        else:
            self._pieces.append(_Piece(self._end, self._feed.number, fold(self._feed, self._person, deltas)))
        self._end = self._feed.number


class Tapes:
    """One feed's, by view."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._tapes: dict[View, Tape] = {}

    def of(self, person: Person) -> Tape:
        """Theirs."""
        view = view_of(person)
        found = self._tapes.get(view)
        if found is None:
            now = time.monotonic()
            self._tapes = {key: tape for key, tape in self._tapes.items() if now - tape.used < UNUSED}
            found = self._tapes[view] = Tape(self._feed, person)
            found.used = now
        return found


def fold(feed: Feed, person: Person, deltas: Iterable[Delta], focus: CallId | None = None) -> Kept:
    """What of these is for the person. `focus`: of this call alone, and whole."""
    kept: Kept = {}
    agent = person.role is Staff.AGENT
    for delta in deltas:
        message = delta.message
        kind, call = message["k"], message["call"]
        if focus is not None and call != focus:
            continue
        if not feed.sees(person, delta.owner):
            if delta.was is not None and feed.sees(person, delta.was):
                kept["gone", call] = orjson.dumps({"k": "gone", "call": call, "outcome": "", "at": None})
            continue
        if kind == "whole" and not agent and focus is None:
            kept.pop(("row", call), None)
            kept["row", call] = orjson.dumps(message["row"])
            continue
        if kind not in _WALL and not agent and focus is None:
            continue
        told = delta.told(agent)
        if told:
            key = _same(message)
            kept.pop(key, None)   # the later one stands in the later one's place
            kept[key] = told
    return kept


def merge(kept: Kept, later: Kept) -> None:
    """Take in what came later."""
    for key, told in later.items():
        kept.pop(key, None)
        kept[key] = told


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
