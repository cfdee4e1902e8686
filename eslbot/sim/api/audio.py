"""Commands about what is heard: mute, displace, broadcast, record, audio fork. Each puts a bug on a leg, or tells the
leg's thread to play; nothing here decides who hears what."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from eslbot.sim import sound
from eslbot.sim.api.variables import NO_CHANNEL
from eslbot.sim.dial import words
from eslbot.sim.effects import Audio, Displace
from eslbot.sim.fork import AudioFork, ForkError
from eslbot.sim.leg import Leg
from eslbot.sim.recording import Record, RecordingError, RecordOptions

if TYPE_CHECKING:
    from eslbot.sim.core import Core

_AUDIO = "__audio"
_NO_SESSION = "-ERR Cannot locate session!\n"


def _uuid_audio(core: "Core", arguments: str) -> str:
    usage = "-USAGE: <uuid> [start [read|write] [mute|level <level>]|stop]\n"
    given = arguments.split(" ")
    if len(given) < 2:
        return usage
    leg = core.legs.get(given[0])
    if leg is None:
        return NO_CHANNEL
    if given[1].lower() == "stop":
        leg.take_off(_AUDIO)
        return "+OK\n"
    if given[1].lower() != "start" or len(given) < 5 or given[2].lower() not in ("read", "write"):
        return usage
    command, level = given[3].lower(), _number(given[4])
    if command not in ("mute", "level"):
        return usage
    there = leg.named.get(_AUDIO)
    bug = there if isinstance(there, Audio) else Audio(command)
    bug.set(given[2].lower(), command, level)
    if there is None:
        leg.put_on(_AUDIO, bug)
    return "+OK\n"


def _number(text: str) -> int:
    digits = text.lstrip("-")
    return int(text) if digits.isdigit() else 0


def _displace(core: "Core", arguments: str) -> str:
    given = words(arguments, 5)
    if len(given) < 3 or given[1].lower() not in ("start", "stop"):
        return "-USAGE: <uuid> [start|stop] <path> [<limit>] [mux]\n"
    leg = core.legs.get(given[0])
    if leg is None:
        return _NO_SESSION
    path = given[2]
    if given[1].lower() == "stop":
        return "+OK Success\n" if leg.take_off(path) else "-ERR Cannot stop displace session!\n"
    limit, flags = [*given[3:], "", ""][:2]
    try:
        if path in leg.named or not leg.answered:
            raise sound.SoundError(f"{path}: only one of the same file on a channel, and that answered")
        pcm = sound.playable(path, leg.rate)
    except sound.SoundError as error:
        core.note(str(error))
        return "-ERR Cannot displace session!\n"
    leg.put_on(path, Displace(path, pcm, flags, _until(core, limit)), first="f" in flags)
    return "+OK Success\n"


def _until(core: "Core", limit: str) -> float | None:
    return core.now + int(limit) if limit.isdigit() and int(limit) else None


def _broadcast(core: "Core", arguments: str) -> str:
    given = words(arguments, 4)
    if len(given) < 2:
        return "-USAGE: <uuid> <path> [aleg|bleg|holdb|both]\n"
    leg = core.legs.get(given[0])
    if leg is None:
        return "-ERR invalid uuid\n"
    application, separator, path = given[1].partition("::")
    if not separator:
        application, path = "playback", given[1]
    side = given[2] if len(given) > 2 else "aleg"
    partner = leg.partner
    if partner is not None and ("bleg" in side or "both" in side):
        partner.told.append((application, path, 1, ""))
    if "aleg" in side or "both" in side:
        leg.told.append((application, path, 1, ""))
    return "+OK Message sent\n"


def _break(core: "Core", arguments: str) -> str:
    leg = core.legs.get(arguments.partition(" ")[0])
    if leg is None:
        return "-ERR No such channel!\n"
    leg.stop_playing = True
    if arguments.endswith(" all"):
        leg.told.clear()
    return "+OK\n"


# --- recording -------------------------------------------------------------------------------------------------------
def _record(core: "Core", arguments: str) -> str:
    usage = "-USAGE: <uuid> [start|stop|mask|unmask|pause|resume] <path> [<limit>] [<recording_vars>]\n"
    given = words(arguments, 5)
    if len(given) < 3:
        return usage
    leg = core.legs.get(given[0])
    if leg is None:
        return _NO_SESSION
    verb, path = given[1].lower(), given[2]
    if verb == "start":
        return _start(leg, path, given[3] if len(given) > 3 else "")
    if verb == "stop":
        names = [name for name, bug in leg.named.items() if isinstance(bug, Record)] if path == "all" else [path]
        stopped = [leg.take_off(name) for name in names]
        return "+OK Success\n" if path == "all" or any(stopped) else "-ERR Cannot stop record session!\n"
    if verb not in ("mask", "unmask", "pause", "resume"):
        return usage
    bug = leg.named.get(path)
    if not isinstance(bug, Record):
        return f"-ERR Cannot {verb} recording session!\n"
    if verb in ("mask", "unmask"):
        bug.masked = verb == "mask"
    else:
        bug.paused = verb == "pause"
    return "+OK Success\n"


def _start(leg: Leg, path: str, limit: str) -> str:
    if path in leg.named:
        leg.core.note(f"Already recording [{path}]")
        return "+OK Success\n"
    buffering = leg.variables.get("enable_file_write_buffering", "true").lower()
    options = RecordOptions(
        rate=leg.rate,
        stereo=leg.true("RECORD_STEREO") or leg.true("RECORD_STEREO_SWAP"),
        swap=leg.true("RECORD_STEREO_SWAP"),
        append=leg.true("RECORD_APPEND"),
        buffered=buffering not in ("false", "no", "0", "off"),
        min_seconds=_number(leg.variables.get("RECORD_MIN_SEC", "0")),
    )
    bug = Record(path, options, _until(leg.core, limit))
    try:
        if not leg.answered:
            raise RecordingError("Can not record session.  Media not enabled on channel")
        bug.open()
    except RecordingError as error:
        leg.core.note(str(error))
        leg.variables["record_completion_cause"] = "uri-failure"
        return "-ERR Cannot record session!\n"

    def closed() -> None:
        leg.variables |= {
            "record_file_size": str(bug.file_bytes),
            "record_samples": str(bug.samples),
            "record_seconds": str(bug.milliseconds // 1000),
            "record_ms": str(bug.milliseconds),
            "record_completion_cause": bug.cause,
        }
        leg.fire("RECORD_STOP", {"Record-File-Path": path, "Record-Completion-Cause": bug.cause})

    leg.fire("RECORD_START", {"Record-File-Path": path})
    leg.put_on(path, bug, then=closed)
    return "+OK Success\n"


# --- audio fork ------------------------------------------------------------------------------------------------------
_FORK_USAGE = "-USAGE: <uuid> [start|stop|send_text|pause|resume] [url] [mono|mixed|stereo] [rate] [bug] [metadata]\n"
_FORK_FAILED = "-ERR Operation Failed\n"


def _audio_fork(core: "Core", arguments: str) -> str:
    given = words(arguments, 7)
    if len(given) < 2 or (given[1] == "start" and len(given) < 4):
        return _FORK_USAGE
    leg = core.legs.get(given[0])
    if leg is None:
        return _FORK_FAILED
    if given[1] == "start":
        return _start_fork(core, leg, given)
    rest = given[2:]
    name = rest.pop(0) if rest and rest[0][:1] not in "{[" else "audio_fork"
    bug = leg.named.get(f"fork {name}")
    if not isinstance(bug, AudioFork):
        return _FORK_FAILED
    if given[1] in ("stop", "send_text"):
        if rest:
            bug.send_text(rest[0])
        if given[1] == "stop":
            leg.take_off(f"fork {name}")
    elif given[1] in ("pause", "resume"):
        bug.paused = given[1] == "pause"
    else:
        return _FORK_FAILED
    return "+OK Success\n"


def _start_fork(core: "Core", leg: Leg, given: list[str]) -> str:
    url, mix, rate, *rest = [*given[2:], "8000"][: max(3, len(given) - 2)]
    name = rest.pop(0) if rest and rest[0][:1] not in "{[" else "audio_fork"
    if f"fork {name}" in leg.named:
        core.faults.append(f"uuid_audio_fork: a second start under the name {name}: reported to crash FreeSWITCH")
        return _FORK_FAILED
    rates = {"8k": 8000, "16k": 16000}
    if rates.get(rate, _number(rate)) != leg.rate:
        core.note(f"audio fork at {rate} of a leg at {leg.rate}: this switch does not resample")
        return _FORK_FAILED

    def told(what: str, body: str) -> None:
        if not leg.gone:
            leg.fire("CUSTOM", subclass=f"mod_audio_fork::{what}", body=body)

    try:
        bug = AudioFork(name, url, mix, rest[0] if rest else "", core.greenlets, told)
    except ForkError as error:
        core.note(str(error))
        return _FORK_FAILED
    leg.put_on(f"fork {name}", bug)
    return "+OK Success\n"


COMMANDS: dict[str, "Callable[[Core, str], str]"] = {
    "uuid_audio": _uuid_audio,
    "uuid_audio_fork": _audio_fork,
    "uuid_break": _break,
    "uuid_broadcast": _broadcast,
    "uuid_displace": _displace,
    "uuid_record": _record,
}
