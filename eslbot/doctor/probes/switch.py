"""Asks a switch, by its event socket, as the service does: signs in, sends each command in a form that does nothing,
listens for each event for a moment. Starts nothing, sets nothing, and never sends what it has read anywhere."""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import orjson

from eslbot.config.fields import is_loopback
from eslbot.config.inputs import DEFAULT_PASSWORD, PLACEHOLDER, SwitchSection
from eslbot.doctor.verdicts.dialplan import NotXml, answering
from eslbot.doctor.verdicts.switch import Closing, SwitchSeen
from eslbot.greenlets import Greenlets
from eslbot.switch.codec import ProtocolError
from eslbot.switch.commands import MINIMUM_API, release_word
from eslbot.switch.facts import EVENTS, JOB_ENDED, OPTIONAL, SUBCLASSES
from eslbot.switch.link import LinkDown, Unanswered
from eslbot.switch.link.connections import CredentialsRefused, Inbound

DENIED = "-ERR permission denied"
NOTHING = {"sched_del": "sched_del eslbot-doctor-none", "global_getvar": "global_getvar core_uuid"}
"""Commands that would do something, or say much, without an argument; every other is sent without one and answers with
its usage."""
ANSWER = 5.0
"""Seconds for an answer."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be asked."""

    closing: Closing
    forked: bool
    mutes: Iterable[float]
    """Seconds of the mutes there may be."""
    files: Iterable[str]
    """Absolute paths."""
    own_password: str = ""
    """The socket's own, for what the service's user may not ask."""


def look(switch: SwitchSection, wanted: Wanted, greenlets: Greenlets, clock: Callable[[], float] = time.monotonic,
         wall: Callable[[], float] = time.time) -> SwitchSeen:
    """Waits in this greenlet; raises nothing for a switch that is away or says no."""
    seen = SwitchSeen(switch.name, f"{switch.host}:{switch.port}", is_loopback(switch.host), user=switch.user or "")
    opening = _Door(switch, greenlets, clock)
    if not switch.password:
        return replace(seen, refused=f"the environment variable {switch.password_env} is not set here")
    try:
        with opening.opened(switch.user, switch.password) as line:
            seen = replace(seen, known_passwords=tuple(opening.known(switch)))
            try:
                for step in (_permissions, _modules, _itself, _plan):
                    seen = step(seen, line, wanted, wall)
                if wanted.own_password and seen.dialplan is None:
                    with opening.opened(None, wanted.own_password) as own:
                        for step in (_itself, _plan):
                            seen = step(seen, own, wanted, wall)
            except CredentialsRefused:
                return replace(seen, own_refused=True)
            except (LinkDown, Unanswered, ProtocolError) as error:
                return replace(seen, stopped=str(error))
    except CredentialsRefused as error:
        return replace(seen, refused=str(error))
    except (LinkDown, Unanswered, ProtocolError) as error:
        return replace(seen, closed=str(error))
    return seen


class _Line:
    """A connection that has signed in."""

    def __init__(self, connection: Inbound) -> None:
        self._connection = connection

    def ask(self, command: str) -> str | None:
        """The answer to an api command; None where this user may not."""
        text = str(self.say(f"api {command}"))
        return None if text.startswith(DENIED) else text

    def say(self, command: str) -> str:
        """The answer to a command of the socket's own. Raises LinkDown, Unanswered."""
        return str(self._connection.send(command, timeout=ANSWER).reply)


class _Door:
    def __init__(self, switch: SwitchSection, greenlets: Greenlets, clock: Callable[[], float]) -> None:
        self._switch, self._greenlets, self._clock = switch, greenlets, clock

    @contextlib.contextmanager
    def opened(self, user: str | None, password: str) -> Iterator[_Line]:
        """Raises LinkDown, CredentialsRefused, Unanswered."""
        switch = self._switch
        connection = Inbound(f"doctor {switch.name}", (switch.host, switch.port), user, password, self._greenlets,
                             self._clock, lambda frame: None, lambda reason: None)
        try:
            connection.connect()
            yield _Line(connection)
        finally:
            connection.stop()

    def known(self, switch: SwitchSection) -> Iterator[str]:
        """The passwords that everybody knows and that it takes as its own."""
        for password in (DEFAULT_PASSWORD, PLACEHOLDER):
            if password == switch.password and switch.user is None:
                yield password
                continue
            try:
                with self.opened(None, password):
                    yield password
            except (CredentialsRefused, LinkDown, Unanswered, ProtocolError):
                continue


def _permissions(seen: SwitchSeen, line: _Line, wanted: Wanted, wall: Callable[[], float]) -> SwitchSeen:
    sent = [api for api in MINIMUM_API if wanted.forked or api != "uuid_audio_fork"]
    denied = [api for api in sent if line.ask(NOTHING.get(api, api)) is None]
    words = sorted({release_word(seconds) for seconds in wanted.mutes}, key=lambda word: int(word))
    if "sched_api" not in denied:   # a time without a command arms nothing
        denied += [word for word in words if line.ask(f"sched_api {word}") is None]
    events = [event for event in EVENTS if line.say(f"event json {event}").startswith("-ERR")]
    extras = [event for event in (*OPTIONAL, JOB_ENDED) if line.say(f"event json {event}").startswith("-ERR")]
    if wanted.forked:
        extras += [name for name in SUBCLASSES if line.say(f"event json CUSTOM {name}").startswith("-ERR")]
    line.say("noevents")
    return replace(seen, denied=tuple(denied), denied_events=tuple(events), denied_extras=tuple(extras))


def _modules(seen: SwitchSeen, line: _Line, wanted: Wanted, wall: Callable[[], float]) -> SwitchSeen:
    answer = line.ask("show modules as json")
    try:
        rows = [] if answer is None else orjson.loads(answer).get("rows", [])
        return replace(seen, interfaces=frozenset((str(row["type"]), str(row["name"])) for row in rows))
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError):
        return seen


def _itself(seen: SwitchSeen, line: _Line, wanted: Wanted, wall: Callable[[], float]) -> SwitchSeen:
    version = line.ask("version short")
    before = wall()
    told = line.ask("strepoch")
    ours = (before + wall()) / 2
    apart = None
    if told is not None and told.strip().isdecimal():
        apart = int(told) + 0.5 - ours   # it tells whole seconds
    return replace(seen, version=None if version is None else version.strip(), apart=apart)


def _plan(seen: SwitchSeen, line: _Line, wanted: Wanted, wall: Callable[[], float]) -> SwitchSeen:
    """The closing's context, and which of the files that it and the rules play are there."""
    closing = wanted.closing
    xml = line.ask(f"xml_locate dialplan context name {closing.context}")
    if xml is not None and "<context" not in xml:
        xml = ""
    files = [*wanted.files, *_played(xml, closing)]
    there = {}
    for path in dict.fromkeys(files):
        answer = line.ask(f"file_exists {path}")
        if answer is not None:
            there[path] = answer.strip() == "true"
    return replace(seen, dialplan=xml, files={**seen.files, **there})


def _played(xml: str | None, closing: Closing) -> tuple[str, ...]:
    if not xml:
        return ()
    with contextlib.suppress(NotXml):
        found = answering(xml, closing.extension, closing.language)
        return () if found is None else tuple(path for path in found.files if path.isprintable())
    return ()
