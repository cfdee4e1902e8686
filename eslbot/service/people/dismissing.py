"""Whoever may not hear a call any more does not go on hearing it: when accounts change, the phones of those who may not
be in their calls leave them. Knows the roster, the seats and the owners; how a phone leaves the machine knows.

One who has taken a call over stays until they hang up: the customer talks with nobody else, and calls come first."""

import uuid
from collections.abc import Callable, Iterator

import gevent
import structlog

from eslbot.act.supervise import Seat
from eslbot.call.desk import Desk
from eslbot.call.supervising import LEAVE
from eslbot.greenlets import Greenlets
from eslbot.model.call import CallId
from eslbot.model.facts import Commanded
from eslbot.model.supervising import Mode
from eslbot.service.people.owners import NOBODY, Owners
from eslbot.store import chain
from eslbot.store.chain import Entry
from eslbot.supervise.access import Permission, Person
from eslbot.supervise.roster import Member, Roster

log = structlog.get_logger("eslbot")
ACCOUNT = "account:"


class Dismissing:
    """Of one service; `look` is to be called when an account came, went or changed, and does not wait."""

    def __init__(
        self, roster: Roster, desk: Desk, owners: Owners, greenlets: Greenlets, clock: Callable[[], float],
        audit: Callable[[Entry], None],
    ) -> None:
        self._roster, self._desk, self._owners = roster, desk, owners
        self._greenlets, self._clock, self._audit = greenlets, clock, audit

    def look(self) -> None:
        """Send them away."""
        for call, seat in self._strays():
            self._greenlets.spawn("dismiss", self._dismiss, call, seat)

    def _strays(self) -> Iterator[tuple[CallId, Seat]]:
        for state in self._desk.states():
            for seat in state.seats:
                kept = Mode.TAKEOVER in (seat.mode, seat.wanted) or not seat.by.startswith(ACCOUNT)
                if not kept and not self._may(state.id, seat):
                    yield state.id, seat

    def _may(self, call: CallId, seat: Seat) -> bool:
        member = self._roster.get(seat.by.removeprefix(ACCOUNT))
        if member is None or member.disabled:
            return False
        person, known = _person(member), self._owners.of(call) != NOBODY   # after a restart it is known a little later
        return person.may(Permission.ACT) and (not known or self._owners.sees(person, call))

    def _dismiss(self, call: CallId, seat: Seat) -> None:
        command = Commanded(call, self._clock(), str(uuid.uuid4()), seat.by, LEAVE, phone=seat.phone)
        try:
            self._desk.command(command)
        except KeyError:   # the call has ended
            return
        except gevent.Timeout:
            log.warning("a phone was told to leave and the switch has not answered", call=call)
        self._audit(Entry("leave", chain.SERVICE, call, seat.by, detail="the account may not be in it any more"))


def _person(member: Member) -> Person:
    return Person(member.name, member.role, "phone", frozenset(member.teams) or None)
