"""The live feed as server-sent events: one connection a page. Knows the feed's readers, the wire of an event stream,
and who is asking; no call."""

import itertools
import random
import time
from collections.abc import Callable, Iterator

import gevent
import orjson
from flask import Response, request

from eslbot.model.call import CallId
from eslbot.supervise.access import Permission
from eslbot.supervise.live.reader import Batch, Reader
from eslbot.supervise.web import asking
from eslbot.supervise.web.pages import console

BEAT = 2.0
"""Seconds after which something is sent, though there is nothing to tell: so that a dead connection is noticed, here
and by the page, which hears events alone (a comment is none)."""
ALLOWED_EVERY = 1.0
"""Seconds between two looks at whether who reads may still do so."""
GATHER = 0.2
"""Seconds in which messages for many calls gather before they go out together..."""
GATHER_ONE = 0.04
"""...and those for one call."""
SLOTS = 8
"""Of a wall's gathering time: readers are spread over them, so that a crowd does not come all at once."""
COMES_BACK = 1000, 3000
"""Milliseconds after which a page whose connection is lost comes back, each at another: after a restart all come."""
LONGEST_ID = 64
_TURNS = itertools.count()


def stream() -> Response:
    """`/live`: `call=` for one call whole besides; `Last-Event-ID` or `after=` to go on from there."""
    person = asking.current()
    person.needs(Permission.SEE, Permission.OWN)
    if not asking.streaming():
        return Response(status=503, headers={"Retry-After": "5"})
    feed = console().feed
    focus = request.args.get("call", "")[:LONGEST_ID]
    last = request.headers.get("Last-Event-ID") or request.args.get("after", "")
    reader = Reader(feed, person, CallId(focus) if focus else None, after(last, feed.epoch))
    pause = Pause(GATHER_ONE) if focus else Pause(GATHER, next(_TURNS) % SLOTS / SLOTS)
    events = written(reader, feed.epoch, asking.still_here(), feed.clock, pause)
    return Response(events, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})


class Pause:
    """Between two looks of one reader."""

    def __init__(self, seconds: float, slot: float | None = None) -> None:
        """`slot`: in which part of each whole `seconds` they look (0 to 1); None: so long after the last look, and at
        once when something comes."""
        self._seconds, self._slot = seconds, slot
        self.waits = slot is None
        """Whether to wait in the feed for what comes next."""

    def __call__(self) -> None:
        if self._slot is None:
            gevent.sleep(self._seconds)
            return
        into = (time.monotonic() / self._seconds - self._slot) % 1.0
        gevent.sleep((1.0 - into) * self._seconds)


def after(last: str, epoch: str) -> int | None:
    """The number that an event's id stands for in this life of the service; None: none of it."""
    life, _, number = last[:LONGEST_ID].partition("-")
    return int(number) if life == epoch and number.isascii() and number.isdigit() else None


def written(
    reader: Reader, epoch: str, still: Callable[[], bool], clock: Callable[[], float], pause: Pause,
) -> Iterator[bytes]:
    """The stream's bytes, until whoever reads goes away or may read no more."""
    looked = told = clock()
    try:
        yield b"retry: %d\n\n" % random.randint(*COMES_BACK)
        while True:
            batch = reader.take(2 * ALLOWED_EVERY if pause.waits else 0.0)
            now = clock()
            if now - looked >= ALLOWED_EVERY:
                looked = now
                if not still():
                    yield b"event: over\ndata: []\n\n"
                    return
            if batch.messages:
                yield event(batch, epoch, clock())
            elif pause.waits or now - told >= BEAT:
                yield b"event: beat\ndata: []\n\n"
            else:
                pause()
                continue
            told = now
            pause()
    finally:
        reader.close()


def event(batch: Batch, epoch: str, now: float) -> bytes:
    """One event: all messages of a batch as one JSON array, with the service's clock before them."""
    kind = b"event: fresh\n" if batch.fresh else b""
    clock = orjson.dumps({"k": "clock", "now": now})
    return b"%sid: %s-%d\ndata: [%s]\n\n" % (kind, epoch.encode(), batch.number, b",".join([clock, *batch.messages]))
