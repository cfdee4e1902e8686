"""Requests begin one after another, and between two of them the hub does whatever else is due: a herd of browsers that
comes back at once, or a flood, must not stand as one long piece of work before a call's mute. Acts of people who are
signed in, their other requests, and those of nobody known stand in lines of their own, so that nobody presses a button
behind a crowd; of the two others so many may be within, and the next is told to come again. Knows a request's first
line and its cookie; no page (decision 124)."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import gevent
from gevent.lock import BoundedSemaphore

BREATH = 0.001
"""Seconds between two that begin: long enough for the hub to look at its sockets and clocks."""
AGAIN = 2
"""Seconds after which one who is not let in may come again."""
MOST = 128
"""Requests of a line that are within: in it, or being answered. Acts have no such bound."""
_COOKIE = re.compile(r"(?:^|;\s*)(?:__Host-)?eslbot=([A-Za-z0-9_-]{20,80})")
Application = Callable[..., Iterable[bytes]]


class Line:
    """Of requests that wait to begin."""

    def __init__(self) -> None:
        self._next = BoundedSemaphore(1)
        self.within = 0
        """Those in it, and those that have begun and are not answered."""

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for one's turn; what is done within is done before the next one's turn comes, unless it waits."""
        self.within += 1
        try:
            with self._next:
                gevent.sleep(BREATH)
            yield
        finally:
            self.within -= 1


class Turns:
    """A WSGI application whose requests begin in turn."""

    def __init__(
        self, application: Application, known: Callable[[str], bool], refused: Callable[[str], None], most: int = MOST,
        pages: int = MOST,
    ) -> None:
        """`known`: whether a session's cookie or a token was somebody's a while ago; must not wait. `refused`: told why
        a request was not taken. `most`: of nobody known within; `pages`: of what is no act of those who are."""
        self._application, self._known, self._refused = application, known, refused
        self._acts, self._pages, self._strangers = Line(), Line(), Line()
        self._from: Counter[str] = Counter()
        """Requests of nobody known within, by address: none takes more than half of their places."""
        self._bounds = ((self._strangers, most, "strangers"), (self._pages, pages, "pages"))

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        line = self._line(environ)
        why = next((why for one, most, why in self._bounds if one is line and line.within >= most), "")
        where = environ.get("REMOTE_ADDR", "") if line is self._strangers else ""
        if where and 2 * self._from[where] >= self._bounds[0][1]:
            why = "strangers"
        if why:
            self._refused(why)
            start_response("503 Service Unavailable", [
                ("Retry-After", str(AGAIN)), ("Content-Length", "0"), ("Connection", "close")])
            return []
        with self._counted(where), line.turn():
            return self._application(environ, start_response)

    @contextmanager
    def _counted(self, where: str) -> Iterator[None]:
        self._from[where] += 1
        try:
            yield
        finally:
            self._from[where] -= 1
            if self._from[where] <= 0:
                del self._from[where]

    def _line(self, environ: dict[str, Any]) -> Line:
        bearer = environ.get("HTTP_AUTHORIZATION", "").partition(" ")[2].strip()
        cookie = _COOKIE.search(environ.get("HTTP_COOKIE", ""))
        secret = bearer or (cookie[1] if cookie else "")
        if not secret or not self._known(secret):
            return self._strangers
        return self._acts if environ.get("REQUEST_METHOD") not in ("GET", "HEAD") else self._pages
