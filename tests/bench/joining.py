"""How soon a supervisor is in a call: from the command (`eslbot listen`, the HTTP API, the last key of a feature code)
to the ringing of a phone, and to the first sound of the call that the phone hears where it is picked up at once.

    python -m tests.bench.joining --times 30 [--freeswitch PATH] [--ways cli api code]

Without PATH the switch is the embedded one. The first sound is a place in what the phone heard; when the phone began to
hear, its switch says. One clock, this machine's, for all."""

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eslbot import data
from eslbot.store.accounts import AccountStore
from eslbot.supervise.admin import AdminClient
from eslbot.supervise.passwords import Passwords
from eslbot.supervise.staffing import Staffing
from tests.bench.mute_latency import quantile
from tests.conformance.conftest import TONES
from tests.conformance.embedded import EmbeddedRig
from tests.conformance.hearing import FLOOR, amplitude
from tests.conformance.processes import find, free_ports, modules_of
from tests.conformance.real import RealRig
from tests.conformance.rig import RATE, Call, Leg
from tests.conformance.service import Service
from tests.conformance.switchconf import USER

PIN = "408162"
FRAME = RATE // 50
WITHIN = 10.0
"""Seconds; later than that is never."""
AIM = 2.0
NEVER = float("inf")


@dataclass(slots=True)
class Scene:
    rig: RealRig | EmbeddedRig
    service: Service
    call: Call
    token: str
    web_port: int
    marked: int = 0
    """Among the phones' events, before they were asked for anything."""

    def mark(self) -> int:
        """Among the switch's events, and the phones'."""
        self.marked = self.rig.phone_mark() if isinstance(self.rig, RealRig) else 0
        return self.rig.mark()

    def ask(self, verb: str, **args: Any) -> dict[str, Any]:
        return AdminClient(self.service.directory / "eslbot.sock", timeout=30.0).call(
            verb, call=self.call.customer.uuid, **args)

    def seats(self) -> list[Any]:
        seats: list[Any] = self.ask("call")["supervisors"]
        return seats


def by_command_line(scene: Scene, phone: str) -> None:
    config = str(scene.service.directory / "eslbot.toml")
    subprocess.run([sys.executable, "-m", "eslbot", "listen", scene.call.customer.uuid, "--phone", phone, "-c", config],
                   check=True, stdout=subprocess.DEVNULL, env={**os.environ, "PASSWORD": "rig-secret"})


def post(scene: Scene, verb: str, **args: Any) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", scene.web_port, timeout=30)
    connection.request(
        "POST", f"/api/v1/calls/{scene.call.customer.uuid}/{verb}", json.dumps(args),
        {"Authorization": f"Bearer {scene.token}", "Content-Type": "application/json"})
    answer = connection.getresponse()
    if answer.status != 200:
        raise SystemExit(f"the API says {answer.status}: {answer.read().decode()}")
    connection.close()


Act = Callable[[Scene, str], object]
WAYS: dict[str, tuple[Act, Act]] = {
    "cli": (by_command_line, lambda scene, phone: scene.ask("leave")),
    "api": (lambda scene, phone: post(scene, "listen", phone=phone, wait=True),
            lambda scene, phone: post(scene, "leave", phone=phone)),
}
"""How somebody joins, and leaves."""


def rung(scene: Scene, way: str) -> tuple[float, float]:
    """Seconds to the ringing, and to the first sound."""
    rig = scene.rig
    phone = rig.number("supervisor", None)
    since, asked = scene.mark(), time.monotonic()
    join, leave = WAYS[way]
    join(scene, phone)
    ring = rig.wait(
        lambda e: e["Event-Name"] == "CHANNEL_CREATE" and e.get("Caller-Destination-Number") == phone, since)
    leg = Leg("supervisor", ring["Unique-ID"], phone)
    heard = first_sound(scene, leg, since, asked)
    leave(scene, phone)
    return ring["_seen"] - asked, heard - asked


def walked_in(scene: Scene) -> tuple[float, float]:
    """Nothing rings: seconds from the last key to the first sound."""
    rig = scene.rig
    since = scene.mark()
    leg = rig.proves(f"*81{scene.call.agent.number}", None)
    rig.pass_time(1.2)
    rig.press(leg, PIN)
    rig.pass_time(0.8)
    pressed = time.monotonic()
    rig.press(leg, "#")
    heard = first_sound(scene, leg, since, pressed)
    rig.hang_up(leg)
    return NEVER, heard - pressed


def first_sound(scene: Scene, leg: Leg, since: int, after: float) -> float:
    """When the phone first heard the customer after that."""
    rig = scene.rig
    started = began(scene, leg, since)
    until = time.monotonic() + WITHIN
    while time.monotonic() < until:
        heard = rig.heard(leg)
        first = max(0, int((after - started) * RATE) // FRAME)
        for frame in range(first, len(heard) // FRAME):
            if amplitude(heard[frame * FRAME : (frame + 2) * FRAME], TONES["customer"]) >= FLOOR:
                return started + (frame + 1) * FRAME / RATE
        rig.pass_time(0.1)
    return NEVER


def began(scene: Scene, leg: Leg, since: int) -> float:
    """When that phone began to hear: by the real one's recording, by the embedded one's answer."""
    rig = scene.rig
    if isinstance(rig, RealRig):
        return float(rig.phone_recording(leg, scene.marked)["_seen"])
    event = rig.wait(lambda e: e["Event-Name"] == "CHANNEL_ANSWER" and e["Unique-ID"] == leg.uuid, since)
    return float(event["_seen"])


@contextmanager
def scene(binary: Path | None) -> Iterator[Scene]:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as fast:
        prompts = data.prompts("zh").parent
        made: RealRig | EmbeddedRig
        if binary is None:
            made = EmbeddedRig(Path(fast), prompts, speed=1.0)
        else:
            made = RealRig(binary, modules_of(binary, None), Path(fast) / "fs", prompts)
        (web_port,) = free_ports(1)
        more = f'[supervise]\ndial = "{made.address("{number}")}"\nphones = "127.0.0.1:{made.codes_port}"\n'
        service = Service(
            Path(fast) / "eslbot", made.socket_port, "rig-secret", "eslbot@127.0.0.1", more, web_port)
        try:
            service.until(lambda: service.lines("SwitchUp"), "eslbot did not come up", 120)
            staff = Staffing(AccountStore(f"sqlite:///{service.directory}/eslbot.db"), Passwords(), "root", time.time)
            staff.add("first", "supervisor", phone=USER, pin=PIN)
            _, token = staff.token("first", "bench", (), None)
            time.sleep(3.0)  # until the service has looked at its accounts again
            found = Scene(made, service, made.place(TONES["agent"], TONES["customer"]), token, web_port)
            service.until(lambda: found.ask("call")["closing_armed"], "the call was not taken up")
            yield found
        finally:
            service.stop()
            made.stop()


def shown(name: str, seconds: list[float]) -> str:
    times = sorted(seconds)
    middle, tail = quantile(times, 0.5), quantile(times, 0.95)
    return f"{name} p50 {middle * 1000:5.0f}, p95 {tail * 1000:5.0f}, most {times[-1] * 1000:5.0f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--freeswitch", default=None, help="binary; without it the embedded switch")
    parser.add_argument("--ways", nargs="*", default=["cli", "api", "code"])
    options = parser.parse_args()
    binary = find(options.freeswitch) if options.freeswitch else None
    print(f"A supervisor in a call of {'a real FreeSWITCH' if binary else 'the embedded switch'},"
          f" {options.times} times each", flush=True)
    # A call for each way, since the customer's tone lasts two minutes; once each, they fit into one.
    for ways in [options.ways] if options.times == 1 else [[way] for way in options.ways]:
        with scene(binary) as made:
            for way in ways:
                _tell(way, [_joined(made, way) for _ in range(options.times)])


def _joined(made: Scene, way: str) -> tuple[float, float]:
    took = walked_in(made) if way == "code" else rung(made, way)
    made.service.until(lambda: not made.seats(), "still in")
    made.rig.prepare(USER, None)
    return took


def _tell(way: str, took: list[tuple[float, float]]) -> None:
    ringing, heard = ([pair[i] for pair in took] for i in (0, 1))
    text = "" if way == "code" else f"{shown('to ringing:', ringing)}; "
    late = sum(one > AIM for one in heard)
    print(f"  {way:<5} {text}{shown('to hearing:', heard)}; {late} later than {AIM:g} s", flush=True)


if __name__ == "__main__":
    main()
