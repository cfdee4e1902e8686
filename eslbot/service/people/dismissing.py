"""Whoever may not hear a call any more does not go on hearing it: when accounts change, the phones of those who may not
be in their calls leave them. Knows the seats; who may hear the owners know, how a phone leaves the machine.

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
from eslbot.service.people.owners import Owners
from eslbot.store import chain
from eslbot.store.chain import Entry

log = structlog.get_logger("eslbot")


class Dismissing:
    """Of one service; `look` is to be called when an account came, went or changed, and does not wait."""

    def __init__(
        self, desk: Desk, owners: Owners, greenlets: Greenlets, clock: Callable[[], float],
        audit: Callable[[Entry], None],
    ) -> None:
        self._desk, self._owners = desk, owners
        self._greenlets, self._clock, self._audit = greenlets, clock, audit

    def look(self) -> None:
        """Send them away."""
        for call, seat in self._strays():
            self._greenlets.spawn("dismiss", self._dismiss, call, seat)

    def _strays(self) -> Iterator[tuple[CallId, Seat]]:
        for state in self._desk.states():
            for seat in state.seats:
                kept = Mode.TAKEOVER in (seat.mode, seat.wanted)
                if not kept and not self._owners.hears(seat.by, state.id, unknown=True):  # after a restart: known soon
                    yield state.id, seat

    def _dismiss(self, call: CallId, seat: Seat) -> None:
        command = Commanded(call, self._clock(), str(uuid.uuid4()), seat.by, LEAVE, phone=seat.phone)
        try:
            self._desk.command(command)
        except KeyError:   # the call has ended
            return
        except gevent.Timeout:
            log.warning("a phone was told to leave and the switch has not answered", call=call)
        self._audit(Entry("leave", chain.SERVICE, call, seat.by, detail="the account may not be in it any more"))

