"""Two connections to one switch, for as long as both live: events come by one (an `api` would hold them back), short
commands go by the other. Knows when a connection is dead, and how to ask what is up. Tells nobody any fact.
"""

import contextlib
from collections.abc import Callable, Mapping

import gevent
from gevent.queue import Queue

from eslbot.greenlets import Greenlets
from eslbot.model.call import LegId
from eslbot.switch.codec import Frame, parse_json
from eslbot.switch.commands import NO_CHANNEL, Reply, reply_of
from eslbot.switch.facts import EVENTS, OPTIONAL, SUBCLASSES, UUID, text
from eslbot.switch.link.connections import CredentialsRefused, Inbound
from eslbot.switch.link.hosted import ANSWER, LinkDown, Unanswered
from eslbot.switch.link.options import LinkOptions
from eslbot.switch.link.resync import LATE, Found, Row, found, rows_of

SILENCE = 0.5
"""Seconds without a byte after which a connection is pinged."""
DEAD = 0.9
"""Seconds without a byte after a ping after which it is dead. Together with TICK that is noticed within 2 s."""
TICK = 0.25
PING = "nolog"
"""Costs nothing, needs no permission, changes nothing (there are no logs), and any answer will do."""
SNAPSHOT = 10.0
"""Seconds for each answer of a snapshot; a busy switch lists thousands of channels."""
AT_ONCE = 32
"""Dumps asked for without waiting for the one before."""


class Pair:
    """`inbox` takes frames with events, late finds (lists), and None at the end, when `reason` says why."""

    def __init__(self, options: LinkOptions, greenlets: Greenlets, clock: Callable[[], float]) -> None:
        self.inbox: Queue[Frame | list[Found] | None] = Queue()
        self.reason = ""
        self.overflowed = False
        self.restricted: list[str] = []
        """What the switch did not let us subscribe to."""
        self._options, self._greenlets, self._clock = options, greenlets, clock
        self._events, self._commands = (
            Inbound(
                f"{options.name} {what}",
                (options.host, options.port),
                options.user,
                options.password,
                greenlets,
                clock,
                on_event,
                self._lost,
            )
            for what, on_event in (("events", self._received), ("commands", lambda frame: None))
        )

    def open(self) -> None:
        """Connect both and subscribe. Raises LinkDown, CredentialsRefused, Unanswered."""
        self._events.connect()
        if not self._subscribe(" ".join(EVENTS)):
            raise CredentialsRefused("esl-allowed-events lacks some of: " + " ".join(EVENTS))
        forks = ["CUSTOM " + " ".join(SUBCLASSES)] if self._options.forked else []
        for more in ("BACKGROUND_JOB", *OPTIONAL, *forks):
            if not self._subscribe(more):
                self.restricted.append(more)
        self._commands.connect()
        self._greenlets.spawn(f"{self._options.name} ping", self._ping)

    def close(self) -> None:
        """Say goodbye and close both. Nobody is told: the inbox has no reader any more."""
        self.reason = self.reason or "stopped"
        for connection in (self._commands, self._events):
            connection.stop()

    @property
    def alive(self) -> bool:
        return bool(self._events.connected and self._commands.connected)

    def fail(self, reason: str) -> None:
        """Close both, now; who waits is released."""
        self._commands.fail(reason)
        self._events.fail(reason)

    def send(
        self, command: str, headers: Mapping[str, str] | None = None, timeout: float = ANSWER, body: str = ""
    ) -> Reply:
        """On the command connection. Raises LinkDown, Unanswered, ValueError."""
        return reply_of(self._commands.send(command, headers, timeout, body).reply)

    # --- what is up ---
    def core(self) -> str:
        """The switch's Core-UUID: new after each of its starts."""
        core = self.send("api global_getvar core_uuid").text.strip()
        if not UUID.fullmatch(core):
            raise CredentialsRefused("`api global_getvar core_uuid` is not allowed, or answers something else")
        return core

    def snapshot(self) -> list[Found]:
        """Every leg that is up. Raises Unanswered, LinkDown, ProtocolError, CredentialsRefused."""
        return self._dumps(self._rows())

    def look_late(self, knows: Callable[[LegId], bool]) -> None:
        """After a while put into the inbox the legs nobody knew, with those they are bridged to."""
        gevent.sleep(LATE)
        rows = {row.uuid: row for row in self._rows()}
        new = self._dumps([row for row in rows.values() if not knows(row.uuid)])
        others = {LegId(text(leg.dump, "variable_bridge_to")) for leg in new} - {leg.created.uuid for leg in new}
        if new:
            self.inbox.put(new + self._dumps([rows[other] for other in others if other in rows]))

    def _rows(self) -> list[Row]:
        answer = self.send("api show channels as json", timeout=SNAPSHOT)
        if not answer.ok:
            raise CredentialsRefused("`api show` is not allowed")
        return rows_of(answer.text)

    def _dumps(self, rows: list[Row]) -> list[Found]:
        legs: list[Found] = []
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            asked = [self._commands.post(f"api uuid_dump {row.uuid} json", timeout=SNAPSHOT) for row in some]
            for row, waiter in zip(some, asked, strict=True):
                answer = reply_of(self._commands.wait(waiter, SNAPSHOT).reply)
                if answer.text == NO_CHANNEL:
                    continue  # it is gone since
                if not answer.ok:
                    raise CredentialsRefused("`api uuid_dump` is not allowed")
                leg = found(row, parse_json(answer.text.encode()), self._options.name, self._clock())
                legs += [] if leg is None else [leg]
        return legs

    # --- inside ---
    def _subscribe(self, events: str) -> bool:
        return reply_of(self._events.send(f"event json {events}").reply).ok

    def _received(self, frame: Frame) -> None:
        if self.inbox.qsize() < self._options.queue:
            self.inbox.put(frame)
        else:
            self.overflowed = True
            self.fail(f"more than {self._options.queue} events are waiting to be told")

    def _lost(self, reason: str) -> None:
        if not self.reason:
            self.reason = reason
            self.fail(reason)
            self.inbox.put(None)

    def _ping(self) -> None:
        """Notice half-open connections. A tick that came late means that we slept, not the switch: it judges nobody."""
        pinged: dict[Inbound, float] = {}
        while self.alive:
            before = self._clock()
            gevent.sleep(TICK)
            now = self._clock()
            late = now - before > 2 * TICK
            for connection in (self._events, self._commands):
                if connection.overdue and not late:
                    connection.fail("no answer to a command")
                asked = pinged.get(connection)
                if asked is not None and connection.heard >= asked:
                    del pinged[connection]
                elif asked is not None and now - asked > DEAD and not late:
                    connection.fail("half open: no answer to a ping")
                elif asked is None and now - connection.heard >= SILENCE and not connection.waiting:
                    pinged[connection] = now
                    with contextlib.suppress(LinkDown, Unanswered):  # then it is closed already
                        connection.post(PING, timeout=DEAD)
