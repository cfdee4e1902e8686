"""Keeps the link to one switch up and tells facts in order. Knows what was told, what an answer was to, and when to try
again. Decides nothing.

One greenlet, the keeper, tells everything: after each connect what is up (resync.py), SwitchUp, the events that came
meanwhile and since, and at the end SwitchDown. The readers only put events into its queue and wait for nobody.
"""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

import gevent
from gevent.event import AsyncResult

from eslbot.greenlets import Greenlets
from eslbot.model.facts import Fact, SwitchDown, SwitchUp
from eslbot.switch.codec import Event, Frame, ProtocolError, event_of
from eslbot.switch.commands import Reply, reply_of
from eslbot.switch.facts import created_of, facts_of, known
from eslbot.switch.facts import text as header
from eslbot.switch.link.connections import CredentialsRefused
from eslbot.switch.link.hosted import ANSWER, LinkDown, Unanswered
from eslbot.switch.link.options import DEFAULT_PASSWORD, LinkOptions, Notice
from eslbot.switch.link.pair import Pair
from eslbot.switch.link.resync import Found, Told, facts_of_legs

BACKOFF = (0.1, 0.2, 0.4)
"""Seconds between attempts, the last one again and again: a switch that is back is found within a second."""
REFUSED_BACKOFF = 5.0
"""Where the switch does not let us in."""
YIELD_EVERY = 20
"""Events told before others may run."""
_ROLE_MAY_BE_NEW = {"CHANNEL_ANSWER", "CHANNEL_BRIDGE"}


class Link:
    """`on_fact` and `on_notice` are called in the keeper's greenlet, one at a time, and must not block. A fact's `at`
    is `clock()` when it was read."""

    def __init__(
        self,
        options: LinkOptions,
        greenlets: Greenlets,
        clock: Callable[[], float],
        on_fact: Callable[[Fact], None],
        on_notice: Callable[[Notice], None] = lambda notice: None,
    ) -> None:
        self.options = options
        self._greenlets, self._clock = greenlets, clock
        self._on_fact, self._on_notice = on_fact, on_notice
        self._pair: Pair | None = None
        self._up = False
        self._jobs: dict[str, AsyncResult] = {}
        self._keeper: Any = None
        self._complaint = ""
        self._restricted: set[str] = set()

    # --- for others ---
    def start(self) -> None:
        """Begin to keep the link up. Returns at once."""
        if self.options.password == DEFAULT_PASSWORD:
            self._on_notice(Notice("default-password", "the event socket has FreeSWITCH's default password"))
        self._keeper = self._greenlets.spawn(f"link {self.options.name}", self._keep, restart_after=1.0)

    def stop(self) -> None:
        """Say goodbye and close. Tells nothing any more."""
        if self._keeper is not None:
            self._keeper.kill(timeout=2.0)

    @property
    def up(self) -> bool:
        """Whether both connections stand and SwitchUp was told."""
        return self._up and self._pair is not None and self._pair.alive

    def api(self, text: str, timeout: float = ANSWER) -> Reply:
        """Run a short command (a commands.Command's text). Raises LinkDown (never sent), Unanswered (outcome unknown,
        also after `timeout` seconds), ValueError for CR, LF or NUL."""
        return self._connected().send(f"api {text}", timeout=timeout)

    def event(self, name: str, headers: Mapping[str, str], body: str = "", timeout: float = ANSWER) -> Reply:
        """Fire an event (`sendevent`): how some of a switch's parts are told what to do. The answer says that it was
        fired, not that anyone has heeded it. Raises as `api`."""
        return self._connected().send(f"sendevent {name}", headers, timeout, body)

    def bgapi(self, text: str, timeout: float) -> Reply:
        """Run a long command (originate) and wait for its end. Raises as `api`."""
        pair = self._connected()
        job, result = str(uuid.uuid4()), AsyncResult()
        self._jobs[job] = result
        try:
            accepted = pair.send(f"bgapi {text}", {"Job-UUID": job})
            if not accepted.ok:
                return accepted
            result.wait(timeout)
            if not result.ready():
                raise Unanswered(f"no end within {timeout:g} s")
            return reply_of(str(result.get()).rstrip("\n"))
        finally:
            del self._jobs[job]

    def _connected(self) -> Pair:
        if self._pair is None:
            raise LinkDown("not connected")
        return self._pair

    # --- the keeper ---
    def _keep(self) -> None:
        attempt = 0
        while True:
            pair = Pair(self.options, self._greenlets, self._clock)
            wait = BACKOFF[min(attempt, len(BACKOFF) - 1)]
            attempt += 1
            try:
                pair.open()
                self._pair = pair
                self._resync(pair)
                attempt = 0
            except CredentialsRefused as error:
                wait = REFUSED_BACKOFF
                self._complain("refused", str(error))
            except (LinkDown, Unanswered, ProtocolError) as error:
                self._complain("unreachable", str(error))
            finally:
                self._pair, self._up = None, False
                pair.close()
            gevent.sleep(wait)

    def _resync(self, pair: Pair) -> None:
        told = Told()
        core = pair.core()
        legs = pair.snapshot()
        self._tell(told.news(facts_of_legs(legs)))
        self._up = True
        self._complaint = ""
        for what in pair.restricted:
            if what not in self._restricted:
                self._restricted.add(what)
                self._on_notice(Notice("restricted", f"esl-allowed-events lacks some of: {what}"))
        self._tell([SwitchUp(self.options.name, self._clock(), core, tuple(leg.created.uuid for leg in legs))])
        self._greenlets.spawn(f"link {self.options.name} late look", self._look_late, pair, told)
        self._follow(pair, told)
        for result in self._jobs.values():
            result.set_exception(Unanswered(pair.reason))
        if pair.overflowed:
            self._on_notice(Notice("overflow", pair.reason))
        self._tell([SwitchDown(self.options.name, self._clock(), pair.reason)])

    def _look_late(self, pair: Pair, told: Told) -> None:
        try:
            pair.look_late(told.knows)
        except (LinkDown, Unanswered, CredentialsRefused):
            pass  # the link is starting anew, and will look again
        except ProtocolError as error:
            pair.fail(str(error))

    def _follow(self, pair: Pair, told: Told) -> None:
        since = 0
        while (item := pair.inbox.get()) is not None:
            if isinstance(item, Frame):
                try:
                    self._event(event_of(item), told)
                except ProtocolError as error:
                    pair.fail(str(error))  # what was lost with it is asked for after the next connect
            else:
                self._late(item, told)
            since += 1
            if since % YIELD_EVERY == 0:
                gevent.sleep(0)

    def _late(self, legs: list[Found], told: Told) -> None:
        self._tell(told.news(facts_of_legs(legs)))

    def _event(self, event: Event, told: Told) -> None:
        name = header(event, "Event-Name")
        if name == "BACKGROUND_JOB":
            job = self._jobs.get(header(event, "Job-UUID"))
            if job is not None:
                job.set(header(event, "_body"))
            return
        at = self._clock()
        facts = facts_of(event, self.options.name, at)
        if not facts and known(event):
            self._on_notice(Notice("unusable-event", name))
        if name in _ROLE_MAY_BE_NEW:
            now = created_of(event, self.options.name, at)
            self._tell([] if now is None else told.marked(now))
        self._tell(told.news(facts))

    def _tell(self, facts: list[Fact]) -> None:
        for fact in facts:
            try:
                self._on_fact(fact)
            except Exception as error:  # noqa: BLE001 - one listener's mistake must not end the link
                self._on_notice(Notice("callback-failed", f"{type(fact).__name__}: {type(error).__name__}"))

    def _complain(self, kind: str, detail: str) -> None:
        """Once for as long as it is the same."""
        if detail != self._complaint:
            self._complaint = detail
            self._on_notice(Notice(kind, detail))
