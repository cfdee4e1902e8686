"""What people may ask of the running service: the handlers behind `eslbot calls`, `mute`, `unmute`, `mask`,
`unmask`, `hangup`, `shadow` and `disarm`. Knows who asks (whoever let them in says) and what that takes, not how an act
is done."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

import gevent

from eslbot.act import supervise
from eslbot.act.supervise import Seat
from eslbot.call.desk import Desk
from eslbot.call.state import CallState
from eslbot.model.call import Severity
from eslbot.model.facts import Commanded
from eslbot.service.people.joining import again
from eslbot.service.people.owners import Owners
from eslbot.service.people.reasons import why
from eslbot.store.chain import Entry
from eslbot.store.rows import FlagRow
from eslbot.store.store import Store
from eslbot.supervise.access import Hidden, NoSuch, Permission, Person
from eslbot.supervise.admin import Handler
from eslbot.supervise.wire import Refused

WHAT = {"mute": "mute", "unmute": "unmute", "hang_up": "hang-up", "mask": "mask", "unmask": "unmask"}
"""A command's name in the audit."""
SHADOW = "shadow"
"""Name of the flag that outlives a restart."""
LONGEST = 3600
"""Seconds that a mute or a mask may be asked for."""


class People:
    """The handlers of one service."""

    def __init__(
        self, desk: Desk, store: Store, clock: Callable[[], float], shadowed: Callable[[bool], None],
        audit: Callable[[Entry], None], owners: Owners, severities: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        """`audit` takes what a person did; it must neither wait nor fail: a mute does not depend on it. `severities`:
        rule -> severity's label."""
        self._severities = severities
        self._desk, self._store, self._clock, self._shadowed, self._audit = desk, store, clock, shadowed, audit
        self._owners = owners

    @property
    def handlers(self) -> dict[str, Handler]:
        """By verb."""
        return {
            "calls": self.calls, "call": self.call, "mute": self.mute, "unmute": self.unmute, "hangup": self.hang_up,
            "shadow": self.shadow, "disarm": self.disarm, "mask": self.mask, "unmask": self.unmask,
        }

    def calls(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """Those that the person sees."""
        person.needs(Permission.SEE, Permission.OWN)
        seen = [state for state in self._desk.states() if self._owners.sees(person, state.id)]
        labels = self._severities()
        return {"calls": [self._row(state, person, labels) for state in seen], "shadow": self._desk.shadow}

    def call(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """One of them."""
        person.needs(Permission.SEE, Permission.OWN)
        return self._row(self.meant(args, person), person, self._severities())

    def meant(self, args: dict[str, Any], person: Person) -> CallState:
        """The call that `args["call"]` means, among those that the person sees. Raises NoSuch: what is not theirs to
        see is not there."""
        wanted, others = str(args.get("call", "")), list[str]()

        def theirs(state: CallState) -> bool:
            sees = self._owners.sees(person, state.id)
            others.extend(() if sees else (state.id,))
            return sees

        try:
            return self._desk.find(wanted, theirs)
        except LookupError as error:
            said = str(error.args[0])
            raise Hidden(said, others[0]) if others else NoSuch(said) from error

    def _row(self, state: CallState, person: Person, labels: Mapping[str, str]) -> dict[str, Any]:
        now = self._clock()
        until = state.mutes.until if state.mutes.group else None
        owner = self._owners.of(state.id)
        return {
            "call": state.id, "agent": owner.agent, "team": owner.team,
            "switch": state.switch, "phase": state.phase.value, "roles_known": state.sides_known,
            "customer": state.customer, "other": state.other, "other_role": state.other_role.value,
            "seconds": None if state.bridged is None else round(now - state.bridged, 1),
            "recording": state.heard and not state.sealed,
            "muted_for": None if until is None else round(until - now, 1),
            "masked_for": None if state.mask is None else round(state.mask.ends - now, 1),
            "closing_armed": state.closing.armed, "shadow": state.shadow, "consulting": state.consulting,
            "violations": len({mark.hit for mark in state.done}), "worst": _worst(state, labels),
            "disclosures": {rule: how.value for rule, how in state.disclosures},
            "supervisors": [seat_row(seat) for seat in state.seats if person.may(Permission.SEE)],
        }

    def mute(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """The customer stops hearing the agent, for `seconds` or the usual time: {call, done}."""
        return self._command(args, person, "mute", _seconds(args, "a mute"))

    def unmute(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """And hears the agent again."""
        return self._command(args, person, "unmute")

    def hang_up(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """Ends the agent's leg; the customer hears the closing."""
        return self._command(args, person, "hang_up")

    def mask(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """Nothing of what is said is kept, for `seconds` or the longest that a mask may stand: {call, done}."""
        return self._mask(args, person, "mask", _seconds(args, "a mask"))

    def unmask(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """And it is kept again."""
        return self._mask(args, person, "unmask")

    def _mask(self, args: dict[str, Any], person: Person, verb: str, seconds: float | None = None) -> dict[str, Any]:
        """Of a call that the person sees: an agent's own. Who is on the line does not matter."""
        person.needs(Permission.MASK)
        state = self.meant(args, person)
        if not state.listening:
            raise Refused(f"call {state.id}: nothing of it is recorded yet")
        return self._do(state, args, person, verb, seconds)

    def _command(self, args: dict[str, Any], person: Person, verb: str, seconds: float | None = None) -> dict[str, Any]:
        person.needs(Permission.ACT)
        state = self.meant(args, person)
        answer = self._do(state, args, person, verb, seconds)
        if not answer["done"] and not answer.get("again") and not state.actable:
            raise Refused(f"call {state.id}: there is no known agent on the line to {verb.replace('_', ' ')}")
        return answer

    def _do(
        self, state: CallState, args: dict[str, Any], person: Person, verb: str, seconds: float | None
    ) -> dict[str, Any]:
        reason = why(args)
        if args.get("id") in state.commands:   # sent again, after a restart too: the journal knows it
            return again(state.id)
        command = Commanded(state.id, self._clock(), str(args.get("id") or uuid.uuid4()), person.who, verb, seconds)
        try:
            outcomes = self._desk.command(command)
        except gevent.Timeout as timeout:
            detail = "no answer from the switch"
            self._audit(Entry(WHAT[verb], person.who, state.id, reason=reason, detail=detail))
            raise Refused("the switch has not answered; the command may still be done") from timeout
        came = ", ".join(f"{kind} {how[0]}" for kind, how in outcomes if how is not None) or "nothing to do"
        self._audit(Entry(WHAT[verb], person.who, state.id, reason=reason, detail=came))
        acts = {kind: outcome for kind, outcome in outcomes if outcome is not None}
        failed = {kind: detail for kind, (how, detail) in acts.items() if how != "done"}
        if failed:
            raise Refused("; ".join(f"{kind}: {detail or 'failed'}" for kind, detail in failed.items()))
        return {"call": state.id, "done": sorted(acts)}

    def shadow(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """Shadow mode, set where `on` is given: {shadow}. It outlives a restart."""
        person.needs(Permission.OPERATE)
        wanted = args.get("on")
        if wanted is not None:
            self._desk.set_shadow(bool(wanted))
            self._store.flags.put(FlagRow(SHADOW, "on" if wanted else "off", self._clock(), person.who))
            self._shadowed(bool(wanted))
            self._audit(Entry("shadow", person.who, reason=why(args), detail="on" if wanted else "off"))
        return {"shadow": self._desk.shadow}

    def disarm(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """Takes the closing back from all calls that are up: {disarmed: how many}."""
        person.needs(Permission.OPERATE)
        count = self._desk.disarm(person.who)
        self._audit(Entry("disarm", person.who, reason=why(args), detail=f"taken back from {count} calls"))
        return {"disarmed": count}


def _seconds(args: dict[str, Any], what: str) -> float | None:
    """How long it is to last. Raises Refused."""
    seconds = args.get("seconds")
    if seconds is not None and not (isinstance(seconds, int | float) and 0 < seconds <= LONGEST):
        raise Refused(f"{what} lasts more than 0 and at most {LONGEST} seconds")
    return seconds


def seat_row(seat: Seat) -> dict[str, Any]:
    """A supervisor's phone as `calls` shows it; `wanted`: the mode that was asked for and is not done yet."""
    return {
        "by": seat.by, "phone": seat.phone, "mode": seat.mode.value, "state": supervise.state_of(seat),
        "wanted": None if seat.wanted is None else seat.wanted.value,
    }


def _worst(state: CallState, labels: Mapping[str, str]) -> str | None:
    found = [Severity[labels[mark.rule].upper()] for mark in state.done if mark.rule in labels]
    return max(found).label if found else None
