"""What systemd is told, received by a datagram socket as systemd has one."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest

from eslbot.greenlets import Greenlets
from eslbot.service.notify import Notify


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        path = str(tmp_path / "notify")
        sock.bind(path)
        sock.setblocking(False)
        yield sock, path


def told(sock: socket.socket) -> list[str]:
    found = []
    while True:
        try:
            found.append(sock.recv(4096).decode())
        except BlockingIOError:
            return found


def test_it_is_told_ready_and_ending(systemd: tuple[socket.socket, str], greenlets: Greenlets) -> None:
    sock, path = systemd
    notify = Notify({"NOTIFY_SOCKET": path})
    notify.ready(greenlets)
    notify.ending()
    gevent.sleep(0)
    assert told(sock) == [f"READY=1\nMAINPID={os.getpid()}", "STOPPING=1"]
    assert greenlets.names == []


def test_a_watchdog_gets_a_pulse_at_half_its_time(systemd: tuple[socket.socket, str], greenlets: Greenlets) -> None:
    sock, path = systemd
    notify = Notify({"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "40000", "WATCHDOG_PID": str(os.getpid())})
    assert notify.period == 0.02
    notify.ready(greenlets)
    pulses = 0
    for _ in range(500):
        gevent.sleep(0.01)
        pulses += told(sock).count("WATCHDOG=1")
        if pulses >= 3:
            break
    assert pulses >= 3


def test_a_hub_that_hangs_gives_no_pulse(systemd: tuple[socket.socket, str], greenlets: Greenlets) -> None:
    sock, path = systemd
    Notify({"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "20000"}).ready(greenlets)
    gevent.sleep(0.03)
    told(sock)
    import time

    time.sleep(0.1)  # the hub is not reached
    assert told(sock) == []


def test_an_abstract_socket_is_reached(greenlets: Greenlets) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        name = f"eslbot-test-{os.getpid()}"
        sock.bind("\0" + name)
        sock.setblocking(False)
        Notify({"NOTIFY_SOCKET": "@" + name}).ending()
        assert told(sock) == ["STOPPING=1"]


@pytest.mark.parametrize(
    "environ",
    [{}, {"WATCHDOG_USEC": "0"}, {"WATCHDOG_USEC": "soon"}, {"WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"}],
)
def test_a_watchdog_that_means_nobody_or_somebody_else_gets_nothing(environ: dict[str, str]) -> None:
    assert Notify(environ).period is None


def test_nothing_is_said_where_nobody_listens(tmp_path: Path, greenlets: Greenlets) -> None:
    Notify({}).ready(greenlets)
    Notify({"NOTIFY_SOCKET": str(tmp_path / "nobody")}).ready(greenlets)
