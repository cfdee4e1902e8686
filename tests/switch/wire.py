"""The bytes of real event sockets, for the tests of this room."""

from pathlib import Path

from eslbot.switch.codec import Decoder, Event, Frame, event_of

WIRE = Path(__file__).parent.parent / "vectors" / "wire"
NAMES = sorted(path.stem for path in WIRE.glob("*.in"))


def received(name: str) -> bytes:
    """What the switch sent on that connection."""
    return (WIRE / f"{name}.in").read_bytes()


def frames(name: str) -> list[Frame]:
    return Decoder().feed(received(name))


def events(name: str) -> list[Event]:
    return [event_of(frame) for frame in frames(name) if frame.kind.startswith("text/event")]
