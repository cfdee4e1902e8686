"""What a crowd costs the calls: how late a mute is at the switch, one that words decide and one that a button asks for,
and how late the service's hub is, with 200 calls that talk, first alone and then beside each kind of crowd. All in one
run, the calls alone first: that is the 1 of the ratios.

    python -m tests.bench.crowd [--calls 200] [--only herd "300 live"]

The crowd, the service and the switch are three processes on one machine and share its cores and its monotonic clock.
Prints; asserts nothing."""

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import contextlib  # noqa: E402
import http.client  # noqa: E402
import itertools  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import random  # noqa: E402
import re  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
import urllib.parse  # noqa: E402
from collections import Counter  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
from gevent import socket  # noqa: E402
from gevent.pool import Group  # noqa: E402

from eslbot.supervise import secrets  # noqa: E402
from eslbot.supervise.admin import AdminClient, NotReachable  # noqa: E402
from eslbot.supervise.wire import Refused  # noqa: E402
from tests.bench.crowd_host import PASSWORD  # noqa: E402

ALERTS = 3000
CSRF = re.compile(r'name="csrf" value="([0-9a-f]{64})"')


class Host:
    """The other process, spoken to in JSON lines."""

    def __init__(self, directory: str, *arguments: str) -> None:
        self.log = Path(directory) / "log"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.crowd_host", directory, *arguments], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log.open("w"))
        self.first = self._read()
        self.port: int = self.first["port"]
        self.cookies: list[str] = self.first["cookies"]

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"the service ended: {self.log.read_text()[-800:]}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def ask(self, line: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._read()

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()


class Place:
    """Where a crowd goes, as the service's process says it first."""

    def __init__(self, first: dict[str, Any]) -> None:
        self.first = first
        self.port: int = first["port"]
        self.cookies: list[str] = first["cookies"]


class Beside:
    """A crowd in a process of its own, which yields to the others, as people elsewhere would. `stop` says how often
    each answer came."""

    def __init__(self, host: Host, kind: str, number: int) -> None:
        command = [sys.executable, "-m", "tests.bench.crowd", "--begin", kind, str(number)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(host.first) + "\n")
        self._process.stdin.flush()

    def stop(self) -> dict[str, int]:
        came, _ = self._process.communicate(timeout=30)
        answered: dict[str, int] = json.loads(came or "{}")
        return answered


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


class Presser:
    """Somebody who has signed in long since, with a page's kept connection."""

    def __init__(self, host: Host) -> None:
        self._host, self._cookie = host, host.cookies[1]
        self._kept = http.client.HTTPConnection("127.0.0.1", host.port, timeout=30)
        self.failed = 0

    def mute(self) -> float | None:
        """Seconds from the button to the switch; None: it was refused."""
        free = self._host.ask("free")
        headers = {"Cookie": f"eslbot={self._cookie}", "Content-Type": "application/json",
                   "X-CSRF-Token": secrets.form_token(self._cookie)}
        began = time.monotonic()
        try:
            self._kept.request("POST", f"/calls/{free['call']}/mute", '{"seconds": 2}', headers)
            answer = self._kept.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self._kept.close()
            self.failed += 1
            return None
        if answer.status != 200:
            self.failed += 1
            return None
        at: float | None = self._host.ask(f"arrived {free['seen']}")["at"]
        return None if at is None else at - began


def spread(values: list[float]) -> str:
    found = sorted(1000 * value for value in values)
    return f"{found[len(found) // 2]:5.0f} {found[int(len(found) * 0.95)]:5.0f} {found[-1]:5.0f}" if found else "none"


def measure(name: str, host: Host, marks: int, settle: float, crowd: Beside | None = None, cut: int = 0) -> None:
    """One row: mutes by words and by button, the hub's lag, what was taken of the core and of memory. `cut`: all live
    pages are cut off, and connect anew, before each so many mutes."""
    gevent.sleep(settle)
    presser, first = Presser(host), host.ask("stats")
    told: list[float] = []
    pressed: list[float] = []
    lost = 0
    for number in range(marks):
        if cut and number % cut == 0:
            host.ask("web")
            gevent.sleep(1.5)   # as long as a page waits
        for took, kept in ((host.ask("mute")["took"], told), (presser.mute(), pressed)):
            if took is None:   # the switch did not answer us: its part, and said
                lost += 1
                host.ask("settle")
            else:
                kept.append(took)
        gevent.sleep(0.05)
    last = host.ask("stats")
    answers = {} if crowd is None else crowd.stop()
    cores = (last["cpu"] - first["cpu"]) / (last["at"] - first["at"])
    lag = " ".join(f"{1000 * one:4.0f}" for one in last["lag"])
    came = [f"{what} {count}" for what, count in sorted(answers.items())]
    refused = [f"{lost} mutes did not come, {presser.failed} of them refused"] if lost else []
    print(f"  {name:<40} words {spread(told)}  button {spread(pressed)}  lag {lag}  {cores:4.2f} cores"
          f" {last['memory'] / 2**20:4.0f} MiB  live {last['streams']:4}  {'; '.join(came + refused)}", flush=True)


# --- crowds: each begins, and is measured while it goes on -----------------------------------------------------------
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


def wanted(words: list[str]) -> list[tuple[str, int, str]]:
    """(kind, number, name) of the rows that have one of the words in their kind or their name."""
    rows = [(kind, number, name) for kind, all_ in KINDS.items() for number, (name, _) in enumerate(all_)]
    return [row for row in rows if any(word == row[0] or word in row[2] for word in words)]


def begin(kind: str, number: int) -> None:
    """The crowd's own process: until its standard input ends."""
    os.nice(10)
    crowd = Crowd(Place(json.loads(sys.stdin.readline())))
    KINDS[kind][number][1](crowd)
    gevent.get_hub().threadpool.apply(sys.stdin.read)
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(crowd.came), flush=True)
    os._exit(0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--marks", type=int, default=40)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--settle", type=float, default=4.0)
    parser.add_argument("--only", nargs="*", default=[*KINDS])
    parser.add_argument("--web", default="", help="more lines of [web]")
    parser.add_argument("--begin", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.begin:
        begin(options.begin[0], int(options.begin[1]))
        return
    with tempfile.TemporaryDirectory() as directory:
        host = Host(directory, "--calls", str(options.calls), "--people", str(options.people), "--web", options.web)
        try:
            print(f"{options.calls} calls talk; p50, p95, most in ms; the hub's lag p50, p95, p99, most")
            measure("nobody looks", host, options.marks, options.settle)
            for kind, number, name in wanted(options.only):
                if kind == "alerts":
                    host.ask(f"alerts {ALERTS}")
                crowd = Beside(host, kind, number)
                measure(name, host, options.marks, options.settle, crowd, 8 if kind == "herd" else 0)
                gevent.sleep(2)
            measure("nobody looks, again", host, options.marks, options.settle)
        finally:
            host.stop()
            log = host.log.read_text()
            print("  troubles:", log.count(" trouble "), log[log.index("Traceback"):][:2000] if "Traceback" in log
                  else "")


if __name__ == "__main__":
    main()
