"""The applications a leg can run: one generator each, a step per frame, and a table of them. Knows what each does to
its leg; bridging is in bridging.py, the outbound socket in outbound.py."""

import re
from collections.abc import Callable

import numpy as np

from eslbot.sim import sound
from eslbot.sim.bridging import bridge
from eslbot.sim.consult import att_xfer
from eslbot.sim.dial import words
from eslbot.sim.effects import Eavesdrop
from eslbot.sim.leg import Leg, Step, Thread
from eslbot.sim.outbound import socket_application
from eslbot.sim.profile import cause
from eslbot.sim.sound import FRAMES_A_SECOND, Pcm

Application = Callable[[Leg, str], Thread]


def execute(leg: Leg, name: str, data: str, uuid: str = "") -> Thread:
    """Runs one application, told before and after."""
    data = leg.core.expand(leg, data)
    leg.variables |= {"current_application": name, "current_application_data": data}
    own = {"Application": name} | ({"Application-Data": data} if data else {})
    ids = {"Application-UUID": uuid or leg.core.new_uuid()}
    leg.fire("CHANNEL_EXECUTE", own | ids)
    application = APPLICATIONS.get(name)
    if application is None:
        leg.core.note(f"Invalid Application {name}")
        leg.hangup("DESTINATION_OUT_OF_ORDER")
    else:
        yield from application(leg, data)
    response = leg.variables.get("current_application_response", "_none_")
    leg.fire("CHANNEL_EXECUTE_COMPLETE", own | {"Application-Response": response} | ids)


def step_of(name: str, data: str) -> Step:
    """An application as a step of a leg's plan."""

    def step(leg: Leg) -> Thread:
        leg.state = "CS_EXECUTE"
        yield from execute(leg, name, data)

    return step


def run_told(leg: Leg) -> Thread:
    """Runs what the leg was told to run meanwhile (uuid_broadcast, sendmsg)."""
    while leg.told and leg.ready:
        name, data, loops, uuid = leg.told.popleft()
        for loop in range(1, loops + 1):
            leg.variables |= {"current_loop": str(loop), "total_loops": str(loops)}
            yield from execute(leg, name, data, uuid)
        leg.variables.pop("current_loop", None)
        leg.variables.pop("total_loops", None)


def _frame(pcm: Pcm, at: int, count: int) -> Pcm:
    piece = pcm[at : at + count]
    return piece if len(piece) == count else np.concatenate([piece, sound.silence(count - len(piece))])


def play(leg: Leg, path: str, terminators: str = "") -> Thread:
    """Plays a file or stream to the leg's phone. Playback-Status is `break` only when it was told to stop: FreeSWITCH
    says `done` of a leg that was hung up in the middle, too."""
    try:
        pcm = sound.playable(path, leg.rate)
    except sound.SoundError as error:
        leg.core.note(str(error))
        leg.variables["current_application_response"] = "FILE NOT FOUND"
        return
    scheme = path.partition("://")[0] if "://" in path else ""
    own = ({"Playback-File-Type": scheme} if scheme else {}) | {"Playback-File-Path": path}
    leg.fire("PLAYBACK_START", own)
    leg.stop_playing, at = False, 0
    while leg.ready and at < len(pcm) and not leg.stop_playing:
        leg.read()
        leg.write(_frame(pcm, at, leg.frame))
        at += leg.frame
        if leg.keys and leg.keys[0] in terminators:
            leg.variables["playback_terminator_used"] = leg.keys.popleft()
            leg.stop_playing = True
        yield
    at, status = min(at, len(pcm)), "break" if leg.stop_playing else "done"
    leg.stop_playing = False
    leg.variables |= {
        "playback_last_offset_pos": str(at),
        "playback_seconds": str(at // leg.rate),
        "playback_ms": str(at * 1000 // leg.rate),
        "playback_samples": str(at),
    }
    leg.fire("PLAYBACK_STOP", own | {"Playback-Status": status})
    leg.variables["current_application_response"] = "FILE PLAYED"


def _playback(leg: Leg, data: str) -> Thread:
    terminators = leg.variables.get("playback_terminators", "*")
    yield from play(leg, data, "" if terminators == "none" else terminators)


def _park(leg: Leg, data: str) -> Thread:
    leg.fire("CHANNEL_PARK")
    while leg.ready:
        if leg.told:
            yield from run_told(leg)
            continue
        leg.read()
        yield


def _sleep(leg: Leg, data: str) -> Thread:
    for _ in range(int(data or 0) * FRAMES_A_SECOND // 1000):
        if not leg.ready:
            return
        leg.read()
        yield


def _echo(leg: Leg, data: str) -> Thread:
    while leg.ready:
        leg.write(leg.read())
        yield


def _answer(leg: Leg, data: str) -> Thread:
    if not leg.answered:
        leg.answer()
    yield


def _hangup(leg: Leg, data: str) -> Thread:
    leg.hangup(cause(data or "NORMAL_CLEARING"))
    yield from ()


def _set(leg: Leg, data: str) -> Thread:
    name, _, value = data.partition("=")
    leg.set(name.strip(), value)
    yield from ()


def _nothing(leg: Leg, data: str) -> Thread:
    yield from ()


def _transfer(leg: Leg, data: str) -> Thread:
    extension, dialplan, context, *_ = [*words(data, 3), "XML", leg.profile.context, ""][:4]
    leg.core.transfer(leg, extension, dialplan, context)
    yield from ()


def _spy(leg: Leg, target: str, speaks_read: bool, speaks_write: bool, keys: bool) -> Thread:
    spied = leg.core.legs.get(target)
    if spied is None or spied is leg or not spied.answered:
        return
    bug = Eavesdrop(target, speaks_read, speaks_write)
    spied.put_on(f"eavesdrop {leg.uuid}", bug)
    while leg.ready and spied.up:
        bug.speak(leg.read())
        if not all(map(bug.key, _eavesdrop_keys(leg, keys))):
            break
        heard = bug.hear()
        if heard is not None:
            leg.write(heard)
        yield
    spied.take_off(f"eavesdrop {leg.uuid}")


def _eavesdrop_keys(leg: Leg, keys: bool) -> list[str]:
    """What the phone pressed, where its keys are heeded, else what a client sent (`eavesdrop-command`)."""
    pressed = [leg.keys.popleft()] if keys and leg.keys else []
    sent = leg.queued.popleft().get("eavesdrop-command", "") if leg.queued else ""
    return pressed or list(sent)


def _eavesdrop(leg: Leg, data: str) -> Thread:
    keys = leg.true("eavesdrop_enable_dtmf") or "eavesdrop_enable_dtmf" not in leg.variables
    yield from _spy(leg, data, leg.true("eavesdrop_whisper_aleg"), leg.true("eavesdrop_whisper_bleg"), keys)


def _three_way(leg: Leg, data: str) -> Thread:
    yield from _spy(leg, data, True, True, keys=False)


def _execute_extension(leg: Leg, data: str) -> Thread:
    """Runs an extension's applications and comes back."""
    extension, dialplan, *_ = [*words(data, 3), "XML"]
    for action in leg.core.actions(leg, extension, dialplan):
        if not leg.ready:
            return
        yield from execute(leg, action.application, action.data)


def _by_command(command: str) -> Application:
    def application(leg: Leg, data: str) -> Thread:
        leg.core.api(command.format(uuid=leg.uuid, data=data))
        yield from ()

    return application


def _digits(leg: Leg, data: str) -> Thread:
    """play_and_get_digits: <min> <max> <tries> <timeout> <terminators> <file> <invalid> [<var> [<regex> [<ms>]]]"""
    least, most, tries, timeout, terminators, file, invalid, *rest = words(data, 10) + [""] * 7
    variable, pattern, gap = [*rest, "", "", ""][:3]
    pattern, wait = pattern or r"\d+", int(gap or timeout)
    for _ in range(max(1, int(tries))):
        yield from play(leg, file, "0123456789*#")
        digits = leg.variables.pop("playback_terminator_used", "")
        waited = 0
        limit = int(timeout) * FRAMES_A_SECOND // 1000
        while leg.ready and len(digits) < int(most) and waited < limit:
            if leg.keys:
                key = leg.keys.popleft()
                if key in terminators:
                    break
                digits, waited, limit = digits + key, 0, wait * FRAMES_A_SECOND // 1000
            leg.read()
            waited += 1
            yield
        if len(digits) >= int(least) and re.fullmatch(pattern.strip("^$"), digits):
            if variable:
                leg.variables[variable] = digits
            return
        if not leg.ready:
            return
        if invalid and invalid != "silence_stream://250":
            yield from play(leg, invalid)


APPLICATIONS: dict[str, Application] = {
    "answer": _answer,
    "att_xfer": att_xfer,
    "bridge": bridge,
    "displace_session": _by_command("uuid_displace {uuid} start {data}"),
    "eavesdrop": _eavesdrop,
    "echo": _echo,
    "execute_extension": _execute_extension,
    "export": _set,
    "hangup": _hangup,
    "info": _nothing,
    "log": _nothing,
    "park": _park,
    "play_and_get_digits": _digits,
    "playback": _playback,
    "pre_answer": _nothing,
    "record_session": _by_command("uuid_record {uuid} start {data}"),
    "set": _set,
    "sleep": _sleep,
    "socket": socket_application,
    "stop_displace_session": _by_command("uuid_displace {uuid} stop {data}"),
    "stop_record_session": _by_command("uuid_record {uuid} stop {data}"),
    "three_way": _three_way,
    "transfer": _transfer,
}
