"""Recordings opened for people who listen in the console: audited first, then decrypted as far as it is asked for, in
memory only. Knows the sealed recordings, the audit and where the identity comes from; no page."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from eslbot.record.container import ContainerError
from eslbot.record.keys import Identity, KeyProblem
from eslbot.record.playing import Playable
from eslbot.record.reader import Damaged, Recording
from eslbot.record.wav import Side
from eslbot.redact import redact_transcript
from eslbot.store.chain import Entry
from eslbot.store.offhub import OffHub
from eslbot.store.rows import CallRow, RecordingRow, ViolationRow
from eslbot.store.store import Store
from eslbot.supervise.access import NoSuch, Person
from eslbot.supervise.live_words import hit_row, readable
from eslbot.supervise.wire import Refused
from eslbot.watch.redact import redact_text

T = TypeVar("T")
REMEMBERED = 2_000
"""Openings, for the requests of their sound that follow. A restart forgets them, and they are audited anew."""
KEPT = 300.0
"""Seconds for which the keys are remembered."""
MASKED = "masked"
"""The reason of a gap that was left out on purpose."""


Find = Callable[[dict[str, Any], Person], tuple[list[RecordingRow], CallRow | None]]


class Playing:
    """The console's `Plays` and the API's `Opens`."""

    def __init__(
        self, identities: Callable[[], Sequence[Identity]], directory: Path, store: Store, find: Find,
        audit: Callable[[Entry], None], asks: bool = False,
    ) -> None:
        """`identities`: the keys that this service may open recordings with; may block; raises KeyProblem. `find`: the
        parts of a recording that is theirs to see (records.Records.found). `asks`: whether a reason has to be given."""
        self._identities, self._directory, self._store, self._audit = identities, directory, store, audit
        self._find = find
        self.asks = asks
        self._opened: dict[tuple[str, str, int], None] = {}
        self._off_hub = OffHub(2)
        self._known: tuple[float, Sequence[Identity]] = (float("-inf"), ())

    def opened(self, row: RecordingRow, person: Person, reason: str) -> dict[str, Any]:
        """See the protocol. Numbers of cards, identities and codes are hidden from the words."""
        if self.asks and not reason.strip():
            raise Refused("play: this installation asks for a reason")
        self._audited(row, person, reason, "words and sound")
        hits = [one for one in self._store.violations.find(call=row.call) if one.retracted is None]
        return self._open(row, lambda recording: shown(recording, hits))


    def open(self, call: str, part: int, side: Side, reason: str, person: Person) -> Playable:
        """See sounds.Opens. What somebody goes on playing is audited once."""
        rows, _ = self._find({"call": call}, person)
        row = next((row for row in rows if row.part == part), None)
        if row is None:
            raise NoSuch(f"there is no part {part} of this recording")
        if row.state == "erased":
            raise Refused("this recording was erased")
        if (person.who, row.call, row.part) not in self._opened:
            if self.asks and not reason.strip():
                raise Refused("play: this installation asks for a reason")
            self._audited(row, person, reason, "sound")
        return self._open(row, lambda recording: Playable(recording, side))

    def next(self, pieces: Iterator[bytes]) -> bytes:
        """See sounds.Opens."""
        return self._off_hub.run(next, pieces, b"")

    def _audited(self, row: RecordingRow, person: Person, reason: str, what: str) -> None:
        self._audit(Entry(
            "play", person.who, row.call, row.sha256, redact_text(reason.strip()[:500]),
            detail=f"{what}, part {row.part}"))
        self._opened[person.who, row.call, row.part] = None
        if len(self._opened) > REMEMBERED:
            del self._opened[next(iter(self._opened))]

    def _keys(self) -> Sequence[Identity]:
        """In the thread: who plays asks many times, and a vault is asked once for all of them."""
        at, keys = self._known
        if time.monotonic() - at > KEPT:
            keys = self._identities()
            self._known = time.monotonic(), keys
        return keys

    def _open(self, row: RecordingRow, make: Callable[[Recording], T]) -> T:
        """What is made of the opened recording, off the hub. Raises Refused with what is wrong."""

        def work() -> T:
            return make(Recording(row, self._directory, self._keys()))

        try:
            return self._off_hub.run(work)
        except (ContainerError, Damaged, KeyProblem, OSError) as error:
            raise Refused(str(error)) from error


def shown(recording: Recording, hits: Sequence[ViolationRow]) -> dict[str, Any]:
    """A recording's words, violations, masks and gaps as a page shows them; times in seconds of the call."""
    row, rate = recording.row, recording.row.rate
    records = redact_transcript(recording.words(), rate)
    rate = next((record["rate"] for record in records if record["kind"] == "judged"), rate)
    said = [
        {
            "role": record["role"], "n": record["utterance"], "text": readable(record["text"]),
            "start": round(record["start"] / rate, 2), "end": round(record["end"] / rate, 2),
            "words": [[word, round(start / rate, 2), round(end / rate, 2)] for word, start, end in record["words"]],
        }
        for record in records if record["kind"] == "words" and record["text"]
    ]
    spans = [
        {"start": round(gap["first"] / row.rate, 2), "end": round(gap["end"] / row.rate, 2),
         "reason": "" if gap["reason"] == MASKED else gap["reason"], "role": None}
        for gap in row.gaps
    ]
    return {
        "words": said, "hits": sorted((hit_row(one, rate) for one in hits), key=lambda one: one["start"]),
        "masks": [span for span in spans if not span["reason"]], "gaps": [span for span in spans if span["reason"]],
        "first": round(recording.first / row.rate, 3),
        "seconds": round((recording.end - recording.first) / row.rate, 3),
    }
