"""A real PostgreSQL (Debian's package) for tests: a cluster of its own in a directory, on a unix socket, gone with
all it held in the end. Knows no table."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg


class NoPostgres(RuntimeError):
    """There is no PostgreSQL to test with, or it does not start; says where was looked or what it said."""


def programs() -> Path:
    """The directory of initdb and postgres: Debian keeps them off the PATH. Raises NoPostgres."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    beside = shutil.which("initdb")
    if beside is not None:
        found.append(Path(beside))
    if not found:
        raise NoPostgres("no initdb below /usr/lib/postgresql or on the PATH: install Debian's postgresql")
    return found[-1].parent


class Cluster:
    """One server process and its databases."""

    def __init__(self, directory: Path) -> None:
        """`directory` is empty and this process's own. The server refuses to be root, so it is given to `postgres`."""
        self.directory = directory
        self._programs = programs()
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(directory, self._user)
        self._as_user("initdb", "-D", str(directory / "data"), "-U", "eslbot", "-A", "trust", "-E", "UTF8", "--no-sync")
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def _command(self, program: str, *arguments: str) -> list[str]:
        return [str(self._programs / program), *arguments]

    def _as_user(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            self._command(program, *arguments), user=self._user, cwd=self.directory, capture_output=True, text=True,
            check=False,
        )
        if done.returncode:
            raise NoPostgres(f"{program}: {done.stderr.strip()}")

    def start(self) -> None:
        """Until it takes connections. Raises NoPostgres."""
        log = (self.directory / "log").open("ab")
        if self._user:
            os.chown(self.directory / "log", pwd.getpwnam(self._user).pw_uid, -1)
        with log:
            self._process = subprocess.Popen(
                self._command("postgres", "-D", str(self.directory / "data"), "-k", str(self.directory), "-h", "",
                              "-c", "fsync=off"),
                user=self._user, cwd=self.directory, stdout=log, stderr=log,
            )
        until = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self._dsn("postgres")).close()
                return
            except psycopg.OperationalError as error:
                if self._process.poll() is not None or time.monotonic() > until:
                    raise NoPostgres((self.directory / "log").read_text()[-500:]) from error
                time.sleep(0.05)

    def stop(self, number: int = signal.SIGINT) -> None:
        """SIGINT: its fast shutdown, which ends connections. SIGQUIT: as a crash does."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(30)
            self._process = None

    def database(self) -> str:
        """A fresh, empty database; its URL as eslbot.toml has it."""
        name = f"t{uuid.uuid4().hex}"
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://eslbot@/{name}?host={self.directory}"

    def _dsn(self, name: str) -> str:
        return f"host={self.directory} user=eslbot dbname={name}"


@contextlib.contextmanager
def cluster() -> Iterator[Cluster]:
    """One for as long as it lasts. Its directory's path is short: a unix socket's may have 107 bytes."""
    directory = Path(tempfile.mkdtemp(prefix="eslbot-pg-", dir="/tmp"))
    running = None
    try:
        running = Cluster(directory)
        yield running
    finally:
        if running is not None:
            running.stop(signal.SIGQUIT)  # nothing of it is to be kept, so nothing need be written down
        shutil.rmtree(directory, ignore_errors=True)
