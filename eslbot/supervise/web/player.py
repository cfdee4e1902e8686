"""Recordings in the browser: the list, the page with the words, and the sound by byte ranges, decrypted as it is asked
for and written nowhere. Knows rows and a way to open them; what is audited, and with which key, sounds.Plays says."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Blueprint, Response, make_response, redirect, request

from eslbot.record.playing import MEDIA_TYPE
from eslbot.record.wav import Unsatisfiable
from eslbot.store.appeal_rows import UPHELD
from eslbot.store.listing import BadPlace, Span
from eslbot.store.recording_rows import RecordingRow
from eslbot.store.rows import CallRow
from eslbot.supervise.access import Hidden, NoSuch, Permission
from eslbot.supervise.records import scope_of, seen
from eslbot.supervise.web import asking, sounds
from eslbot.supervise.web.frame import frame
from eslbot.supervise.web.language import language
from eslbot.supervise.web.pages import console, show, weight_of
from eslbot.supervise.web.refusals import told
from eslbot.supervise.wire import Refused

SHOWN = 50
STATES = ("complete", "partial", "incomplete", "recording", "erased")
AT_ONCE = 1 << 20
"""Bytes of sound in one answer: half a minute. A browser asks on from there, and no answer lasts long."""


def register(blueprint: Blueprint) -> None:
    blueprint.get("/recordings")(recordings)
    blueprint.get("/recordings/<call>")(recording)
    blueprint.post("/recordings/<call>")(reason)
    blueprint.get("/recordings/<call>/audio")(audio)


@asking.needs(Permission.LIST)
def recordings() -> Response:
    """Newest first, those that are theirs to see."""
    person, store, asked = asking.current(), console().store, request.args
    zone = _zone(asked.get("zone", "")[:64])
    since, until = _day(asked.get("from", ""), zone), _day(asked.get("to", ""), zone, 1)
    state = asked.get("state", "") if asked.get("state", "") in STATES else ""
    after = asked.get("after", "")[:300]
    try:
        rows, following = store.listing.recordings(SHOWN, after, scope_of(person), Span(since, until), state)
    except BadPlace as error:
        raise Refused(str(error)) from error
    names = tuple({row.call for row in rows})
    calls = {row.call: row for row in store.calls.find(call=names)} if names else {}
    kept = {name: asked[name] for name in ("from", "to", "state", "zone") if asked.get(name)}
    older = None if following is None else f"/recordings?{urlencode({'after': following, **kept})}"
    return show(
        "recordings.html", "recordings.title", "/recordings", live=False, rows=_listed(rows, calls), older=older,
        newer=bool(after), states=STATES,
        wanted={"from": asked.get("from", ""), "to": asked.get("to", ""), "state": state},
    )


def _listed(rows: list[RecordingRow], calls: dict[str, CallRow]) -> list[dict[str, Any]]:
    found = console().store.violations.find(call=tuple(row.call for row in rows)) if rows else []
    upheld = console().store.appeals.find(call=tuple(row.call for row in rows), state=UPHELD) if rows else []
    overturned = {one.hit for one in upheld}
    weights: dict[str, list[int]] = {}
    for one in found:
        if one.retracted is None and one.hit not in overturned:
            weights.setdefault(one.call, []).append(weight_of(one.severity))
    return [_row(row, calls.get(row.call)) | {
        "weight": max(weights.get(row.call, [0])), "count": len(weights.get(row.call, []))} for row in rows]


def _row(row: RecordingRow, call: CallRow | None) -> dict[str, Any]:
    minutes, seconds = divmod(round(row.seconds), 60)
    hours, minutes = divmod(minutes, 60)
    length = f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
    return {
        "call": row.call, "part": row.part, "started": row.started, "length": length, "state": row.state,
        "agent": call.agent if call is not None else "", "sha256": row.sha256,
    }


@asking.needs(Permission.PLAY)
def recording(call: str) -> Response:
    """Its words and its sound."""
    row, of_call = _found(call)
    plays, why, data = console().play, "", None
    shown: dict[str, Any] = {"row": _row(row, of_call), "ask": False}
    shown["keeps"] = asking.current().may(Permission.ERASE) and "keeping" in frame().handlers
    if plays is None:
        why = "no key is set here for that ([keys] identity)"
    elif row.state != "erased":
        if plays.asks and request.args.get("reason") is None:
            shown["ask"] = True
        else:
            try:
                data = plays.opened(row, asking.current(), request.args.get("reason", ""))
            except Refused as error:
                why = str(error)
    return show("player.html", "player.title", live=False, data={"recording": data}, why=told(language(), why), **shown)


@asking.needs(Permission.PLAY)
def reason(call: str) -> Response:
    """Why somebody wants to hear it."""
    kept = {name: request.args[name][:16] for name in ("part", "at") if name in request.args}
    query = urlencode({"part": "1", **kept, "reason": request.form.get("reason", "")[:500]})
    return make_response(redirect(f"/recordings/{call}?{query}", 303))


@asking.needs(Permission.PLAY)
def audio(call: str) -> Response:
    """A WAV file that is nowhere, by ranges."""
    row, _ = _found(call)
    plays = console().play
    if plays is None or row.state == "erased":
        raise NoSuch("there is no sound to play")
    sound = plays.open(row.call, row.part, "both", "", asking.current())
    headers = {"Accept-Ranges": "bytes", "ETag": f'"{sound.tag}"', "Cache-Control": "private, no-store"}
    try:
        wanted = sounds.asked(sound)
    except Unsatisfiable:
        return Response(status=416, headers={**headers, "Content-Range": f"bytes */{sound.size}"})
    if wanted is None:
        if not asking.streaming():
            return Response(status=503, headers={"Retry-After": "5"})
        return Response(sounds.pieces(plays, sound, 0, sound.size), mimetype=MEDIA_TYPE,
                        headers={**headers, "Content-Length": str(sound.size)})
    start, stop = wanted[0], min(wanted[1], wanted[0] + AT_ONCE)
    headers |= {"Content-Range": f"bytes {start}-{stop - 1}/{sound.size}", "Content-Length": str(stop - start)}
    return Response(sounds.pieces(plays, sound, start, stop), 206, mimetype=MEDIA_TYPE, headers=headers)


def _found(call: str) -> tuple[RecordingRow, CallRow | None]:
    """A recording that is theirs to see, and its call. Raises NoSuch."""
    store, part = console().store, request.args.get("part", 1, type=int)
    row = store.recordings.get(call, part)
    if row is None or not seen(asking.current(), store.stays.find(call=call)):
        said = f"there is no recording of a call {call[:64]}"
        raise NoSuch(said) if row is None else Hidden(said, row.call)
    return row, store.calls.get(call)


def _zone(name: str) -> tzinfo:
    """Where a reader's days begin and end; UTC where that is no zone's name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return UTC


def _day(text: str, zone: tzinfo, days: int = 0) -> float | None:
    """Midnight of a day there, as seconds since the epoch; None where it is none."""
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
        return datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()
    except (ValueError, OverflowError):
        return None
