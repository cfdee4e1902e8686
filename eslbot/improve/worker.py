"""A process of a replay: takes rows of recordings over its standard input, opens their words, judges them under the new
and the old packs, and answers with what differs. One JSON object a line each way; the first line is the job, with the
identities, which so stand in no argument, environment or file. Writes nothing anywhere else."""

import sys
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import orjson

from eslbot.improve.compare import compare
from eslbot.improve.labels import Label, score
from eslbot.improve.rejudge import BadRecord, Found, Judged, rejudge
from eslbot.judge import Packs, load
from eslbot.record.container import ContainerError
from eslbot.record.keys import Identity, parse_identity
from eslbot.record.reader import Damaged, Words
from eslbot.redact import redact_words
from eslbot.store.recording_rows import RecordingRow

_KEPT = ("call", "switch", "started", "rate", "path", "part", "ended", "state", "first", "samples", "words_chunks")


def row_to_plain(row: RecordingRow) -> dict[str, Any]:
    """What a worker needs of a row, for JSON."""
    plain = {name: getattr(row, name) for name in _KEPT}
    return plain | {"words_header": b64encode(row.words_header).decode()}


def row_of_plain(plain: dict[str, Any]) -> RecordingRow:
    """The row again, without its audio's header."""
    return RecordingRow(**{**plain, "words_header": b64decode(plain["words_header"]), "audio_header": b""})


class Replayer:
    """Judges calls under two sets of packs."""

    def __init__(
        self, new: Packs, old: Packs, directory: Path, identities: Sequence[Identity], redacted: bool = True
    ) -> None:
        self._new, self._old, self._directory, self._identities = new, old, directory, identities
        self._redacted = redacted

    def judge(self, rows: Sequence[RecordingRow], roles_known: bool, labels: Sequence[Label]) -> dict[str, Any]:
        """One call, of all the parts of its recording. A call that cannot be judged is told, with the reason."""
        call, rate = rows[0].call, rows[0].rate
        try:
            records = [record for row in rows for record in self._records(row)]
            end = max(row.first + row.samples for row in rows)
            new = rejudge(self._new, call, rate, roles_known, records, end)
            old = rejudge(self._old, call, rate, roles_known, records, end) if self._old.packs else Judged((), {})
        except (Damaged, ContainerError, BadRecord) as error:
            return {"call": call, "failed": str(error), "kind": type(error).__name__}
        gained, lost, kept = compare(new.found, old.found)
        return {
            "call": call, "started": rows[0].started, "rate": rate,
            "seconds": round(sum(row.samples for row in rows) / rate, 3) if rate else 0.0,
            "whole": all(row.state in ("complete", "partial") for row in rows),
            "gained": [self._plain(one) for one in gained], "lost": [self._plain(one) for one in lost],
            "kept": _count(kept), "disclosures": new.disclosures,
            "scores": {
                side: {rule: asdict(one) for rule, one in score(labels, judged.found, rate).items()}
                for side, judged in (("new", new), ("old", old))
            } if labels else None,
        }  # fmt: skip

    def _records(self, row: RecordingRow) -> Iterator[dict[str, Any]]:
        return Words(row, self._directory, self._identities).records()

    def _plain(self, one: Found) -> dict[str, Any]:
        plain = {field.name: getattr(one, field.name) for field in fields(one)}
        return plain | {"text": redact_words(one.text)} if self._redacted else plain


def _count(found: Iterable[Found]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in found:
        counts[one.rule] = counts.get(one.rule, 0) + 1
    return counts


def main() -> None:
    """Reads the job, then batches until the input ends."""
    lines = iter(sys.stdin.buffer.readline, b"")
    job = orjson.loads(next(lines))
    base = Path(job["base"])
    replayer = Replayer(
        load(job["new"], base=base), load(job["old"], base=base), Path(job["directory"]),
        [parse_identity(text) for text in job["identities"]], job["redacted"],
    )  # fmt: skip
    for line in lines:
        answers = []
        for one in orjson.loads(line):
            labels = [Label.model_validate(label) for label in one["labels"]]
            answers.append(replayer.judge([row_of_plain(row) for row in one["rows"]], one["roles_known"], labels))
        sys.stdout.buffer.write(orjson.dumps(answers, option=orjson.OPT_APPEND_NEWLINE))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
