"""Recordings opened for people who listen in the console: what was said and found, and the sound. Knows what a page
shows of a sealed recording; who opens it and audits that, `Sounds` knows."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from eslbot.record.gaps import MASKED
from eslbot.record.playing import Playable
from eslbot.record.reader import Recording
from eslbot.record.wav import Side
from eslbot.redact import redact_transcript
from eslbot.service.people.sounds import Sounds
from eslbot.store.appeal_rows import UPHELD
from eslbot.store.recording_rows import RecordingRow
from eslbot.store.rows import ViolationRow
from eslbot.store.store import Store
from eslbot.supervise.access import Person
from eslbot.supervise.live.words import hit_row, readable


class Playing:
    """The console's `Plays`."""

    def __init__(self, sounds: Sounds, store: Store) -> None:
        self._sounds, self._store = sounds, store

    @property
    def asks(self) -> bool:
        """See sounds.Plays."""
        return self._sounds.asks

    def opened(self, row: RecordingRow, person: Person, reason: str) -> dict[str, Any]:
        """See sounds.Plays. Numbers of cards, identities and codes are hidden from the words."""
        hits = [one for one in self._store.violations.find(call=row.call) if one.retracted is None]
        overturned = {one.hit for one in self._store.appeals.find(call=row.call, state=UPHELD)}
        return self._sounds.read(
            row.call, row.part, "words and sound", reason, person,
            lambda recording: shown(recording, hits, overturned))

    def open(self, call: str, part: int, side: Side, reason: str, person: Person) -> Playable:
        """See sounds.Opens."""
        return self._sounds.open(call, part, side, reason, person)

    def next(self, pieces: Iterator[bytes]) -> bytes:
        """See sounds.Opens."""
        return self._sounds.next(pieces)


def shown(
    recording: Recording, hits: Sequence[ViolationRow], overturned: Collection[str] = (),
) -> dict[str, Any]:
    """A recording's words, violations, masks and gaps as a page shows them; times in seconds of the call. `overturned`:
    the hits that do not count any more."""
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
        "words": said, "hits": sorted(({**hit_row(one, rate), "overturned": one.hit in overturned} for one in hits),
                                        key=lambda one: one["start"]),
        "masks": [span for span in spans if not span["reason"]], "gaps": [span for span in spans if span["reason"]],
        "first": round(recording.first / row.rate, 3),
        "seconds": round((recording.end - recording.first) / row.rate, 3),
    }
