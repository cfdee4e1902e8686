"""The embedded switch in a process of its own, told over standard input what to do, a JSON line each: so that a browser
can be waited for without holding up its audio. Run as `python -m tests.browser.exchange`.

    {"place": {"agent": [["severe-promise", 4, 0.5]], "ends": 8.0}}  -> {"call": uuid, "agent": uuid}
    {"hum": "1001"}         -> the same of a call in which both hum, each their own tone
    {"expect": "1900"}      -> {}          a supervisor's phone that answers and hums
    {"heard": uuid}         -> {"agent": ["customer"], "customer": ["agent"], "supervisor": []}  whose tones in the last
                               half second at each party, the last expected phone being the supervisor's
    {"loud": uuid}          -> {"agent": level, "customer": level}   of the same half second, full scale 1
    {"muted": uuid}         -> {"muted": bool}
    {"hang_up": uuid}       -> {}
    {"hang_up_all": {}}     -> {}                     a failed test's, too
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
from eslbot.sim import Call, Dialogue, Line, Party, Switch, Tone
from eslbot.sim.dialogue import load
from tests.conformance.hearing import tones

RATE = 8000
PASSWORD = "browser"
TONES = {"agent": 500, "customer": 800, "supervisor": 1300}


def spoken(which: list[Any]) -> Line:
    """(dialogue, line number from 1, seconds)."""
    name, number, at = which
    play = load(data.dialogues("zh") / name)
    said = play.lines[number - 1]
    side = play.agent if said.role == "agent" else play.customer
    found = next(one for one in side.lines if one.text == said.text)
    return Line(at, found.pcm, found.text)


def hums(role: str) -> Party:
    """Somebody who speaks all the time, and can be told apart."""
    return Party(Tone(TONES[role], 6000))


def last(party: Party) -> Any:
    """What they heard in the last half second, full scale 1."""
    return party.heard[-RATE // 2 :].astype(np.float64) / 32768


class Exchange:
    def __init__(self) -> None:
        self.switch = Switch(closing=data.prompts("zh") / "closing.wav", password=PASSWORD)
        self.calls: dict[str, Call] = {}
        self.supervisor = Party()

    def place(
        self, agent: list[Any], customer: list[Any], ends: float | None = None, number: str = "1001",
    ) -> dict[str, Any]:
        sides = [Party(Dialogue([spoken(each) for each in lines], RATE), hangs_up_at=end)
                 for lines, end in ((agent, ends), (customer, None))]
        return self._placed(*sides, number)

    def hum(self, number: str) -> dict[str, Any]:
        return self._placed(hums("agent"), hums("customer"), number)

    def _placed(self, agent: Party, customer: Party, number: str) -> dict[str, Any]:
        call = self.switch.place(agent, customer, agent_number=number)
        self.calls[call.customer.uuid] = call
        return {"call": call.customer.uuid, "agent": call.agent.uuid}

    def expect(self, number: str) -> dict[str, Any]:
        self.supervisor = hums("supervisor")
        self.switch.expect(number, self.supervisor)
        return {}

    def heard(self, call: str) -> dict[str, Any]:
        parties = self._parties(call) | {"supervisor": self.supervisor}
        return {name: sorted(tones(last(party), TONES, RATE)) for name, party in parties.items()}

    def loud(self, call: str) -> dict[str, Any]:
        return {name: float(np.sqrt((last(party) ** 2).mean())) for name, party in self._parties(call).items()}

    def _parties(self, call: str) -> dict[str, Party]:
        found = self.calls[call]
        return {"agent": found.agent.party, "customer": found.customer.party}

    def muted(self, call: str) -> dict[str, Any]:
        bugs = {type(bug).__name__ for bug in self.calls[call].customer.bugs}
        return {"muted": bool(bugs - {"Record", "AudioFork"})}

    def hang_up(self, call: str) -> dict[str, Any]:
        self.switch.api(f"uuid_kill {self.calls[call].customer.uuid}")
        return {}

    def hang_up_all(self) -> dict[str, Any]:
        for call in self.calls:   # one that has ended ends no further
            self.hang_up(call)
        self.calls.clear()
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
