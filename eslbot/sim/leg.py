"""One leg: a channel with its variables, states, bugs and phone, and the thread (a generator, one step per 20 ms) that
runs its applications. Knows how a frame passes the bugs. Does not know which applications there are."""

from collections import deque
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import TYPE_CHECKING

from eslbot.sim import events, hold, sound
from eslbot.sim.bugs import Bug, Bugs
from eslbot.sim.party import Party
from eslbot.sim.profile import Profile
from eslbot.sim.sound import FRAMES_A_SECOND, Pcm

if TYPE_CHECKING:
    from eslbot.sim.core import Core

_TRUE = {"true", "yes", "on", "enable", "enabled", "active", "allow", "1", "t"}

Thread = Generator[None, None, None]
"""What a leg does: each step is one frame's time."""
Step = Callable[["Leg"], Thread]


class Bridge:
    """Two legs that hear each other, until one leaves."""

    def __init__(self, a: "Leg", b: "Leg") -> None:
        self.a, self.b = a, b
        self.alive = True
        self.in_loop = 2
        """How many of the two threads are still in their loop."""

    def other(self, leg: "Leg") -> "Leg":
        return self.b if leg is self.a else self.a


class Leg:
    """A channel. States and flags are FreeSWITCH's, under plainer names."""

    def __init__(self, core: "Core", profile: Profile, party: Party, variables: dict[str, str], serial: int) -> None:
        self.core = core
        self.serial = serial
        """The how-manyth session of its switch."""
        self.uuid = profile.uuid
        self.profile = profile
        self.party = party
        self.rate = party.rate
        self.codec = "PCMU" if party.rate == 8000 else "L16"
        self.variables = variables
        self.state = "CS_INIT"
        self.call_state = "DOWN"
        self.answer_state = "ringing"
        self.cause = ""
        """Why it was hung up; empty: it was not."""
        self.other_profile: Profile | None = None
        self.other_type = ""
        self.originator = ""
        """The leg whose `bridge` made this one."""
        self.bugs = Bugs(self._bug_started, self._bug_stopped)
        self.named: dict[str, Bug] = {}
        """Bugs by the name they are told to stop by (FreeSWITCH's channel privates)."""
        self.bridge: Bridge | None = None
        self.plan: deque[Step] = deque()
        """What its thread does after what it does now."""
        self.told: deque[tuple[str, str, int, str]] = deque()
        """Applications it was told to run in between: name, argument, loops, Application-UUID."""
        self.keys: deque[str] = deque()
        self.queued: deque[dict[str, str]] = deque()
        """Events that were sent to this leg (sendevent with its Unique-ID)."""
        self.breaking = False
        """It leaves what it does for what is next in `plan` (a transfer)."""
        self.stop_playing = False
        self.waits_for: Leg | None = None
        """The leg that consults somebody else (att_xfer), or was hung up while it did, before this one was fetched."""
        self.held = False
        """It is on hold, whoever asked for it: its phone, or uuid_hold."""
        self.phone_held = False
        """Its phone was told so and not told otherwise: it sends nothing and plays nothing."""
        self.suspended = False
        """The other leg is away from the bridge: what this one says goes nowhere."""
        self.gone = False
        """Destroyed."""
        self.thread: Thread = iter(())  # type: ignore[assignment]
        self.frame = party.rate // FRAMES_A_SECOND

    # --- what it is --------------------------------------------------------------------------------------------------
    @property
    def up(self) -> bool:
        return not self.cause

    @property
    def ready(self) -> bool:
        """Up and not on its way elsewhere."""
        return not self.cause and not self.breaking

    @property
    def answered(self) -> bool:
        return self.profile.times.get("Channel-Answered", 0) > 0

    @property
    def partner(self) -> "Leg | None":
        """The leg it is bridged to."""
        return self.bridge.other(self) if self.bridge and self.bridge.alive else None

    def true(self, variable: str) -> bool:
        """Whether a variable is true as FreeSWITCH reads it."""
        return self.variables.get(variable, "").lower() in _TRUE

    def variable(self, name: str) -> str:
        """A variable as text expands to it: a channel's own, a field of its profile, or a global one."""
        fields = {"destination_number": self.profile.destination, "caller_id_number": self.profile.caller_number,
                  "caller_id_name": self.profile.caller_name, "context": self.profile.context}  # fmt: skip
        return self.variables.get(name, fields.get(name, self.core.globals.get(name, "")))

    def set(self, name: str, value: str) -> None:
        """Sets a variable; without a value, unsets it."""
        if value and value != "_undef_":
            self.variables[name] = value
        else:
            self.variables.pop(name, None)

    def retarget(self, extension: str, dialplan: str, context: str, note: str) -> None:
        """A new destination (a transfer)."""
        old = self.profile
        times = {name: at for name, at in old.times.items() if name in ("Channel-Created", "Channel-Answered")}
        self.profile = replace(
            old, destination=extension, dialplan=dialplan, context=context, rdnis=old.destination, index=old.index + 1,
            transfer_source=note, times=times,
        )  # fmt: skip
        self.mark("Profile-Created")
        self.variables |= {"transfer_history": note, "transfer_source": note, "call_uuid": self.uuid}
        self.variables.pop("signal_bond", None)
        self.other_profile, self.other_type, self.originator = None, "", ""

    def mark(self, name: str) -> None:
        """Notes in its profile that something happens now."""
        self.profile.times[name] = round(self.core.now * 1e6)

    def fire(self, name: str, own: dict[str, str] | None = None, subclass: str = "", body: str = "") -> None:
        """Fires an event of this leg."""
        self.core.fire(name, events.of_leg(self, name, own or {}), subclass, body)

    # --- its audio ---------------------------------------------------------------------------------------------------
    def read(self) -> Pcm:
        """The frame its phone sends now, after the bugs. A phone on hold sends none, so no bug is asked either."""
        if self.phone_held:
            return sound.silence(self.frame)
        said = self.party.say(self.frame) if self.answered else sound.silence(self.frame)
        return self.bugs.read(sound.companded(said) if self.codec == "PCMU" else said, self.core.now)

    def write(self, frame: Pcm) -> None:
        """A frame to its phone, through the bugs."""
        if self.held or not self.up:
            return
        frame = self.bugs.write(frame, self.core.now)
        if self.phone_held:
            return
        self.party.hear(sound.companded(frame) if self.codec == "PCMU" else frame)

    def take_off(self, name: str) -> bool:
        """Removes the bug of that name; False: there is none."""
        bug = self.named.pop(name, None)
        if bug is not None:
            self.bugs.remove(bug)
        return bug is not None

    def put_on(self, name: str, bug: Bug, first: bool = False, then: Callable[[], None] | None = None) -> None:
        """Adds a bug under a name; once it is gone the name is free again and `then` is called."""

        def closed() -> None:
            if self.named.get(name) is bug:
                del self.named[name]
            if then is not None:
                then()

        bug.closed = closed
        self.named[name] = bug
        self.bugs.add(bug, first)

    def _bug_started(self, bug: Bug) -> None:
        self.fire("MEDIA_BUG_START", {"Media-Bug-Function": bug.function, "Media-Bug-Target": bug.target})

    def _bug_stopped(self, bug: Bug) -> None:
        self.fire("MEDIA_BUG_STOP", {"Media-Bug-Function": bug.function, "Media-Bug-Target": bug.target})

    # --- its life ----------------------------------------------------------------------------------------------------
    def answer(self) -> None:
        """The call on this leg is answered."""
        if self.answered or not self.up:
            return
        self.mark("Channel-Answered")
        self.answer_state = "answered"
        self.profile.network = self.profile.network or "127.0.0.1"
        self.variables |= {
            "read_codec": self.codec, "read_rate": str(self.rate),
            "original_read_codec": self.codec, "original_read_rate": str(self.rate),
            "write_codec": self.codec, "write_rate": str(self.rate),
            "rtp_use_codec_name": self.codec, "rtp_use_codec_rate": str(self.rate), "rtp_use_codec_ptime": "20",
            "dtmf_type": "rfc2833", "local_media_ip": "127.0.0.1", "remote_media_ip": "127.0.0.1",
            "endpoint_disposition": "ANSWER",
        }  # fmt: skip
        self.fire("CHANNEL_ANSWER")
        self.call_state = "ACTIVE"

    def hangup(self, cause: str = "NORMAL_CLEARING") -> None:
        """Ends the leg; its thread does the rest. Nothing, where it was ended already."""
        if self.cause:
            return
        held, other = self.held, self.partner
        hold.release(self)
        self.cause = cause
        self.answer_state = "hangup"
        self.fire("CHANNEL_HANGUP")
        if held:
            hold.take_along(self, other)
        self.mark("Channel-Hangup")

    def go(self, *steps: Step) -> None:
        """Leaves what it does now and does these instead."""
        self.plan.clear()
        self.plan.extend(steps)
        self.breaking = True
        if self.bridge is not None:
            self.bridge.alive = False

    def press(self, digits: str, source: str = "RTP") -> None:
        """Keys arrive from its phone."""
        self.keys.extend(digits)
        self.variables["digits_dialed"] = self.variables.get("digits_dialed", "") + digits
        for digit in digits:
            self.fire("DTMF", {"DTMF-Digit": digit, "DTMF-Duration": "2000", "DTMF-Source": source})

    def step(self) -> None:
        """One frame's time."""
        if self.answered and self.up:
            self._phone()
        next(self.thread, None)
        if self.answered:
            self.party.pass_frame(self.frame)

    def _phone(self) -> None:
        before, after = self.party.answered / self.rate, (self.party.answered + self.frame) / self.rate
        for at, digits in self.party.keys:
            if before <= at < after:
                self.press(digits)
        if self.party.hangs_up_now:
            self.hangup("NORMAL_CLEARING")
