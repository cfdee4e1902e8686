"""What calls left behind that ended while nobody looked: once every switch has said which calls are up, their audio is
taken to its end, sealed, and removed. A call that is known to be up, and is about to be heard again, is left alone."""

from collections.abc import Callable, Iterable

import gevent.event
import structlog

from eslbot.listen.spool import Spool
from eslbot.model.call import CallId
from eslbot.record.vault import Vault
from eslbot.service.hearing.ears import Ears

log = structlog.get_logger("eslbot")
PATIENCE = 30.0
"""Seconds to wait for a switch that is away; a call of its that is still up would be listened to again and resume."""
USUAL_RATE = 8000
"""Samples a second of audio that lies here without a recording that would tell."""


class Leftovers:
    """`seen` each switch, `run` once."""

    def __init__(
        self, switches: Iterable[str], vault: Vault, ears: Ears, spool: Spool | None, clock: Callable[[], float],
        known: Callable[[CallId], bool],
    ) -> None:
        """`known`: whether the desk has that call; then its own machine has it heard, or closes it."""
        self._known = known
        self._waiting = set(switches)
        self._all_seen = gevent.event.Event()
        self._vault, self._ears, self._spool, self._clock = vault, ears, spool, clock

    def seen(self, switch: str) -> None:
        """A switch has told what is up."""
        self._waiting.discard(switch)
        if not self._waiting:
            self._all_seen.set()

    def run(self) -> None:
        """Waits until every switch was seen, or for PATIENCE."""
        self._all_seen.wait(PATIENCE)
        behind = [CallId(one.call) for one in self._spool.leftovers()] if self._spool is not None else []
        for call in sorted({*self._vault.live(), *behind}):
            if self._ears.hears(call) or self._known(call):
                continue
            log.warning("sealing what a call left behind", call=call)
            self._ears.seal_leftover(call, self._vault.open(call, "", USUAL_RATE, self._clock()).rate)
