"""A replay: every recording of a stretch of time, handed to as many processes as there are cores, and what they answer
counted and kept. Knows rows, workers and tallies; no transcript and no report's looks. Damaged recordings, and those
sealed for others, are counted and named; nothing stops the run but the person who asked for it."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from gevent import subprocess
from gevent.lock import RLock

from eslbot.greenlets import Greenlets
from eslbot.improve.labels import Label
from eslbot.improve.tally import Outcome
from eslbot.improve.worker import row_to_plain
from eslbot.record.keys import Identity
from eslbot.store.recording_rows import RecordingRow
from eslbot.store.store import Store

BATCH = 64
"""Calls handed to a worker at once."""
_PARTS = tuple(range(2, 100))
_PACKAGES = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be replayed."""

    new: tuple[str, ...]
    """Packs: shipped names or paths."""
    old: tuple[str, ...]
    """What they are compared with; none: every hit is gained."""
    base: Path
    """Where relative paths begin."""
    directory: Path
    """Of the recordings."""
    identities: tuple[Identity, ...]
    since: float | None = None
    """Calls whose recording began from here on, seconds since the epoch."""
    until: float | None = None
    labels: dict[str, list[Label]] = field(default_factory=dict)
    """By call."""
    lines: int = 200
    """Gained and lost hits of each rule that are kept with their lines; all are counted."""
    jobs: int = 0
    """Processes; 0: one a core."""
    redacted: bool = True
    """Numbers of cards, identities and codes are taken out of the lines."""


class WorkerLost(Exception):
    """A process ended before it had answered."""


class _Worker:
    """One process."""

    def __init__(self, job: bytes) -> None:
        path = os.pathsep.join(filter(None, [str(_PACKAGES), os.environ.get("PYTHONPATH")]))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "eslbot.improve.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd="/",
            env=dict(os.environ, PYTHONPATH=path),
        )  # fmt: skip
        self._send(job)

    def ask(self, batch: bytes) -> list[dict[str, Any]]:
        """Raises WorkerLost."""
        self._send(batch)
        line = self._process.stdout.readline()
        if not line.endswith(b"\n"):
            raise WorkerLost(f"a process of the replay ended (status {self._process.wait()})")
        answers: list[dict[str, Any]] = orjson.loads(line)
        return answers

    def _send(self, line: bytes) -> None:
        try:
            self._process.stdin.write(line + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise WorkerLost(f"a process of the replay ended (status {self._process.wait()})") from error

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):  # it may hold bytes for a process that is gone
                pipe.close()


class Replay:
    """`run` once."""

    def __init__(self, wanted: Wanted, store: Store, told: Callable[[int, int], None] = lambda done, of: None) -> None:
        """`told`: rows done, and in all."""
        self._wanted, self._store, self._told = wanted, store, told
        self._outcome = Outcome()
        self._done, self._all = 0, 0
        self._seen: set[str] = set()
        self._errors: list[BaseException] = []
        self._turn = RLock()
        """Reading the store may let other greenlets run, and batches are handed out one after the other."""

    def run(self) -> Outcome:
        """Until all are judged. Raises what reading the store raises."""
        wanted = self._wanted
        self._all = self._store.recordings.count(wanted.since, wanted.until)
        job = orjson.dumps({
            "new": list(wanted.new), "old": list(wanted.old), "base": str(wanted.base),
            "directory": str(wanted.directory.absolute()), "redacted": wanted.redacted,
            "identities": [identity.encode() for identity in wanted.identities],
        })  # fmt: skip
        batches = self._batches()
        jobs = wanted.jobs or len(os.sched_getaffinity(0))
        greenlets = Greenlets(lambda name, error: self._errors.append(error))
        try:
            for hand in [greenlets.spawn(f"replay {number}", self._hand, job, batches) for number in range(jobs)]:
                hand.join()
        finally:
            greenlets.stop()
        if self._errors:
            raise self._errors[0]
        self._outcome.unlabelled = sum(
            len(labels) for call, labels in wanted.labels.items() if call not in self._seen
        )
        return self._outcome

    def _hand(self, job: bytes, batches: Iterator[list[dict[str, Any]]]) -> None:
        worker = _Worker(job)
        try:
            while (batch := self._next(batches)) is not None:
                try:
                    answers = worker.ask(orjson.dumps(batch))
                except WorkerLost:
                    worker.end()
                    worker = _Worker(job)
                    answers = [self._alone(job, one) for one in batch]
                for answer in answers:
                    self._outcome.add(answer, self._wanted.lines)
                    if "failed" not in answer:
                        self._seen.add(answer["call"].lower())
                self._done += sum(len(one["rows"]) for one in batch)
                self._told(min(self._done, self._all), self._all)
        finally:
            worker.end()

    def _next(self, batches: Iterator[list[dict[str, Any]]]) -> list[dict[str, Any]] | None:
        with self._turn:
            return None if self._errors else next(batches, None)

    def _alone(self, job: bytes, one: dict[str, Any]) -> dict[str, Any]:
        """A batch cost a process: each of its calls gets one of its own, so that the one that did it is known."""
        worker = _Worker(job)
        try:
            return worker.ask(orjson.dumps([one]))[0]
        except WorkerLost as error:
            return {"call": one["rows"][0]["call"], "failed": str(error), "kind": "WorkerLost"}
        finally:
            worker.end()

    def _batches(self) -> Iterator[list[dict[str, Any]]]:
        for rows in self._store.recordings.pages(BATCH, self._wanted.since, self._wanted.until):
            batch = self._batch(rows)
            if batch:
                yield batch

    def _batch(self, rows: Sequence[RecordingRow]) -> list[dict[str, Any]]:
        firsts = []
        for row in rows:
            if row.part != 1:
                continue  # with the first
            if row.state == "recording" and row.ended is None:
                self._outcome.going_on += 1
            elif not row.words_header:
                self._outcome.destroyed += 1
            else:
                firsts.append(row)
        names = tuple(row.call for row in firsts)
        if not names:
            return []
        known = {row.call for row in self._store.calls.find(call=names) if row.roles_known}
        parts: dict[str, list[RecordingRow]] = {row.call: [row] for row in firsts}
        for row in self._store.recordings.find(call=names, part=_PARTS):
            parts[row.call].append(row)
        return [
            {
                "rows": [row_to_plain(row) for row in sorted(parts[name], key=lambda row: row.part)],
                "roles_known": name in known,
                "labels": [label.model_dump() for label in self._wanted.labels.get(name.lower(), ())],
            }
            for name in names
        ]
