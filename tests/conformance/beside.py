"""A whole eslbot beside any of the two switches, asked over its admin socket. Knows the rig's calls and the socket's
verbs; what is heard the tests ask."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eslbot.supervise.admin import AdminClient
from tests.conformance.conftest import TONES
from tests.conformance.rig import Leg, Rig, Role
from tests.conformance.score import Played, place
from tests.conformance.service import Service


@dataclass(slots=True)
class Beside:
    rig: Rig
    service: Service

    def ask(self, verb: str, **args: Any) -> dict[str, Any]:
        return AdminClient(self.service.directory / "eslbot.sock", timeout=30.0).call(verb, **args)

    def row(self, played: Played) -> dict[str, Any]:
        """The call as `calls` shows it; empty where it is not up."""
        return next((row for row in self.ask("calls")["calls"] if row["call"] == played.call.customer.uuid), {})

    def place(self, first: Role) -> Played:
        """A call that eslbot has taken up."""
        played = place(self.rig, first)
        taken = {"closing_armed": True, "phase": "up"}
        self.service.until(lambda: taken.items() <= self.row(played).items(), "the call was not taken up")
        return played

    def join(self, played: Played, verb: str) -> dict[str, Any]:
        """With a phone that speaks its own tone; the same one again, where it is in already."""
        if played.supervisor is None:
            played.supervisor = Leg("supervisor", "", self.rig.number("supervisor", TONES["supervisor"]))
        return self.ask(verb, call=played.call.customer.uuid, phone=played.supervisor.number, wait=True)

    def seats(self, played: Played) -> list[dict[str, Any]]:
        seats: list[dict[str, Any]] = self.row(played).get("supervisors", [])
        return seats


@contextmanager
def running(rig: Rig, room: Path, more: str = "", pack: str = "cn-marketing") -> Iterator[Beside]:
    """`more`: sections of its configuration; `pack`: as Service's; supervisors' phones are the rig's."""
    directory = Path(tempfile.mkdtemp(prefix="beside-", dir=room))
    service = Service(
        directory / "eslbot", rig.socket_port, "rig-secret", "eslbot@127.0.0.1",
        f'[supervise]\ndial = "{rig.address("{number}")}"\n{more}', pack=pack,
    )
    try:
        service.until(lambda: service.lines("SwitchUp"), "eslbot did not come up", 120)
        yield Beside(rig, service)
    finally:
        service.stop()
        shutil.rmtree(directory)
