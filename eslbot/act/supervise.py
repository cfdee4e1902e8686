"""Who sits in a call besides its two parties: seats, one for each supervisor's phone, from the order to ring it until
it has gone. A seat's undo is its dismissal. Knows no switch command and no list of people on call."""

from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from eslbot.model.call import CallId, LegId
from eslbot.model.orders import SetTimer
from eslbot.model.supervising import Dismiss, Follow, Mode, Ring, SetMode, TakeOver, Wait

TIMER = "ring "
"""Begins the name of the timer that gives a ringing phone up; the leg follows."""
SLACK = 3.0
"""Seconds after its ringing time in which the switch itself tells that nobody answered."""
SETTLE = 0.5
"""Seconds from a supervisor's answer, or own call into the dialplan, until the switch surely lets them hear the call: a
takeover that comes before that is undone by it."""
LEFT = "supervisors"
"""Name of the timer that lets supervisors go whose call has no agent any more."""
GAP = 2.0
"""Seconds from one agent's leaving until the next one is there: a transfer has such a gap."""
MOST = 8
"""Seats of one call."""
_LEGS = UUID("9a5c7f0e-5d0b-4f5e-8f0a-2f6f1c9f2b61")
"""Names of legs are made in this space."""

SupervisionOrder = Ring | SetMode | Follow | Wait | TakeOver | Dismiss | SetTimer


@dataclass(frozen=True, slots=True)
class Seat:
    """One supervisor's phone in one call."""

    leg: LegId
    by: str
    """Who asked for it: a Unix user, an account, or the service."""
    phone: str
    mode: Mode
    """What the switch was last told, and has done."""
    wanted: Mode | None = None
    """What was asked for and is not done yet."""
    inside: bool = False
    """It was picked up."""
    ends: float = 0.0
    """When it stops ringing."""
    since: float = 0.0
    """When it was picked up."""
    turn: int | None = None
    """The how-manyth on call it is, from 0, where a rule rang it."""
    spied: LegId | None = None
    """The agent's leg at which it hears the call; None: as it was found."""
    waits: bool = False
    """It hears nothing until the agent is back from a consult, or the call is another agent's."""

    @property
    def reaches_customer(self) -> bool:
        """Whether the customer may hear it: what is asked for counts until it is known to be refused."""
        modes = (self.mode, self.wanted)
        return self.inside and any(mode is not None and mode.reaches_customer for mode in modes)


Seats = tuple[Seat, ...]
Change = tuple[Seats, list[SupervisionOrder]]


def leg_of(call: CallId, number: int) -> LegId:
    """What the leg of the call's so-manyth seat is called: the same in every replay."""
    return LegId(str(uuid5(_LEGS, f"{call} {number}")))


def find(seats: Seats, leg: LegId) -> Seat | None:
    return next((seat for seat in seats if seat.leg == leg), None)


def of(seats: Seats, by: str, phone: str) -> Seat | None:
    """The seat of that person's phone; without a phone the person's only one, where there is just one."""
    found = [seat for seat in seats if seat.by == by and phone in ("", seat.phone)]
    return found[0] if len(found) == 1 or (found and phone) else None


def state_of(seat: Seat) -> str:
    """In a word: `ringing`, `in`, or `consult`: in, and hearing nothing while the agent consults another one."""
    return "ringing" if not seat.inside else "consult" if seat.waits else "in"


def put(seats: Seats, seat: Seat) -> Seats:
    """With that seat in place of the one of the same leg."""
    kept = tuple(other for other in seats if other.leg != seat.leg)
    return (*kept, seat)


def ring(seats: Seats, call: CallId, spied: LegId, seat: Seat, seconds: float) -> Change:
    """A phone that is to ring for so long."""
    order = Ring(
        "", call, seat.leg, None if seat.waits else spied, seat.phone, seat.by, seat.mode, seconds,
        idle=seat.turn is not None,
    )
    return put(seats, replace(seat, spied=spied)), [order, SetTimer("", call, TIMER + seat.leg, seat.ends + SLACK)]


def change(seats: Seats, call: CallId, seat: Seat, mode: Mode, customer: LegId, at: float) -> Change:
    """Another mode for a phone that is in, or still rings. Asking for what is so already gives no order; asking again
    for what has not come about does."""
    if seat.wanted is None and mode is seat.mode:
        return seats, []
    seats = put(seats, replace(seat, wanted=mode))
    if mode is not Mode.TAKEOVER:
        return seats, [SetMode("", call, seat.leg, mode)]
    if not seat.inside:
        return seats, []
    if at < seat.since + SETTLE:
        return seats, [SetTimer("", call, TIMER + seat.leg, seat.since + SETTLE)]
    return seats, [TakeOver("", call, seat.leg, customer)]


def follow(seats: Seats, call: CallId, seat: Seat, agent: LegId, at: float) -> Change:
    """The call's agent is `agent` now: who hears it at another leg, or waits, hears it there from now on, or once the
    switch has surely let them hear it at all. A takeover has no agent; one that was put off is gone on with."""
    if seat.waits and seat.inside and seat.wanted is Mode.TAKEOVER:
        return put(seats, replace(seat, waits=False)), [SetTimer("", call, TIMER + seat.leg, at)]
    if not seat.inside or Mode.TAKEOVER in (seat.mode, seat.wanted) or (seat.spied == agent and not seat.waits):
        return seats, []
    if seat.spied is None and not seat.waits:
        return put(seats, replace(seat, spied=agent)), []
    if at < seat.since + SETTLE:
        return seats, [SetTimer("", call, TIMER + seat.leg, seat.since + SETTLE)]
    now, back = replace(seat, spied=agent, waits=False), seat.spied in (agent, None)
    return put(seats, now), [Follow("", call, seat.leg, agent, seat.by, back)]


def wait(seats: Seats, call: CallId, seat: Seat, at: float) -> Change:
    """The agent consults another one: who hears the call hears nothing until that is over."""
    if not seat.inside or seat.waits or seat.mode is Mode.TAKEOVER:
        return seats, []
    if at < seat.since + SETTLE:
        return seats, [SetTimer("", call, TIMER + seat.leg, seat.since + SETTLE)]
    return put(seats, replace(seat, waits=True)), [Wait("", call, seat.leg, seat.by)]


def dismiss(call: CallId, seat: Seat) -> list[SupervisionOrder]:
    """Away with it; it goes once its leg has gone."""
    return [Dismiss("", call, seat.leg), SetTimer("", call, TIMER + seat.leg, None)]
