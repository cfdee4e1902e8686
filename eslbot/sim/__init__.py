"""An embedded switch for the demo and the tests: speaks the event socket, mixes samples the way FreeSWITCH does, and
lets you hear what each party heard. It stands in for FreeSWITCH; nothing of the service knows of it."""

from eslbot.sim.party import Dialogue, Line, Party, Samples, Silence, Tone
from eslbot.sim.switch import Call, Switch

__all__ = ["Call", "Dialogue", "Line", "Party", "Samples", "Silence", "Switch", "Tone"]
