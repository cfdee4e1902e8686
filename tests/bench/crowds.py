"""Crowds, each in a process of its own: `python -m tests.bench.crowds KIND NUMBER`, which reads where it goes (what
tests.bench.crowd_host says first) and, when its standard input ends, prints how often each answer came. Knows the web's
and the admin socket's wire; measures nothing."""

from gevent import monkey

if __name__ == "__main__":
    monkey.patch_all()

import contextlib
import itertools
import json
import os
import random
import re
import sys
import urllib.parse
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent
from gevent import socket
from gevent.pool import Group

from eslbot.supervise.admin import AdminClient, NotReachable
from eslbot.supervise.wire import Refused

PASSWORD = "correct horse battery"
ALERTS = 3000
CSRF = re.compile(r'name="csrf" value="([0-9a-f]{64})"')


class Place:
    """Where a crowd goes, as the service's process says it first."""

    def __init__(self, first: dict[str, Any]) -> None:
        self.first = first
        self.port: int = first["port"]
        self.cookies: list[str] = first["cookies"]


class Crowd:
    """Who does what at once; `came` counts what they were answered."""

    def __init__(self, host: Place) -> None:
        self.host, self.group = host, Group()
        self.came: Counter[str] = Counter()
        self.bytes = 0

    def head(self, method: str, path: str, cookie: str = "", more: str = "") -> bytes:
        known = f"Cookie: eslbot={cookie}\r\n" if cookie else ""
        return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{known}{more}\r\n".encode()

    def connect(self, address: str = "127.0.0.1") -> Any:
        sock = socket.socket()
        sock.bind((address, 0))
        sock.connect(("127.0.0.1", self.host.port))
        return sock

    # --- the live pages ----------------------------------------------------------------------------------------------
    def page(self, cookie: str, last: str = "", reads: bool = True) -> None:
        """One live page, for good; `reads`: takes what comes. Told to wait, it waits as told."""
        while True:
            try:
                sock = self.connect()
                if not reads:
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                more = f"Last-Event-ID: {last}\r\n" if last else ""
                sock.sendall(self.head("GET", "/live", cookie, more))
                began = sock.recv(65536)
                status = began[9:12].decode() or "cut off"
                self.came[status] += 1
                if status == "200":
                    while reads and (piece := sock.recv(1 << 20)):
                        self.bytes += len(piece)
                    if not reads:
                        gevent.sleep(600)
                found = re.search(rb"Retry-After: (\d+)", began)
                gevent.sleep(float(found[1]) if found else random.uniform(1, 3))
            except OSError:
                self.came["reset"] += 1
                gevent.sleep(1.5)
            finally:
                sock.close()

    def pages(self, count: int, last: str = "", reads: bool = True) -> None:
        for n in range(count):
            self.group.spawn(self.page, self.host.cookies[n % len(self.host.cookies)], last, reads)

    # --- floods ------------------------------------------------------------------------------------------------------
    def again(self, workers: int, one: Callable[[int], object]) -> None:
        """`one` again and again by so many, until the crowd is stopped."""
        counter = itertools.count()

        def work() -> None:
            while True:
                try:
                    self.came[str(one(next(counter)))] += 1
                except OSError:
                    self.came["reset"] += 1
                gevent.sleep(0)

        for _ in range(workers):
            self.group.spawn(work)

    def answer(self, raw: bytes, address: str = "127.0.0.1") -> bytes:
        with gevent.Timeout(60, TimeoutError()), contextlib.closing(self.connect(address)) as sock:
            sock.sendall(raw)
            pieces = []
            while piece := sock.recv(65536):
                pieces.append(piece)
            return b"".join(pieces)

    def sign_in(self, name: str, password: str, address: str) -> str:
        closes = "Connection: close\r\n"
        page = self.answer(self.head("GET", "/sign-in", more=closes), address).decode()
        token, cookie = CSRF.search(page), re.search(r"eslbot-form=([^;]+)", page)
        if token is None or cookie is None:
            return page[9:12] or "cut off"
        form = urllib.parse.urlencode({"csrf": token[1], "name": name, "password": password})
        more = f"Cookie: eslbot-form={cookie[1]}\r\nContent-Type: application/x-www-form-urlencoded\r\n" \
               f"Content-Length: {len(form)}\r\n{closes}"
        answer = self.answer(self.head("POST", "/sign-in", more=more) + form.encode(), address)
        return answer[9:12].decode() or "cut off"


def place(n: int) -> str:
    """An address of this machine, another for each number."""
    return f"127.{1 + n // 60000 % 200}.{n // 250 % 240}.{1 + n % 250}"


# --- each begins, and goes on ---------------------------------------------------------------------------------------
def live(crowd: Crowd, count: int, last: str = "") -> None:
    crowd.pages(count, last)


def stalled(crowd: Crowd, count: int) -> None:
    crowd.pages(count, reads=False)


def signs(crowd: Crowd, workers: int, kind: str) -> None:
    name, password = "nobody{}" if kind == "unknown" else "sup{:03}", PASSWORD if kind == "right" else "no such word"
    crowd.again(workers, lambda n: crowd.sign_in(name.format(n % 300), password, place(n)))


def heads(crowd: Crowd, count: int) -> None:
    """Heads that dribble in, on connections that come again."""

    def one() -> None:
        while True:
            with contextlib.suppress(OSError), contextlib.closing(crowd.connect()) as sock:
                sock.sendall(b"GET /sign-in HTTP/1.1\r\nHost: a\r\nX-Slow: ")
                while True:
                    sock.sendall(b"X")
                    gevent.sleep(1.0)
            crowd.came["cut off"] += 1

    for _ in range(count):
        crowd.group.spawn(one)


def bodies(crowd: Crowd, count: int) -> None:
    """Bodies that never come."""

    def one() -> None:
        while True:
            with contextlib.suppress(OSError), contextlib.closing(crowd.connect()) as sock:
                more = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n"
                sock.sendall(crowd.head("POST", "/sign-in", more=more) + b"x")
                sock.recv(65536)
            crowd.came["cut off"] += 1
            gevent.sleep(0.05)

    for _ in range(count):
        crowd.group.spawn(one)


def queries(crowd: Crowd, workers: int) -> None:
    """Queries as long as a line may be, by somebody who has signed in."""
    path = "/recordings?from=" + "9" * 7800
    crowd.again(workers, lambda n: crowd.answer(
        crowd.head("GET", path, crowd.host.cookies[n % 40], "Connection: close\r\n"))[9:12].decode())


def strangers(crowd: Crowd, workers: int) -> None:
    """Pages asked for by nobody, from everywhere."""
    crowd.again(workers, lambda n: crowd.answer(
        crowd.head("GET", "/", more="Connection: close\r\n"), place(n))[9:12].decode())


def watchers(crowd: Crowd, count: int) -> None:
    """Terminals with `eslbot calls --watch`."""
    from eslbot.cli.watching import EVERY

    def one(n: int) -> None:
        gevent.sleep(n * EVERY / count)
        while True:
            try:
                AdminClient(Path(crowd.host.first["socket"])).call("calls")
                crowd.came["answered"] += 1
            except (NotReachable, Refused) as error:
                crowd.came[type(error).__name__] += 1
            gevent.sleep(EVERY)

    for n in range(count):
        crowd.group.spawn(one, n)


def unread(crowd: Crowd, count: int) -> None:
    """Clients of the admin socket that ask and do not read."""

    def one() -> None:
        while True:
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as sock:
                sock.connect(crowd.host.first["socket"])
                sock.sendall(b'{"verb":"calls"}\n' * 50)
                gevent.sleep(600)

    for _ in range(count):
        crowd.group.spawn(one)


KINDS: dict[str, tuple[tuple[str, Callable[[Crowd], None]], ...]] = {
    "live": (("100 live pages", lambda c: live(c, 100)), ("300 live pages", lambda c: live(c, 300)),
             ("1000 ask for a live page", lambda c: live(c, 1000))),
    "herd": (("300 live pages connect anew at once", lambda c: live(c, 300, "0000-1")),),
    "alerts": ((f"{ALERTS} open alerts, 300 live pages", lambda c: live(c, 300)),),
    "stalled": (("300 live pages that nobody reads", lambda c: stalled(c, 300)),),
    "signin": (("sign-ins, right, 50 at once", lambda c: signs(c, 50, "right")),
               ("sign-ins, wrong, 50 at once", lambda c: signs(c, 50, "wrong")),
               ("sign-ins, nobody's, 50 at once", lambda c: signs(c, 50, "unknown"))),
    "slow": (("1000 heads that dribble in", lambda c: heads(c, 1000)),
             ("1000 bodies that do not come", lambda c: bodies(c, 1000))),
    "queries": (("long queries, 20 at once", lambda c: queries(c, 20)),),
    "strangers": (("strangers' pages, 50 at once", lambda c: strangers(c, 50)),),
    "socket": (("50 terminals watch", lambda c: watchers(c, 50)),
               ("40 clients of the socket stall", lambda c: unread(c, 40))),
}


def main() -> None:
    kind, number = sys.argv[1], int(sys.argv[2])
    os.nice(10)
    crowd = Crowd(Place(json.loads(sys.stdin.readline())))
    KINDS[kind][number][1](crowd)
    gevent.get_hub().threadpool.apply(sys.stdin.read)
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(crowd.came), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
