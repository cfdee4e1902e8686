"""The embedded switch in a process of its own, told over standard input what to do, a JSON line each: so that a browser
can be waited for without holding up its audio. Run as `python -m tests.browser.exchange`.

    {"place": {"agent": [["severe-promise", 4, 0.5]], "ends": 8.0}}  -> {"call": uuid, "agent": uuid}
    {"expect": "1900"}      -> {}          a phone that answers and hums
    {"heard": uuid}         -> {"agent": level, "customer": level}   of the last half second at each party
    {"muted": uuid}         -> {"muted": bool}
    {"hang_up": uuid}       -> {}
"""

import json
import sys
from typing import Any

from gevent import monkey

if __name__ == "__main__":
    monkey.patch_all()

import numpy as np
from gevent.fileobject import FileObject

from eslbot import data
from eslbot.sim import Call, Dialogue, Line, Party, Switch
from eslbot.sim.dialogue import load

RATE = 8000
PASSWORD = "browser"


def spoken(which: list[Any]) -> Line:
    """(dialogue, line number from 1, seconds)."""
    name, number, at = which
    play = load(data.dialogues("zh") / name)
    said = play.lines[number - 1]
    side = play.agent if said.role == "agent" else play.customer
    found = next(one for one in side.lines if one.text == said.text)
    return Line(at, found.pcm, found.text)


def hum(seconds: float = 120.0) -> Dialogue:
    """A tone, of a supervisor who speaks all the time."""
    tone = (8000 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * RATE)) / RATE)).astype("<i2")
    return Dialogue([Line(0.0, tone, "")], RATE)


class Exchange:
    def __init__(self) -> None:
        self.switch = Switch(closing=data.prompts("zh") / "closing.wav", password=PASSWORD)
        self.calls: dict[str, Call] = {}

    def place(
        self, agent: list[Any], customer: list[Any], ends: float | None = None, number: str = "1001",
    ) -> dict[str, Any]:
        sides = [Party(Dialogue([spoken(each) for each in lines], RATE), hangs_up_at=end)
                 for lines, end in ((agent, ends), (customer, None))]
        call = self.switch.place(*sides, agent_number=number)
        self.calls[call.customer.uuid] = call
        return {"call": call.customer.uuid, "agent": call.agent.uuid}

    def expect(self, number: str) -> dict[str, Any]:
        self.switch.expect(number, Party(hum()))
        return {}

    def heard(self, call: str) -> dict[str, Any]:
        found = self.calls[call]
        levels = {}
        for name, leg in (("agent", found.agent), ("customer", found.customer)):
            last = self.switch.heard(leg)[-RATE // 2 :].astype(np.float64)
            spectrum = np.abs(np.fft.rfft(last * np.hanning(len(last)))) if len(last) else np.zeros(1)
            place = round(440 * len(last) / RATE)
            levels[name] = float(spectrum[max(0, place - 2) : place + 3].max() / max(spectrum.mean(), 1e-9))
        return levels

    def muted(self, call: str) -> dict[str, Any]:
        bugs = {type(bug).__name__ for bug in self.calls[call].customer.bugs}
        return {"muted": bool(bugs - {"Record", "AudioFork"})}

    def hang_up(self, call: str) -> dict[str, Any]:
        self.switch.api(f"uuid_kill {self.calls[call].customer.uuid}")
        return {}


def main() -> None:
    exchange = Exchange()
    exchange.switch.start()
    print(json.dumps({"port": exchange.switch.port}), flush=True)
    for line in FileObject(sys.stdin.fileno(), "rb", close=False):
        [(what, given)] = json.loads(line).items()
        try:
            answer = getattr(exchange, what)(**given) if isinstance(given, dict) else getattr(exchange, what)(given)
        except Exception as error:  # noqa: BLE001 - the test is told
            answer = {"error": repr(error)}
        print(json.dumps(answer), flush=True)
    exchange.switch.stop()


if __name__ == "__main__":
    main()
