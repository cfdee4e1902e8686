"""A whole service (`eslbot run`) in one process, the embedded switch in another, accounts in its store. This process
only waits: nothing in it needs gevent, which a browser's driver would hold up."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eslbot.record.keys import new_identity, recipient, write_identity_file
from eslbot.store.account_rows import UserRow
from eslbot.store.accounts import AccountStore
from eslbot.store.chain import Entry
from eslbot.supervise.access import Staff
from eslbot.supervise.passwords import Passwords
from tests.browser.exchange import PASSWORD as SWITCH_PASSWORD

PASSWORD = "correct horse battery"
QUICK = Passwords(time_cost=1, memory_kib=8)
PEOPLE = (
    ("sup", Staff.SUPERVISOR, (), ""), ("south", Staff.SUPERVISOR, ("south",), ""), ("qa", Staff.QUALITY, (), ""),
    ("aud", Staff.AUDITOR, (), ""), ("seat1", Staff.AGENT, ("north",), "1001"),
)
CONFIGURATION = """\
[[switch]]
name = "pbx"
port = {port}
password_env = "SWITCH_PASSWORD"
[roles]
agent = "10\\\\d\\\\d"
customer = "9\\\\d+"
[audio]
spool = "{memory}/spool"
[recogniser]
workers = 1
[record]
recipients = ["{recipient}"]
live = "{memory}/live"
[keys]
identity = "{directory}/key"
[watch]
listen = "127.0.0.1:{watch}"
[web]
listen = "127.0.0.1:{web}"
[judge]
packs = ["cn-marketing"]
{more}"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


class Process:
    """A child that is spoken to in JSON lines."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.first: dict[str, Any] = self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert "error" not in answer, answer
        return answer

    def ask(self, line: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()
        return self._read()

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()


class Stage:
    """Set up by `start`; `stop` ends all of it."""

    def __init__(self, directory: Path, more: str = "") -> None:
        self.directory = directory
        self.exchange = Process("tests.browser.exchange")
        identity = new_identity()
        write_identity_file(directory / "key", identity, datetime.now(UTC))
        self.watch, self.web = free_port(), free_port()
        self._file = directory / "eslbot.toml"
        self._file.write_text(CONFIGURATION.format(
            port=self.exchange.first["port"], memory=directory / "memory", directory=directory,
            recipient=recipient(identity), watch=self.watch, web=self.web, more=more))
        self._service: subprocess.Popen[bytes] | None = None
        self._log = (directory / "log").open("ab")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.web}"

    def start(self) -> None:
        """One life of the service. Returns when it is ready for calls."""
        self._service = subprocess.Popen(
            [sys.executable, "-m", "eslbot", "run", "-c", str(self._file)], stdout=self._log, stderr=self._log,
            env={**os.environ, "SWITCH_PASSWORD": SWITCH_PASSWORD})
        self.until(self._ready, "the service did not get ready", 90.0)

    def _ready(self) -> bool:
        with contextlib.suppress(OSError):
            return bool(urllib.request.urlopen(f"http://127.0.0.1:{self.watch}/readyz", timeout=2).status == 200)
        return False

    def people(self) -> None:
        """Whom a test signs in as: PEOPLE, each with PASSWORD."""
        store = AccountStore.made(f"sqlite:///{self.directory}/eslbot.db")
        for name, role, teams, phone in PEOPLE:
            row = UserRow(name, role.value, teams, phone, QUICK.hash(PASSWORD))
            store.add(row, Entry("user-added", "test", subject=name))
        store.close()

    def sign_out(self, name: str) -> None:
        """As an admin does, beside the service."""
        store = AccountStore(f"sqlite:///{self.directory}/eslbot.db")
        store.end_all(name, Entry("sign-out", "test", subject=name))
        store.close()

    def send(self, number: int) -> None:
        """To the service."""
        assert self._service is not None
        self._service.send_signal(number)

    def end(self, number: int = signal.SIGTERM) -> None:
        """The service's life."""
        if self._service is not None:
            self._service.send_signal(number)
            self._service.wait(30)
            self._service = None

    def stop(self) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.end()
        self.exchange.stop()
        self._log.close()

    def tell(self, what: str, given: Any) -> dict[str, Any]:
        """The switch; see exchange.py."""
        return self.exchange.ask(json.dumps({what: given}))

    def until(self, condition: Callable[[], object], what: str, timeout: float = 30.0) -> None:
        ends = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > ends:
                raise AssertionError(f"{what}; log: {(self.directory / 'log').read_text()[-2000:]}")
            time.sleep(0.05)
