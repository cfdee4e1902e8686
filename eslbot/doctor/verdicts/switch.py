"""A switch: whether it lets us in, what it lets us do, what is loaded, its version and clock, the closing's
extension."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from eslbot.doctor.findings import Finding, error, good, hint, warning
from eslbot.doctor.verdicts.dialplan import Answering, NotXml, answering
from eslbot.doctor.verdicts.spelling import lasting

OLDEST = (1, 10)
MEASURED = (1, 11)
"""What `docs/supported.md` was measured on; older ones up to OLDEST speak the same, as far as their sources tell."""
APART = 2.0
"""Seconds between its clock and ours, which it tells in whole ones, from which the two are said to differ."""
ASK = "set the event socket's own password in an environment variable and name it: --password-env NAME"


@dataclass(frozen=True, slots=True)
class Interface:
    """Something a module brings to FreeSWITCH."""

    kind: str
    """As `show modules` has it: api, application, dialplan, endpoint, file."""
    name: str
    module: str
    """The one that usually brings it."""
    wanted: str
    """What for."""
    needed: bool = True
    """False: there may be another way."""


INTERFACES = (
    Interface("api", "uuid_record", "mod_commands", "every command"),
    Interface("application", "playback", "mod_dptools", "the closing"),
    Interface("dialplan", "XML", "mod_dialplan_xml", "the closing"),
    Interface("endpoint", "sofia", "mod_sofia", "SIP phones", needed=False),
    Interface("file", "wav", "mod_sndfile", "prompts"),
)
SPOOL = Interface("file", "r8", "mod_sndfile", "the spool")
FORK = Interface("api", "uuid_audio_fork", "mod_audio_fork", "[audio] source = \"fork\"")


@dataclass(frozen=True, slots=True)
class SwitchSeen:
    """What a switch let us see. None: it was not told, for what `denied` or `stopped` says."""

    name: str
    address: str
    loopback: bool
    closed: str = ""
    """Why there is no connection."""
    refused: str = ""
    """Why it did not let us in."""
    stopped: str = ""
    """Why it told no more."""
    user: str = ""
    """As whom we signed in; empty: by the socket's own password."""
    own_refused: bool = False
    """It did not take the password that was given as its own."""
    known_passwords: tuple[str, ...] = ()
    """Passwords that everybody knows and that it takes."""
    denied: tuple[str, ...] = ()
    """What we send and may not: api commands, and the times of sched_api (`+4`)."""
    denied_events: tuple[str, ...] = ()
    denied_extras: tuple[str, ...] = ()
    """Events that can be done without."""
    interfaces: frozenset[tuple[str, str]] | None = None
    version: str | None = None
    apart: float | None = None
    """Seconds its clock is ahead of ours."""
    dialplan: str | None = None
    """The closing's context as XML; empty: there is no such context."""
    files: Mapping[str, bool] = field(default_factory=dict)
    """Absolute path -> whether the switch has that file."""


@dataclass(frozen=True, slots=True)
class Closing:
    """What is configured of it; see [close]."""

    enabled: bool
    extension: str
    context: str
    language: str


def judge(seen: SwitchSeen, closing: Closing, wanted: tuple[Interface, ...]) -> Iterator[Finding]:
    """In the order in which it was seen."""
    if seen.closed or seen.refused:
        yield from _outside(seen)
        return
    yield good("switch.reachable", f"{seen.address} lets us in as {seen.user or 'its owner, by its own password'}",
               seen.name)
    if seen.known_passwords:
        told = f"takes the password {' and '.join(seen.known_passwords)}, which everybody knows"
        mend = "event_socket.conf.xml: set another password; fs_cli -x 'reload mod_event_socket'"
        yield (warning if seen.loopback else error)("switch.password", told, mend, seen.name)
    else:
        yield good("switch.password", "takes none of the passwords that everybody knows", seen.name)
    yield from _permitted(seen)
    yield from _loaded(seen, wanted)
    yield from _of_itself(seen)
    if closing.enabled:
        yield from _closing(seen, closing)
    if seen.own_refused:
        yield error("switch.own", "it does not take the password of --password-env as its own", "the one that "
                    "event_socket.conf.xml has", seen.name)
    if seen.stopped:
        yield error("switch.answers", f"told no more after a while: {seen.stopped}", "fs_cli -x status: is it "
                    "overloaded?", seen.name)


def _outside(seen: SwitchSeen) -> Iterator[Finding]:
    if seen.closed:
        mend = "is FreeSWITCH up, mod_event_socket loaded, [[switch]] host and port its own? fs_cli -x 'load " \
               "mod_event_socket'"
        yield error("switch.reachable", f"{seen.address}: {seen.closed}", mend, seen.name)
    elif "access list" in seen.refused:
        yield error("switch.reachable", f"{seen.address}: {seen.refused}", "event_socket.conf.xml: apply-inbound-acl "
                    "must let this machine in", seen.name)
    elif "environment" in seen.refused:
        yield error("switch.password", seen.refused, "set -a; . /etc/eslbot/eslbot.env; set +a (or where it stands), "
                    "as systemd's unit does", seen.name)
    elif seen.user:
        name, _, domain = seen.user.partition("@")
        yield error("switch.password", f"{seen.address}: {seen.refused} {seen.user}", f"fs_cli -x 'user_exists id "
                    f"{name} {domain}' must be true: the domain is what fs_cli -x 'global_getvar domain' says, and "
                    "FreeSWITCH's user must be able to read directory/default/eslbot.xml (reloadxml); the password is "
                    "the esl-password there", seen.name)
    else:
        yield error("switch.password", f"{seen.address}: {seen.refused}", "[[switch]] password_env must name what "
                    "event_socket.conf.xml has as password; fs_cli -x 'reload mod_event_socket' after a change",
                    seen.name)


def _permitted(seen: SwitchSeen) -> Iterator[Finding]:
    if seen.denied:
        yield error("switch.commands", f"{seen.user or 'we'} may not send {' '.join(seen.denied)}",
                    f"directory: add to esl-allowed-api: {' '.join(seen.denied)}", seen.name)
    else:
        yield good("switch.commands", "every command we send is allowed", seen.name)
    if seen.denied_events:
        yield error("switch.events", f"events we need are not allowed: {' '.join(seen.denied_events)}",
                    f"directory: add to esl-allowed-events: {' '.join(seen.denied_events)}", seen.name)
    elif not seen.denied_extras:
        yield good("switch.events", "every event we listen to is allowed", seen.name)
    if seen.denied_extras:
        yield warning("switch.events", f"worth knowing and not allowed: {' '.join(seen.denied_extras)}",
                      f"directory: add to esl-allowed-events: {' '.join(seen.denied_extras)}", seen.name)


def _loaded(seen: SwitchSeen, wanted: tuple[Interface, ...]) -> Iterator[Finding]:
    if seen.interfaces is None:
        return
    missing = [one for one in wanted if (one.kind, one.name) not in seen.interfaces]
    for one in missing:
        told = f"{one.kind} {one.name} is not there, which {one.module} brings: {one.wanted} needs it"
        mend = f"fs_cli -x 'load {one.module}', and <load module=\"{one.module}\"/> in modules.conf.xml"
        yield (error if one.needed else warning)("switch.modules", told, mend, seen.name)
    if not missing:
        modules = ", ".join(dict.fromkeys(one.module for one in wanted))
        yield good("switch.modules", f"what {modules} bring is loaded", seen.name)


def _of_itself(seen: SwitchSeen) -> Iterator[Finding]:
    if seen.version is not None:
        found = re.search(r"(\d+)\.(\d+)", seen.version)
        told = f"FreeSWITCH {seen.version}"
        if found is None or (version := (int(found[1]), int(found[2]))) < OLDEST:
            yield warning("switch.version", f"{told}: eslbot knows 1.10 and later", "upgrade FreeSWITCH", seen.name)
        elif version < MEASURED:
            yield hint("switch.version", f"{told}; eslbot was measured on 1.11", "see docs/supported.md", seen.name)
        else:
            yield good("switch.version", told, seen.name)
    if seen.apart is not None:
        if abs(seen.apart) > APART:
            which = "ahead of" if seen.apart > 0 else "behind"
            yield warning("switch.clock", f"its clock is {lasting(abs(seen.apart))} {which} ours: its logs and our "
                          "recordings tell other times", "chronyc makestep, or timedatectl set-ntp true, on both",
                          seen.name)
        else:
            yield good("switch.clock", "its clock and ours agree", seen.name)
    if seen.version is None and seen.apart is None and not (seen.stopped or seen.own_refused):
        yield hint("switch.version", f"{seen.user} may not ask for its version and clock", ASK, seen.name)


def _closing(seen: SwitchSeen, closing: Closing) -> Iterator[Finding]:
    where = f"{closing.extension} in context {closing.context}"
    mend = "copy freeswitch_conf/dialplan/default/00_eslbot.xml to the dialplan; fs_cli -x reloadxml"
    if seen.dialplan is None:
        if not (seen.stopped or seen.own_refused):
            yield hint("switch.closing", f"{seen.user} may not look whether {where} is there (nor should it: "
                       "xml_locate shows passwords too)", ASK, seen.name)
        return
    if not seen.dialplan:
        yield error("switch.closing", f"there is no context {closing.context} (or it is made elsewhere, by "
                    "mod_xml_curl, when a call asks)", f"[close] context; {mend}", seen.name)
        return
    try:
        found = answering(seen.dialplan, closing.extension, closing.language)
    except NotXml as problem:
        yield warning("switch.closing", f"context {closing.context} cannot be read: {problem}", "fs_cli -x "
                      f"'xml_locate dialplan context name {closing.context}'", seen.name)
        return
    if found is None:
        yield error("switch.closing", f"nothing takes {where}: customers would hear no closing", mend, seen.name)
        return
    yield from _taken(seen, found, where)


def _taken(seen: SwitchSeen, found: Answering, where: str) -> Iterator[Finding]:
    silent = [path for path in found.files if seen.files.get(path) is False]
    if not found.plays:
        yield error("switch.closing", f"{where} is taken by extension {found.name}, which plays nothing",
                    "put freeswitch_conf/dialplan/default/00_eslbot.xml before it", seen.name)
    elif silent:
        yield error("switch.closing", f"extension {found.name} plays files that the switch does not have: "
                    f"{', '.join(silent)}", "eslbot prompts copy DIR, and eslbot_prompts=DIR in eslbot_vars.xml; "
                    "fs_cli -x reloadxml", seen.name)
    elif not found.certain:
        yield warning("switch.closing", f"extension {found.name} takes {where} under conditions that show only in a "
                      "call", "let it ask for the destination alone", seen.name)
    else:
        yield good("switch.closing", f"extension {found.name} takes {where}", seen.name)
    if found.before:
        yield hint("switch.dialplan", f"extensions that stand before it and may take or delay the call: "
                   f"{', '.join(found.before[:5])}", "nothing, where their conditions never hold for a customer's leg; "
                   "else put the closing's extension above them in that context: they stand in the order in which "
                   "files are included", seen.name)
