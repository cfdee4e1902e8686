"""Tells systemd that the service is ready, alive and ending, where systemd asked to be told (sd_notify's protocol: one
datagram of lines to the socket that NOTIFY_SOCKET names). Knows the protocol and the hub's pulse; no room."""

import contextlib
import os
import socket
from collections.abc import Mapping

import gevent

from eslbot.greenlets import Greenlets


class Notify:
    """Without NOTIFY_SOCKET it does nothing. A lost datagram is not an error: a call never waits for systemd."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        path = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + path[1:] if path.startswith("@") else path
        self.period = self._half(environ)
        """Seconds between two signs of life; None: nobody watches."""

    @staticmethod
    def _half(environ: Mapping[str, str]) -> float | None:
        """Half of what the watchdog waits, as sd_watchdog_enabled(3) advises. WATCHDOG_PID names whom it means."""
        asked, whom = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", str(os.getpid()))
        if not asked.isdecimal() or int(asked) == 0 or whom != str(os.getpid()):
            return None
        return int(asked) / 2_000_000

    def ready(self, greenlets: Greenlets) -> None:
        """Calls are taken. From now on the hub's pulse is told too, so that a hub that hangs is noticed."""
        self._send(f"READY=1\nMAINPID={os.getpid()}")
        if self._address and self.period is not None:
            greenlets.spawn("watchdog", self._pulse, self.period, restart_after=self.period)

    def ending(self) -> None:
        """The service stops on purpose."""
        self._send("STOPPING=1")

    def _pulse(self, period: float) -> None:
        while True:
            self._send("WATCHDOG=1")
            gevent.sleep(period)

    def _send(self, text: str) -> None:
        if not self._address:
            return
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            sock.sendto(text.encode(), self._address)
