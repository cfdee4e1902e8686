"""A switch's core under the test's own clock: time passes only when a test lets it, as fast as it can be computed. And
an ear for tones. No sockets."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from eslbot.greenlets import Greenlets
from eslbot.sim import exchange
from eslbot.sim.core import Core
from eslbot.sim.dialplan import Dialplan, with_closing
from eslbot.sim.leg import Leg
from eslbot.sim.party import Party, Silence, Speech, Tone
from eslbot.sim.sound import Pcm, write_wav
from eslbot.sim.sound import tone as sine
from eslbot.switch.codec import Event

TONES = {"agent": 440, "customer": 700, "supervisor": 1000, "file": 1200, "closing": 1600}
"""What each party says, and what is played, in Hz."""
_LOUD = 800.0
"""An amplitude that counts as heard, 20 dB under what is spoken."""


def heard(pcm: Pcm, rate: int = 8000) -> set[str]:
    """The names of the tones in the samples."""
    assert len(pcm) >= 400, "too little to hear a tone in"
    window = np.hanning(len(pcm))
    spectrum = np.abs(np.fft.rfft(pcm * window)) * 2 / window.sum()
    frequencies = np.fft.rfftfreq(len(pcm), 1 / rate)
    reach = max(20.0, 2 * rate / len(pcm))
    return {name for name, hertz in TONES.items() if spectrum[np.abs(frequencies - hertz) <= reach].max() > _LOUD}


class Bench:
    """One core, the events it fired, and calls between humming parties."""

    def __init__(self, directory: Path, rate: int = 8000) -> None:
        self.directory = directory
        self.file = str(directory / "file.wav")
        write_wav(Path(self.file), sine(TONES["file"], 0, rate, rate), rate)
        plan = Dialplan()
        plan.include(with_closing(f"tone_stream://%(2000,0,{TONES['closing']})"))
        self.core = Core(Greenlets(), plan)
        self.core.rate = rate
        self.core.listeners.append(self)
        self.events: list[Event] = []

    def offer(self, event: Event) -> None:
        self.events.append(event)

    def run(self, seconds: float) -> None:
        """Time passes."""
        for _ in range(round(seconds * 50)):
            self.core.tick()
        assert not self.core.faults, self.core.faults

    def api(self, text: str) -> str:
        return self.core.api(text).strip()

    def dial(self, number: str, speech: Speech, variables: Mapping[str, str] | None = None) -> Leg:
        """A phone that has answered and waits."""
        exchange.expect(self.core, number, Party(speech, rate=self.core.rate))
        leg = exchange.dial(self.core, f"sofia/internal/{number}@127.0.0.1", extra=dict(variables or {}))
        while not leg.answered:
            self.core.tick()
        exchange.flip(leg)
        return leg

    def call(
        self, first: str = "agent", agent: Speech | None = None, customer: Speech | None = None
    ) -> tuple[Leg, Leg]:
        """Agent's and customer's legs, bridged; `first` is the A leg."""
        speeches = {"agent": agent or Tone(TONES["agent"]), "customer": customer or Tone(TONES["customer"])}
        numbers = {"agent": "1001", "customer": "9001"}
        second = "customer" if first == "agent" else "agent"
        exchange.expect(self.core, numbers[second], Party(speeches[second], rate=self.core.rate))
        near = self.dial(numbers[first], speeches[first])
        near.go(self.core.application("bridge", f"sofia/internal/{numbers[second]}@127.0.0.1"))
        while near.partner is None:
            self.core.tick()
        self.run(0.2)
        legs = {first: near, second: near.partner}
        assert near.partner is not None
        return legs["agent"], legs["customer"]

    def third(self, application: str, data: str, variables: Mapping[str, str] | None = None) -> Leg:
        """A supervisor's phone in an application."""
        leg = self.dial("1900", Tone(TONES["supervisor"]), variables)
        leg.go(self.core.application(application, data))
        self.run(0.1)
        return leg

    def hears(self, *legs: Leg, seconds: float = 0.3, settle: float = 0.2) -> list[set[str]]:
        """What each leg's phone hears from `settle` seconds on for `seconds`."""
        self.run(settle)
        before = [len(leg.party.heard) for leg in legs]
        self.run(seconds)
        return [heard(leg.party.heard[start:], leg.rate) for leg, start in zip(legs, before, strict=True)]

    def names(self, *legs: Leg) -> list[str]:
        """The names of the events so far, of these legs (all, where there are none)."""
        ids = {leg.uuid for leg in legs}
        return [str(event["Event-Name"]) for event in self.events if not ids or event.get("Unique-ID") in ids]


SILENCE = Silence()
