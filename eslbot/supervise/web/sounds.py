"""The sound of a recording over HTTP: the bytes that are asked for, opened as they are taken and written nowhere. Knows
ranges and the view of a recording; who opens it and audits that, `Opens` and `Plays` say."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol, get_args

from flask import Response, request

from eslbot.record.playing import MEDIA_TYPE, Playable
from eslbot.record.wav import Side, Unsatisfiable, byte_range
from eslbot.store.recording_rows import RecordingRow
from eslbot.supervise.access import Permission, Person
from eslbot.supervise.web import asking
from eslbot.supervise.wire import Refused


class Opens(Protocol):
    """Opens recordings, and audits it before."""

    def open(self, call: str, part: int, side: Side, reason: str, person: Person) -> Playable:
        """Raises NoSuch, Refused, StoreProblem (the audit is away: nothing is opened)."""

    def next(self, pieces: Iterator[bytes]) -> bytes:
        """The next piece, opened off the hub; empty at the end."""


class Plays(Opens, Protocol):
    """Opens recordings for people who listen in the console."""

    def opened(self, row: RecordingRow, person: Person, reason: str) -> dict[str, Any]:
        """Audits it, then gives what was said and found: {words, hits, masks, gaps, first, seconds}. Raises Refused."""

    @property
    def asks(self) -> bool:
        """Whether a reason has to be given."""


def view(opens: Opens | None) -> Callable[..., Response]:
    """The route's."""

    @asking.needs(Permission.PLAY)
    def audio(call: str) -> Response:
        if opens is None:
            raise Refused("this service has no key that opens recordings: [keys] identity names one, and where nobody "
                          "plays here it is best without")
        part, side = request.args.get("part", 1, type=int), request.args.get("side", "both")
        if side not in get_args(Side):
            raise Refused("side: both, customer or agent")
        sound = opens.open(call, part, side, request.args.get("reason", ""), asking.current())  # type: ignore[arg-type]
        headers = {"Accept-Ranges": "bytes", "ETag": f'"{sound.tag}"', "Cache-Control": "no-store"}
        try:
            wanted = asked(sound)
        except Unsatisfiable:
            return Response(status=416, headers={**headers, "Content-Range": f"bytes */{sound.size}"})
        start, stop = wanted or (0, sound.size)
        headers["Content-Length"] = str(stop - start)
        if wanted is not None:
            headers["Content-Range"] = f"bytes {start}-{stop - 1}/{sound.size}"
        if request.method == "HEAD":
            return Response(status=200, mimetype=MEDIA_TYPE, headers=headers)
        if not asking.streaming():
            return Response(status=503, headers={"Retry-After": "5"})
        return Response(pieces(opens, sound, start, stop), 200 if wanted is None else 206, mimetype=MEDIA_TYPE,
                        headers=headers)

    return audio


def asked(sound: Playable) -> tuple[int, int] | None:
    """The bytes that the request wants, the first and the one behind the last; None: all, as also where it has a part
    of another sound already. Raises Unsatisfiable."""
    same = request.headers.get("If-Range", f'"{sound.tag}"') == f'"{sound.tag}"'
    return byte_range(request.headers.get("Range") if same else None, sound.size)


def pieces(opens: Opens, sound: Playable, start: int, stop: int) -> Iterator[bytes]:
    """Of the sound from byte `start` to before `stop`, each opened off the hub."""
    sealed = sound.read(start, stop)
    while piece := opens.next(sealed):
        yield piece
