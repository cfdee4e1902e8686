"""A crowd in a process of its own, since it is to starve neither the switch nor the test: `python -m tests.faults.crowd
PORT WHAT COUNT SECONDS [COOKIE ...]`. Prints JSON: how often each answer came, by status, and how many of those that
were not taken said when to come again.

WHAT: `live` (pages that are told what goes on), `herd` (the same, with an id of another life, cut off and connected
anew each second), `stall` (the same, taking nothing), `sign-in` (wrong passwords, each from another address)."""

import contextlib
import json
import re
import sys
from collections import Counter
from typing import Any

from gevent import monkey

if __name__ == "__main__":
    monkey.patch_all()

import gevent
from gevent import socket

from tests.faults.visitor import CSRF, Visitor

came: Counter[str] = Counter()


def count(answer: bytes) -> str:
    """Its status."""
    status = answer[9:12].decode() or "cut off"
    came[status] += 1
    if status in ("429", "503"):
        came["with Retry-After"] += b"\r\nRetry-After: " in answer
    return status


def page(port: int, cookie: str, herd: bool, reads: bool) -> None:
    while True:
        with contextlib.suppress(OSError), socket.socket() as sock:
            if not reads:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.connect(("127.0.0.1", port))
            sock.sendall(f"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: eslbot={cookie}\r\n"
                         f"Last-Event-ID: another-{10**6}\r\n\r\n".encode())
            answer = sock.recv(65536)
            if count(answer) == "200":
                with gevent.Timeout(1.0 if herd else 600.0, False):
                    while not reads or sock.recv(1 << 20):
                        if not reads:
                            gevent.sleep(600)
            elif found := re.search(rb"\r\nRetry-After: (\d+)", answer):
                gevent.sleep(float(found[1]))
        gevent.sleep(0.5)


def guess(port: int, number: int) -> None:
    """Each time from another address."""
    tried = number
    while True:
        tried += 1000
        visitor = Visitor(port, f"127.{2 + tried // 60000 % 100}.{tried // 250 % 240}.{1 + tried % 250}")
        with contextlib.suppress(OSError, gevent.Timeout):
            first = visitor.ask("GET", "/sign-in")
            if (token := CSRF.search(first.body)) is None:
                told(first)
                continue
            form = {"csrf": token[1].decode(), "name": "lead", "password": f"no {tried}"}
            told(visitor.ask("POST", "/sign-in", form))
        gevent.sleep(0)


def told(answer: Any) -> None:
    came[str(answer.status)] += 1
    if answer.status in (429, 503):
        came["with Retry-After"] += bool(answer.header("Retry-After"))


def main() -> None:
    port, what, many, seconds = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    cookies = sys.argv[5:]
    for number in range(many):
        if what == "sign-in":
            gevent.spawn(guess, port, number)
        else:
            gevent.spawn(page, port, cookies[number % len(cookies)], what == "herd", what != "stall")
    print(json.dumps("begun"), flush=True)
    gevent.sleep(seconds)
    print(json.dumps(came), flush=True)


if __name__ == "__main__":
    main()
