"""The real service as a process of its own (`eslbot run`) on a directory of its own, and what can be seen of it from
outside: log lines with their times, the metrics page, the store's rows, its processes. For tests that break things."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol, Self

import gevent
from gevent import socket

from eslbot.config import load
from eslbot.judge import load as packs
from eslbot.record.reader import Recording
from eslbot.service.options import kept_packs
from eslbot.sim import Party, Switch
from eslbot.store.recording_rows import RecordingRow
from eslbot.store.store import Store
from tests.service.rig import Rig
from tests.switch.link.fake import free_port
from tests.watch.clients import get

Line = dict[str, Any]


class Port(Protocol):
    """What a switch is to the configuration."""

    port: int
    password: str


def keep_packs(rig: Rig) -> None:
    """As an earlier life leaves them: reading its packs is half of a start."""
    settings = load(rig.directory / "eslbot.toml", {"PASSWORD": rig.switch.password})
    place = kept_packs(settings)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, entry in _entries(settings.judge.packs):
        (place / name).write_bytes(entry)


@cache
def _entries(sources: tuple[str | Path, ...]) -> list[tuple[str, bytes]]:
    with tempfile.TemporaryDirectory() as place:
        packs(sources, kept=Path(place))
        return [(entry.name, entry.read_bytes()) for entry in Path(place).iterdir()]


def ends(phone: Party, at: float, after: float = 4.0) -> float:
    """That phone hangs up `at` seconds from the bridge, or `after` seconds from now where that is later: however long a
    start takes here, there is something to hear afterwards. Returns when, from the bridge."""
    phone.hangs_up_at = max(at, (phone.answered - (phone.bridged or phone.answered)) / phone.rate + after)
    return phone.hangs_up_at


class House:
    """As a context manager: started when it is entered, killed at the end."""

    def __init__(
        self, directory: Path, switch: Port, *, environ: Mapping[str, str] | None = None,
        command: Sequence[str] = ("-m", "eslbot", "run"), **sections: Mapping[str, Any],
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.watch = free_port()
        tables = {"watch": {"listen": f"127.0.0.1:{self.watch}"}, **sections}
        self.rig = Rig(directory, switch, **tables)  # type: ignore[arg-type]
        keep_packs(self.rig)
        self._environ = {**os.environ, "PASSWORD": switch.password, **(environ or {})}
        self._command = command
        self._recordings = Path(sections.get("record", {}).get("directory", directory / "recordings"))
        self._log = directory / "log"
        self._seen = 0
        self._lines: list[Line] = []
        self.process: subprocess.Popen[bytes] | None = None

    # --- life --------------------------------------------------------------------------------------------------------
    def start(self, ready: bool = True) -> Self:
        """One life; returns when it is ready for calls."""
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self._command, "-c", str(self.directory / "eslbot.toml")],
                env=self._environ, stdout=log, stderr=log,
            )
        if ready:
            self.until(lambda: self.ready, "it did not get ready", 90.0)
        return self

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            self.signal(signal.SIGCONT)
            self.kill()

    def signal(self, number: int) -> None:
        """To the service alone, not to its recognisers."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL, and wait."""
        self.signal(signal.SIGKILL)
        self._wait()

    def stop(self) -> int:
        """SIGTERM, and wait. Returns the exit code."""
        self.signal(signal.SIGTERM)
        return self._wait()

    def _wait(self) -> int:
        assert self.process is not None
        with gevent.Timeout(60.0, AssertionError("the service does not end")):
            while self.process.poll() is None:
                gevent.sleep(0.01)
        return self.process.returncode

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    # --- looking in --------------------------------------------------------------------------------------------------
    def until(self, condition: Callable[[], object], what: str, timeout: float = 30.0) -> None:
        """Waits; what came of it is in the assertion's text."""
        with gevent.Timeout(timeout, AssertionError(f"{what} within {timeout} s")):
            while not condition():
                if self.process is not None and self.process.poll() is not None:
                    raise AssertionError(f"{what}: the service ended with {self.process.returncode}: {self.tail()}")
                gevent.sleep(0.02)

    @property
    def ready(self) -> bool:
        """/readyz says so."""
        try:
            return "200" in get(self.watch, "/readyz")[0]
        except OSError:
            return False

    def lines(self, event: str | None = None, **fields: Any) -> list[Line]:
        """The log's lines of an event with these fields, of all lives."""
        with self._log.open("rb") as log:
            log.seek(self._seen)
            data = log.read()
        whole = data.rfind(b"\n") + 1
        self._seen += whole
        for text in data[:whole].splitlines():
            try:
                self._lines.append(json.loads(text))
            except ValueError:
                self._lines.append({"event": "not JSON", "text": text.decode("utf-8", "replace")})
        return [
            line for line in self._lines
            if event in (None, line.get("event")) and all(line.get(name) == value for name, value in fields.items())
        ]

    def line(self, event: str, timeout: float = 30.0, **fields: Any) -> Line:
        """The first such line, waiting for it."""
        self.until(lambda: self.lines(event, **fields), f"no line {event} {fields}", timeout)
        return self.lines(event, **fields)[0]

    def tail(self) -> list[str]:
        self.lines()
        return [str(line)[:300] for line in self._lines[-6:]]

    def metric(self, name: str, **labels: str) -> float:
        """A sample of the metrics page; 0 where it is not there."""
        _, page = get(self.watch, "/metrics")
        total = 0.0
        for line in page.decode().splitlines():
            if line.startswith((f"{name} ", f"{name}{{")) and all(f'{k}="{v}"' in line for k, v in labels.items()):
                total += float(line.rpartition(" ")[2])
        return total

    def rows(self, book: str) -> list[Any]:
        """All rows of a book of the store, as another process sees them."""
        found: list[Any] = getattr(Store.open_readonly(f"sqlite:///{self.directory}/eslbot.db"), book).find()
        return found

    def recording(self, row: RecordingRow) -> Recording:
        return Recording(row, self._recordings, [self.rig.identity])

    def settled(self, timeout: float = 60.0) -> None:
        """Waits until no call is up any more and everything is written."""
        self.until(lambda: not self.metric("eslbot_calls_active"), "calls did not settle", timeout)
        self.until(lambda: not self.metric("eslbot_queue_length", queue="store"), "the store was not drained", timeout)

    def workers(self) -> list[int]:
        """Process ids of its recognisers."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in children if b"eslbot.listen.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    @property
    def memory(self) -> int:
        """Bytes of its resident memory."""
        assert self.process is not None
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def at(line: Line) -> float:
    """When a line was written, in seconds since the epoch."""
    return datetime.fromisoformat(str(line["timestamp"]).replace("Z", "+00:00")).timestamp()


def timed(switch: Switch) -> list[tuple[float, str]]:
    """The api commands that reach the embedded switch from now on, each with the wall clock's time."""
    received: list[tuple[float, str]] = []
    answer = switch.core.api

    def api(text: str) -> str:
        received.append((time.time(), text))
        return answer(text)

    switch.core.api = api  # type: ignore[method-assign]
    return received


class Cable:
    """A TCP way to a port that can be cut, or go dead: then bytes are taken and go nowhere."""

    def __init__(self, to: Port) -> None:
        from gevent.server import StreamServer

        self._to, self.password = to, to.password
        self.dead = False
        self.cut_at = 0.0
        self._open: set[Any] = set()
        self._server = StreamServer(("127.0.0.1", 0), self._serve)
        self._server.start()
        self.port = int(self._server.server_port)

    def cut(self) -> None:
        """Both ends of every connection."""
        for sock in list(self._open):
            with_errors_passed_over(sock.shutdown, socket.SHUT_RDWR)

    def close(self) -> None:
        self._server.stop(timeout=0)
        self.cut()

    def _serve(self, near: Any, _: object) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self._to.port))
        except OSError:
            near.close()
            return
        self._open |= {near, far}
        both = [gevent.spawn(self._carry, near, far), gevent.spawn(self._carry, far, near)]
        gevent.joinall(both, count=1)
        for sock in (near, far):
            with_errors_passed_over(sock.shutdown, socket.SHUT_RDWR)
        gevent.joinall(both)
        for sock in (near, far):
            sock.close()
            self._open.discard(sock)

    def _carry(self, source: Any, target: Any) -> None:
        try:
            while data := source.recv(65536):
                if not self.dead:
                    target.sendall(data)
        except OSError:
            pass


def with_errors_passed_over(do: Callable[..., object], *arguments: object) -> None:
    """For sockets that may be gone already."""
    with contextlib.suppress(OSError):
        do(*arguments)
