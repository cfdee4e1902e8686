"""Sees to it that every call that was answered is being recorded, whatever may have kept it from being so: looks at
what the switch tells of legs and at when audio last came, and asks no machine of a call, since that may be what failed.
Knows no cause; people are told within a minute."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import gevent

from eslbot.call.state import CallState
from eslbot.greenlets import Greenlets
from eslbot.model import facts
from eslbot.model.call import CallId, LegId
from eslbot.model.facts import Fact
from eslbot.model.orders import Alert, Order

WAIT = 40.0
"""Seconds without audio, of a leg that ought to be recorded; longer than what the call's own machine waits."""
LOOK_EVERY = 5.0
NEVER = "answered, and no audio has come"
STOPPED = "the audio stopped in mid-call"


@dataclass(frozen=True, slots=True)
class _Leg:
    """One that is up."""

    switch: str
    since: float | None = None
    """When it was answered, bridged, or taken off hold, whichever was last; None: not yet."""
    held: bool = False


class Completeness:
    """`follow` every fact; `look` now and then."""

    def __init__(
        self, call_of: Callable[[LegId], CallId | None], heard: Callable[[CallId], float | None],
        missing: Callable[[CallId, str], None], clock: Callable[[], float],
    ) -> None:
        """`call_of`: the call a leg belongs to. `heard`: when a call's audio last came; None: never in this life.
        `missing(call, why)`: people are to be told."""
        self._call_of, self._heard, self._missing, self._clock = call_of, heard, missing, clock
        self._legs: dict[LegId, _Leg] = {}
        self._told: set[CallId] = set()
        """Of whom people know already."""

    def start(self, greenlets: Greenlets) -> None:
        """Begin to look."""
        greenlets.spawn("completeness", self._run, restart_after=LOOK_EVERY)

    def _run(self) -> None:
        while True:
            gevent.sleep(LOOK_EVERY)
            self.look()

    # --- what happens ------------------------------------------------------------------------------------------------
    def follow(self, what: Fact | Order, state: CallState | None) -> None:
        """To be shown every fact, and every order."""
        match what:
            case facts.LegAnswered():
                self._expect(what.switch, what.uuid)
            case facts.LegsBridged():
                for leg in (what.a, what.b):
                    self._expect(what.switch, leg)
            case facts.LegHeld(uuid=uuid) if uuid in self._legs:
                self._legs[uuid] = replace(self._legs[uuid], held=True)
            case facts.LegUnheld(uuid=uuid) if uuid in self._legs:
                self._legs[uuid] = replace(self._legs[uuid], held=False, since=self._clock())
            case facts.LegHungUp(uuid=uuid) | facts.LegDestroyed(uuid=uuid):
                self._forget(uuid)
            case facts.SwitchUp():
                for leg in [leg for leg, one in self._legs.items() if one.switch == what.switch]:
                    if leg not in what.legs:
                        self._forget(leg)
            case Alert(kind="recording-missing"):
                self._told.add(what.call)

    def _expect(self, switch: str, leg: LegId) -> None:
        known = self._legs.get(leg, _Leg(switch))
        if known.since is None:
            known = replace(known, since=self._clock())
        self._legs[leg] = known

    def _forget(self, leg: LegId) -> None:
        self._legs.pop(leg, None)
        self._told.discard(CallId(leg))

    # --- what is missing ---------------------------------------------------------------------------------------------
    def look(self) -> None:
        """Tell of every call that has been without audio for too long, once for each spell."""
        now = self._clock()
        for leg, one in list(self._legs.items()):
            call = CallId(leg)
            if one.since is None or one.held or self._call_of(leg) != call:
                continue  # nobody's, or the other side of a call that bears another leg's name
            heard = self._heard(call)
            silent = now - max(one.since, heard or 0.0)
            if silent < LOOK_EVERY and heard is not None:
                self._told.discard(call)
            elif silent >= WAIT and call not in self._told:
                self._told.add(call)
                self._missing(call, NEVER if heard is None else STOPPED)
