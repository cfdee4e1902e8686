"""From what happens to legs to what happens to calls. Remembers the legs that are up, latches each one's role at its
creation, and says which call a leg's fact belongs to. Pure but for its own memory; knows no machine and no order."""

from dataclasses import dataclass, field, replace

from eslbot.call.roles import RolePatterns, leg_of, own_number, purpose_of
from eslbot.model import facts
from eslbot.model.call import CallId, Direction, Leg, LegId, Role
from eslbot.model.facts import BridgeFact, CallFact, LegFact
from eslbot.model.supervising import Mode

KEYS_WITHIN = 3.0
"""Seconds in which the keys of a sequence are pressed."""


@dataclass(slots=True)
class _Known:
    """A leg that is up."""

    switch: str
    leg: Leg
    call: CallId | None = None
    """The call it is the recorded leg of."""
    far_of: CallId | None = None
    """The call it is the other side of, right now."""
    consulted_in: CallId | None = None
    """The call whose agent consults the party at it."""
    purpose: str = ""
    """What its channel says the call is for."""
    pressed: tuple[tuple[str, float], ...] = ()
    """The last keys on its phone, each with when."""
    supervises: CallId | None = None
    """The call it listens in on, or has taken over, for a supervisor."""
    mode: Mode = Mode.LISTEN
    """As its channel says."""


@dataclass(slots=True)
class LegBook:
    """All legs of all switches. `tell` is called once per fact, in order per switch."""

    patterns: RolePatterns
    closing_extension: str
    mask_key: str = ""
    """What an agent presses to mask the recording, and again to end it; empty: nothing."""
    purpose: str = ""
    """Of calls whose channels do not say."""
    _legs: dict[LegId, _Known] = field(default_factory=dict)

    def tell(self, fact: LegFact | BridgeFact, shadow: bool) -> list[CallFact]:
        """What the fact means for calls; `shadow` is handed to calls that open."""
        match fact:
            case facts.LegCreated():
                return self._created(fact, shadow)
            case facts.LegAnswered():
                return self._answered(fact)
            case facts.LegRate():
                return self._rate(fact)
            case facts.LegsBridged():
                return self._bridged(fact, shadow)
            case facts.LegsUnbridged():
                return [*self._unbridged(fact.a, fact.b, fact.at), *self._unbridged(fact.b, fact.a, fact.at)]
            case facts.LegHungUp():
                return self._gone(fact.uuid, fact.at, "hung-up", fact.cause)
            case facts.LegDestroyed():
                return self._gone(fact.uuid, fact.at, "hung-up")
            case facts.DigitPressed():
                return self._digit(fact)
            case facts.PlaybackStarted(uuid=uuid, destination=self.closing_extension):
                return [facts.ClosingStarted(call, fact.at) for call in self._recorded(uuid)]
            case facts.PlaybackStopped(uuid=uuid, destination=self.closing_extension):
                return [facts.ClosingStopped(call, fact.at, fact.complete) for call in self._recorded(uuid)]
        return []

    def adopt(self, switch: str, call: CallId, leg: LegId, role: Role, other: LegId | None, other_role: Role) -> None:
        """Put back what a journal says of a call that was up when we died."""
        direction = Direction.OUTBOUND
        self._legs[leg] = _Known(switch, Leg(leg, role, direction), call=call)
        if other is not None:
            self._legs[other] = _Known(switch, Leg(other, other_role, direction), far_of=call)

    def seat(self, switch: str, leg: LegId, call: CallId, number: str) -> None:
        """That leg is a supervisor's in this call, by our own hand or as a journal says, and its phone's number this:
        where it is sent to hear another leg, the switch names that as its destination."""
        known = self._legs.get(leg)
        if known is None:
            known = self._legs[leg] = _Known(switch, Leg(leg, Role.SUPERVISOR, Direction.OUTBOUND))
        known.leg = replace(known.leg, role=Role.SUPERVISOR, number=known.leg.number or number)
        known.supervises = call

    def on_the_phone(self, number: str) -> bool:
        """Whether a leg of that number is up."""
        return any(known.leg.number == number for known in self._legs.values())

    def call_of(self, leg: LegId) -> CallId | None:
        """The call a leg belongs to, on either side."""
        known = self._legs.get(leg)
        return None if known is None else known.call or known.far_of or known.supervises

    def number_of(self, leg: LegId) -> str:
        """The leg's own number, empty where it is unknown. Personal data: for comparing, never for a log."""
        known = self._legs.get(leg)
        return "" if known is None else known.leg.number

    @property
    def legs(self) -> tuple[LegId, ...]:
        """All that are up."""
        return tuple(self._legs)

    def missing(self, switch: str, alive: tuple[LegId, ...], at: float, outcome: str) -> list[CallFact]:
        """After a resync: legs of ours on that switch that are no more."""
        here = set(alive)
        gone = [leg for leg, known in self._legs.items() if known.switch == switch and leg not in here]
        return [fact for leg in gone for fact in self._gone(leg, at, outcome)]

    def restarted(self, switch: str) -> None:
        """Forget who is joined with whom on that switch; the resync tells it anew."""
        for known in self._legs.values():
            if known.switch == switch:
                known.far_of = None

    def joined(self, call: CallId) -> bool:
        """Whether the call's recorded leg has another side right now."""
        return any(known.far_of == call for known in self._legs.values())

    # -----------------------------------------------------------------------------------------------------------------
    def _recorded(self, leg: LegId) -> list[CallId]:
        known = self._legs.get(leg)
        return [known.call] if known is not None and known.call is not None else []

    def _created(self, fact: facts.LegCreated, shadow: bool) -> list[CallFact]:
        if (again := self._legs.get(fact.uuid)) is not None:  # by a resync: the role stays as it was latched
            number = again.leg.number or own_number(fact, self.patterns.trust_caller_number)
            again.leg = replace(again.leg, number=number)
            self._marked(again, fact)
            return []
        known = self._legs[fact.uuid] = _Known(fact.switch, leg_of(fact, self.patterns), purpose=purpose_of(fact))
        self._marked(known, fact)
        by = None if fact.originator is None else self._legs.get(fact.originator)
        told = [] if by is None else self._consults(by, known, fact.at)
        if known.leg.role is not Role.CUSTOMER:
            return told
        known.call = CallId(fact.uuid)
        purpose = known.purpose or self.purpose
        return [*told, facts.Opened(known.call, fact.at, fact.switch, fact.uuid, True, shadow, purpose)]

    def _consults(self, by: _Known, whom: _Known, at: float) -> list[CallFact]:
        """An agent who is in a call is joined with somebody else, or has them called."""
        if by.far_of is None or by.leg.role is not Role.AGENT or by.far_of == whom.call:
            return []
        whom.consulted_in = by.far_of
        return [facts.ConsultBegan(by.far_of, at)]

    def _marked(self, known: _Known, fact: facts.LegCreated) -> None:
        """A supervisor's leg says whose call it is in, and how: we have written it there."""
        ours = dict(fact.variables)
        if known.leg.role is not Role.SUPERVISOR or "eslbot_call" not in ours:
            return
        known.supervises = CallId(ours["eslbot_call"])
        if ours.get("eslbot_mode") in set(Mode):
            known.mode = Mode(ours["eslbot_mode"])

    def _answered(self, fact: facts.LegAnswered) -> list[CallFact]:
        known = self._legs.get(fact.uuid)
        if known is None:
            return []
        known.leg = replace(known.leg, rate=fact.rate)
        if known.supervises is not None:
            return [facts.SupervisorJoined(known.supervises, fact.at, fact.uuid, known.mode)]
        return [facts.Answered(call, fact.at) for call in self._recorded(fact.uuid)]

    def _rate(self, fact: facts.LegRate) -> list[CallFact]:
        known = self._legs.get(fact.uuid)
        if known is None or known.leg.rate == fact.rate:
            return []
        known.leg = replace(known.leg, rate=fact.rate)
        return [facts.RateChanged(call, fact.at, fact.rate) for call in self._recorded(fact.uuid)]

    def _bridged(self, fact: facts.LegsBridged, shadow: bool) -> list[CallFact]:
        told: list[CallFact] = []
        near, far = _sides(*(self._known(fact.switch, leg) for leg in (fact.a, fact.b)))
        if near.leg.role is not Role.CUSTOMER:
            told += [*self._consults(near, far, fact.at), *self._consults(far, near, fact.at)]
        if far.call is not None and far.call != near.call:  # twice a customer, or an agent done with another agent
            told.append(facts.Merged(far.call, fact.at))
            far.call = None
        if near.call is None:
            near.call = CallId(near.leg.uuid)
            purpose = near.purpose or far.purpose or self.purpose
            told.append(facts.Opened(near.call, fact.at, fact.switch, near.leg.uuid, False, shadow, purpose))
        for known in self._legs.values():
            if known.far_of == near.call:
                known.far_of = None
        far.far_of = near.call
        told.append(facts.Joined(near.call, fact.at, far.leg.uuid, far.leg.role, near.leg.rate))
        return told

    def _digit(self, fact: facts.DigitPressed) -> list[CallFact]:
        """The agent's own keys, pressed one right after the other."""
        known = self._legs.get(fact.uuid)
        if not self.mask_key or known is None or known.leg.role is not Role.AGENT or known.far_of is None:
            return []
        known.pressed = (*known.pressed, (fact.digit.upper(), fact.at))[-len(self.mask_key) :]
        whole = "".join(digit for digit, _ in known.pressed)
        if whole != self.mask_key or fact.at - known.pressed[0][1] > KEYS_WITHIN:
            return []
        known.pressed = ()
        return [facts.Commanded(known.far_of, fact.at, f"key {fact.uuid} {fact.at:.3f}", "phone", "mask_key")]

    def _known(self, switch: str, leg: LegId) -> _Known:
        """A leg whose creation we never saw has no role."""
        if leg not in self._legs:
            self._legs[leg] = _Known(switch, Leg(leg, Role.UNKNOWN, Direction.INBOUND))
        return self._legs[leg]

    def _unbridged(self, leg: LegId, other: LegId, at: float) -> list[CallFact]:
        """Nothing where the two were apart already: an agent who consults another one is still the customer's."""
        known, there = self._legs.get(leg), self._legs.get(other)
        ends = known is not None and there is not None and known.far_of is not None and there.call == known.far_of
        return self._parted(leg, at) if ends else []

    def _parted(self, leg: LegId, at: float) -> list[CallFact]:
        known = self._legs.get(leg)
        if known is None or known.far_of is None:
            return []
        call, known.far_of = known.far_of, None
        return [facts.Parted(call, at)]

    def _gone(self, leg: LegId, at: float, outcome: str, cause: str = "") -> list[CallFact]:
        told = self._parted(leg, at)
        known = self._legs.pop(leg, None)
        if known is not None and known.supervises is not None:
            why = cause or ("NORMAL_CLEARING" if outcome == "hung-up" else "LOST")
            told.append(facts.SupervisorLeft(known.supervises, at, leg, why))
        if known is not None and known.consulted_in is not None:
            told.append(facts.ConsultEnded(known.consulted_in, at))
        if known is None or known.call is None:
            return told
        for other in self._legs.values():
            if other.far_of == known.call:
                other.far_of = None
        return [*told, facts.Gone(known.call, at, outcome)]


def _sides(a: _Known, b: _Known) -> tuple[_Known, _Known]:
    """Whose call it is, and the other: the customer's, else the one's that has a call already, else the A leg's."""
    def claim(leg: _Known) -> tuple[bool, bool]:
        return leg.leg.role is Role.CUSTOMER, leg.call is not None

    return (b, a) if claim(b) > claim(a) else (a, b)
