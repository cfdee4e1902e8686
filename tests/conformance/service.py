"""A whole eslbot in a process of its own beside a real switch, and a wire between the two that can be cut. Knows the
command line, the log's lines and the store; knows no call."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from eslbot.record.keys import new_identity, recipient

CONFIG = """
[[switch]]
name = "pbx"
port = {port}
password_env = "PASSWORD"
{user}
[roles]
agent = '10\\d\\d'
customer = '9\\d+'
[audio]
spool = "{directory}/spool"
[audio.fork]
listen = "127.0.0.1:0"
[record]
recipients = ["{recipient}"]
live = "{directory}/live"
[watch]
listen = "127.0.0.1:0"
[web]
enabled = {web}
listen = "127.0.0.1:{web_port}"
[judge]
packs = ["{pack}"]
[mask]
key = "*5"
back = "1s"
[log]
format = "json"
{more}
"""


class Wire:
    """Forwards a TCP port to another, until it is cut; `mend` opens it again on the same port."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._ends: list[socket.socket] = []
        self._listener: socket.socket | None = None
        self.port = 0
        self.mend()

    def mend(self) -> float:
        """Returns when it was open again (time.time)."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()
        return time.time()

    def cut(self) -> None:
        """Both ends see the connection end, and nobody answers at the port."""
        if self._listener is not None:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        for end in self._ends:
            with contextlib.suppress(OSError):  # it may have ended by itself
                end.shutdown(socket.SHUT_RDWR)
        self._ends.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near = listener.accept()[0]
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                near.close()
                continue
            self._ends += [near, far]
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, target), daemon=True).start()

    @staticmethod
    def _pump(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # cut
        finally:
            source.close()


class Service:
    """`eslbot run`, and the lines it logs."""

    def __init__(self, directory: Path, port: int, password: str, user: str = "", more: str = "", web_port: int = 0,
                 pack: str = "cn-marketing") -> None:
        """`user`: signs in as that user of the directory, not with the global password; `more`: sections of TOML;
        `web_port`: where the HTTP API is, 0: nowhere; `pack`: a shipped one, or a file."""
        directory.mkdir(parents=True)
        self.directory = directory
        self.identity = new_identity()
        """Opens what it records."""
        config = CONFIG.format(
            port=port, directory=directory, recipient=recipient(self.identity), more=more, pack=pack,
            user=f'user = "{user}"' if user else "", web="true" if web_port else "false", web_port=web_port,
        )
        (directory / "eslbot.toml").write_text(config)
        self._log = (directory / "log").open("ab")
        self._password = password
        self.process = self._started()

    def _started(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "eslbot", "run", "--config", str(self.directory / "eslbot.toml")],
            env={**os.environ, "PASSWORD": self._password},
            stdout=self._log,
            stderr=self._log,
        )

    def restart(self) -> None:
        """Dies by SIGKILL, and is there again, its links up."""
        self.process.kill()
        self.process.wait()
        before = len(self.lines("SwitchUp"))
        self.process = self._started()
        self.until(lambda: len(self.lines("SwitchUp")) > before, "eslbot did not come up again", 120)

    def lines(self, event: str = "", **fields: Any) -> list[dict[str, Any]]:
        """Log lines of that event whose fields are these."""
        found = []
        for text in (self.directory / "log").read_text("utf-8", "replace").splitlines():
            if not text.startswith("{"):
                continue
            line = json.loads(text)
            if event in ("", line.get("event")) and all(line.get(name) == value for name, value in fields.items()):
                found.append(line)
        return found

    def until(self, condition: Callable[[], object], what: str, timeout: float = 60.0) -> Any:
        """Waits until the condition is true; what it gave."""
        until = time.monotonic() + timeout
        while not (given := condition()):
            if self.process.poll() is not None or time.monotonic() > until:
                tail = (self.directory / "log").read_text("utf-8", "replace")[-3000:]
                raise AssertionError(f"{what}; eslbot said:\n{tail}")
            time.sleep(0.02)
        return given

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._log.close()
