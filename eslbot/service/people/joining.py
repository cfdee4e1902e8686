"""What people may ask about supervising a call: listen, whisper, barge, takeover, leave, correct. Knows who asks and
what that takes; what is done about it the machine knows."""

import re
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import gevent

from eslbot.act import supervise
from eslbot.act.supervise import Seat
from eslbot.act.supervise import state_of as seat_state
from eslbot.call.desk import Desk
from eslbot.call.roles import Numbers
from eslbot.call.runner import Outcome
from eslbot.call.state import CallState
from eslbot.call.supervising import LEAVE
from eslbot.config.supervise import PHONE
from eslbot.model.call import CallId, LegId
from eslbot.model.facts import Commanded
from eslbot.model.supervising import Mode
from eslbot.service.people.reasons import why
from eslbot.service.people.supervising import AFTERWARDS, Supervisors, meaning
from eslbot.store.chain import Entry
from eslbot.supervise.access import Denied, Permission, Person
from eslbot.supervise.admin import Handler
from eslbot.supervise.wire import Refused

CORRECT = "correct"
_PROMPT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True, slots=True)
class JoinOptions:
    """What this installation allows."""

    numbers: Numbers
    """Which phones may be rung; matched whole."""
    ring: float
    """Seconds a phone rings."""
    reasoned: Collection[str]
    """Verbs that are done for a reason only, and a phone cannot give one."""
    prompts: Collection[str]
    """Prompts that are known by name; empty: whatever the switch has."""


class Joining:
    """The handlers of one service."""

    def __init__(
        self, options: JoinOptions, desk: Desk, supervisors: Supervisors, clock: Callable[[], float],
        find: Callable[[dict[str, Any], Person], CallState], audit: Callable[[Entry], None],
        owner: Callable[[str], str] = lambda phone: "",
    ) -> None:
        """`find`: the call that was asked for, if it is theirs to see. `audit` must neither wait nor fail. `owner`: the
        account whose phone that is; empty: nobody's."""
        self._owner = owner
        self._options, self._desk, self._supervisors, self._clock = options, desk, supervisors, clock
        self._find, self._audit = find, audit

    @property
    def handlers(self) -> dict[str, Handler]:
        """By verb."""
        modes: dict[str, Handler] = {mode.value: self._handler(mode) for mode in Mode}
        return {**modes, LEAVE: self.leave, CORRECT: self.correct}

    def _handler(self, mode: Mode) -> Handler:
        return lambda args, person: self.join(args, person, mode)

    def join(self, args: dict[str, Any], person: Person, mode: Mode) -> dict[str, Any]:
        """Rings their phone, or changes who hears them where they are in already. With `wait` the answer comes once
        they are in; else at once, and `calls` shows how it stands."""
        person.needs(Permission.ACT)
        phone = self._phone(args, person)
        reason = why(args)
        state = self._find(args, person)
        if args.get("id") in state.commands:
            return {**again(state.id), "mode": mode.value, "state": _how(self._seat(state, person, phone))}
        with self._supervisors.expecting(state.id, person.who, phone) as wait:
            acts = self.command(state, person, mode.value, phone, reason, args)
            seat = self._seat(state, person, phone)
            if (seat is None or not seat.inside) and args.get("wait"):
                cause = wait(self._options.ring + AFTERWARDS)
                if cause:
                    detail = f"not in: {meaning(cause)}"
                    self._audit(Entry(mode.value, person.who, state.id, reason=reason, detail=detail))
                    raise Refused(f"{phone}: {meaning(cause)}")
                seat = self._seat(state, person, phone)
        return {
            "call": state.id, "done": sorted(kind for kind, _ in acts), "mode": mode.value, "state": _how(seat),
        }

    def walk_in(
        self, person: Person, phone: str, leg: LegId, mode: Mode, extension: str
    ) -> tuple[CallId, LegId, Mode]:
        """They have called in from that phone and want the call of the agent at `extension`: the call, the leg that
        they are to hear, and how they begin. Raises Refused."""
        person.needs(Permission.ACT)
        if mode.value in self._options.reasoned:
            raise Refused(f"{mode.value}: this installation asks for a reason, and a phone cannot give one")
        found = [state for state in self._desk.states()
                 if state.actable and state.other is not None and self._desk.number_of(state.other) == extension]
        if len(found) != 1 or found[0].other is None:
            raise Refused("that agent is in no call")
        state = self._find({"call": found[0].id}, person)
        if found[0].consulting:
            raise Refused("that agent consults another one: call again after it")
        self.command(state, person, mode.value, phone, "", {}, leg)
        return state.id, found[0].other, Mode.LISTEN if mode is Mode.TAKEOVER else mode

    def command(
        self, state: CallState, person: Person, verb: str, phone: str, reason: str, args: dict[str, Any],
        leg: LegId | None = None,
    ) -> list[tuple[str, Outcome]]:
        """Gives the command and audits it. Raises Refused in words for who asked."""
        command = Commanded(
            state.id, self._clock(), str(args.get("id") or uuid.uuid4()), person.who, verb, phone=phone, leg=leg,
            prompt=str(args.get("prompt", "")),
        )
        try:
            outcomes = self._desk.command(command)
        except KeyError as error:
            raise Refused(f"call {state.id} has ended") from error
        except gevent.Timeout as timeout:
            self._audit(Entry(verb, person.who, state.id, reason=reason, detail="no answer from the switch"))
            raise Refused("the switch has not answered; the command may still be done") from timeout
        acts = [(kind, how) for kind, how in outcomes if how is not None]
        came = ", ".join(f"{kind} {how[0]}" for kind, how in acts) or "nothing to do"
        self._audit(Entry(verb, person.who, state.id, reason=reason, detail=came))
        failed = [meaning(how[1]) if kind == "Ring" else how[1] for kind, how in acts if how[0] != "done"]
        if failed:
            raise Refused("; ".join(detail or "the switch has refused" for detail in failed))
        if not acts and verb not in (LEAVE, CORRECT):
            self._why_not(state, person, phone)
        return acts

    def _why_not(self, state: CallState, person: Person, phone: str) -> None:
        """Nothing to do is well where they are in already; else it is said why."""
        now = self._desk.state(state.id)
        if now is None:
            raise Refused(f"call {state.id} has ended")
        if supervise.of(now.seats, person.who, phone) is not None and now.actable:
            return
        if now.actable and len(now.seats) >= supervise.MOST:
            raise Refused(f"call {state.id}: {supervise.MOST} phones are in already")
        raise Refused(f"call {state.id}: no known agent faces a known customer"
                      + (", or none did a moment ago: ask again" if now.actable else ""))

    def _seat(self, state: CallState, person: Person, phone: str) -> Seat | None:
        now = self._desk.state(state.id)
        return None if now is None else supervise.of(now.seats, person.who, phone)

    def leave(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """Ends their part in the call; who has taken it over leaves the customer to the closing."""
        person.needs(Permission.ACT)
        phone = str(args.get("phone") or "")
        state = self._find(args, person)
        if args.get("id") in state.commands:
            return {**again(state.id), "mode": None, "state": "gone"}
        acts = self.command(state, person, LEAVE, phone, why(args), args)
        if not acts:
            raise Refused(f"call {state.id}: {person.name} is not in it" + (f" with {phone}" if phone else
                          ", or with several phones: say which"))
        return {"call": state.id, "done": sorted(kind for kind, _ in acts), "mode": None, "state": "gone"}

    def correct(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """A prepared sentence to the customer."""
        person.needs(Permission.ACT)
        prompt = str(args.get("prompt") or "")
        if not _PROMPT.fullmatch(prompt) or (self._options.prompts and prompt not in self._options.prompts):
            known = ", ".join(sorted(self._options.prompts)) or "none is known by name"
            raise Refused(f"there is no such prompt; there are: {known}")
        state = self._find(args, person)
        if args.get("id") in state.commands:
            return again(state.id)
        acts = self.command(state, person, CORRECT, "", why(args), args)
        if not acts:
            raise Refused(f"call {state.id}: no known agent faces a known customer")
        return {"call": state.id, "done": sorted(kind for kind, _ in acts)}

    def _phone(self, args: dict[str, Any], person: Person) -> str:
        phone = str(args.get("phone") or person.number)
        if not PHONE.fullmatch(phone) or not self._options.numbers.fullmatch(phone):
            raise Refused("which phone? Its number must be one that [supervise] numbers allows")
        if person.via != "socket" and self._owner(phone) not in ("", person.name):   # nobody has others hear a call
            raise Denied("that phone is another account's")
        return phone


def again(call: str) -> dict[str, Any]:
    """The answer to a command that the call's journal knows by its id: it was taken up, before a restart too, and is
    not done again."""
    return {"call": call, "done": [], "again": True}


def _how(seat: Seat | None) -> str:
    return "gone" if seat is None else seat_state(seat)
