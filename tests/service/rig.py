"""A whole service beside an embedded switch, in one process, on a directory of its own; real sockets, real Vosk, real
files. What each party heard is what counts."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import gevent
import numpy as np
import numpy.typing as npt

from eslbot import data
from eslbot.config import load
from eslbot.record.keys import Identity, new_identity, recipient
from eslbot.record.reader import Recording
from eslbot.service import Service
from eslbot.sim import Call, Dialogue, Line, Party, Switch
from eslbot.sim.dialogue import load as load_dialogue
from eslbot.store.recording_rows import RecordingRow

PROMISE = ("severe-promise", 4)
"""Agent: 这个产品稳赚不赔 …, and goes on for some seconds."""
NOTICE = ("severe-promise", 2)
GREETING = ("severe-promise", 1)
ANSWER = ("severe-promise", 3)
"""Customer: 好的，请说。"""
RATE = 8000


def line(which: tuple[str, int], at: float) -> Line:
    """One line of a shipped dialogue (name, number from 1), spoken at `at` seconds from the bridge."""
    play = load_dialogue(data.dialogues("zh") / which[0])
    lines = {said.at: (said, place) for place, said in enumerate(play.lines, 1)}
    said = next(said for said, place in lines.values() if place == which[1])
    speech = play.agent if said.role == "agent" else play.customer
    spoken = next(one for one in speech.lines if one.text == said.text)
    return Line(at, spoken.pcm, spoken.text)


def party(*lines: Line, **options: Any) -> Party:
    return Party(Dialogue(list(lines), RATE), **options)


class Rig:
    """`run()` one life of the service after another on the same directory."""

    def __init__(self, directory: Path, switch: Switch, **sections: Mapping[str, Any]) -> None:
        self.directory, self.switch = directory, switch
        self.identity: Identity = new_identity()
        self.told: list[object] = []
        self.service: Service | None = None
        tables: dict[str, dict[str, Any]] = {
            "roles": {"agent": r"10\d\d", "customer": r"9\d+"},
            "audio": {"source": "spool", "spool": str(directory / "spool")},
            "audio.fork": {"listen": "127.0.0.1:0"},
            "record": {"recipients": [recipient(self.identity)], "live": str(directory / "live")},
            "watch": {"listen": "127.0.0.1:0"},
            "web": {"listen": "127.0.0.1:0"},
            "judge": {"packs": ["cn-marketing"]},
        }
        for name, table in sections.items():
            tables.setdefault(name, {}).update(table)
        text = f'[[switch]]\nname = "pbx"\nport = {switch.port}\npassword_env = "PASSWORD"\n'
        for name, table in tables.items():
            text += f"[{name}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in table.items())
        (directory / "eslbot.toml").write_text(text)

    def start(self) -> Service:
        """One life. Returns when it is ready for calls."""
        settings = load(self.directory / "eslbot.toml", {"PASSWORD": self.switch.password})
        self.service = service = Service(settings)
        service.followers.append(lambda what, state: self.told.append(what))
        service.start()
        self.until(lambda: not service.health.reasons(), "the service is not ready")
        return service

    def stop(self) -> None:
        if self.service is not None:
            self.service.stop()
            self.service = None

    def until(self, condition: Callable[[], object], what: str, timeout: float = 30.0) -> None:
        """Waits, at most `timeout` seconds."""
        with gevent.Timeout(timeout, AssertionError(f"{what}; told: {self.kinds()[-12:]}")):
            while not condition():
                gevent.sleep(0.02)

    def kinds(self) -> list[str]:
        """Names of the facts and orders that were seen, in order."""
        return [type(one).__name__ for one in self.told]

    def seen(self, kind: type) -> list[Any]:
        return [one for one in self.told if isinstance(one, kind)]

    def settled(self) -> None:
        """Waits until no call is up any more and everything is written."""
        service = self.service
        assert service is not None
        self.until(lambda: not service.desk.states(), "calls did not settle", 40.0)
        service.store.flush(30)

    def place(self, agent: Party, customer: Party, **options: Any) -> Call:
        return self.switch.place(agent, customer, **options)

    def rows(self, book: str) -> list[Any]:
        """All rows of a book of the store."""
        assert self.service is not None
        rows: list[Any] = getattr(self.service.store, book).find()
        return rows

    def recording(self, row: RecordingRow) -> Recording:
        """Opened with the one key there is."""
        return Recording(row, self.directory / "recordings", [self.identity])

    def words(self, row: RecordingRow) -> str:
        return "".join(
            record["text"].replace(" ", "") for record in self.recording(row).words() if record["kind"] == "words"
        )


def overhear(switch: Switch) -> list[str]:
    """The api commands that reach the switch from now on, in order, as they come."""
    received: list[str] = []
    answer = switch.core.api

    def api(text: str) -> str:
        received.append(text)
        return answer(text)

    switch.core.api = api  # type: ignore[method-assign]
    return received


def level(samples: npt.NDArray[np.int16], start: float, end: float) -> float:
    """Root mean square of that stretch, in seconds."""
    part = samples[int(start * RATE) : int(end * RATE)].astype(np.float64)
    return float(np.sqrt(np.mean(part**2))) if len(part) else 0.0
