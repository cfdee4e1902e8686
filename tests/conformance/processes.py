"""FreeSWITCH processes: where the program is found, which ports are free, start and stop. Knows no call."""

import contextlib
import ctypes
import ctypes.util
import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from tests.conformance import switchconf
from tests.conformance.esl import Esl


class NoSwitch(RuntimeError):
    """There is no FreeSWITCH to test, or it does not start. The text says where was looked or what it said."""


def find(told: str | None) -> Path:
    """The FreeSWITCH program: as told, by ESLBOT_FREESWITCH, or on the PATH. Raises NoSwitch."""
    name = told or os.environ.get("ESLBOT_FREESWITCH") or "freeswitch"
    found = shutil.which(name)
    if found is None:
        raise NoSwitch(f"no FreeSWITCH: {name} is no program (give --freeswitch or ESLBOT_FREESWITCH)")
    return Path(found)


def modules_of(binary: Path, told: str | None) -> Path:
    """Its modules' directory: as told, by ESLBOT_FREESWITCH_MODULES, or beside the program. Raises NoSwitch."""
    prefix = binary.resolve().parent.parent
    places = [prefix / "lib/freeswitch/mod", prefix / "mod", Path("/usr/lib/freeswitch/mod")]
    if named := told or os.environ.get("ESLBOT_FREESWITCH_MODULES"):
        places = [Path(named)]
    for place in places:
        if (place / "mod_sofia.so").exists():
            return place
    raise NoSwitch(f"no mod_sofia.so in {', '.join(map(str, places))} (give --freeswitch-modules)")


def _claims(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """Ports nobody has, both as TCP and as UDP, below those the system hands out by itself."""
    start = 20000 + os.getpid() % 500 * 20
    ports = (
        port for port in range(start, 32000) if _claims(port, socket.SOCK_STREAM) and _claims(port, socket.SOCK_DGRAM)
    )
    return [next(ports) for _ in range(count)]


class Switch:
    """One FreeSWITCH process of ours."""

    def __init__(self, binary: Path, modules: Path, place: switchconf.Place, user: str | None = None) -> None:
        """`user`: as whom it runs, of that name's own group; none: as we do."""
        self.place = place
        for name in ("log", "db", "run", "temp", "scripts"):
            (place.directory / name).mkdir(parents=True, exist_ok=True)
        options = {name: place.directory / name for name in ("conf", "log", "db", "run", "temp", "scripts")}
        command = [str(binary), "-nf", "-nc", "-nonat", "-nort", "-np", "-mod", str(modules)]
        for name, directory in options.items():
            command += [f"-{name}", str(directory)]
        if user:
            command += ["-u", user, "-g", grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name]
            for path in (place.directory, *place.directory.rglob("*")):
                shutil.chown(path, user)
        # Of its own session, so that a Ctrl-C at the tests leaves it to stop(); and it dies if the tests are killed.
        libc = ctypes.CDLL(ctypes.util.find_library("c"))
        with (place.directory / "log/stdout").open("wb") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: libc.prctl(1, signal.SIGTERM),
            )

    def connect(self, user: bool = False, password: str | None = None, within: float = 30.0) -> Esl:
        """Signs in, once it listens."""
        until = time.monotonic() + within
        while True:
            if self.process.poll() is not None:
                raise NoSwitch(f"FreeSWITCH ended with {self.process.returncode}; see {self.place.directory}/log")
            try:
                name = f"eslbot@{self.place.domain}" if user else None
                return Esl(self.place.socket_port, password or self.place.password, name)
            except OSError as error:
                if time.monotonic() > until:
                    raise NoSwitch(f"FreeSWITCH does not listen; see {self.place.directory}/log") from error
                time.sleep(0.1)

    def kill(self, number: int = signal.SIGKILL) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, number)

    def stop(self) -> None:
        self.kill(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            self.process.wait()
