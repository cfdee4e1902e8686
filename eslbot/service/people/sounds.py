"""Recordings opened for those who hear them by the API: audited first, in the chain itself, and refused where that
cannot be done; then opened as far as it is asked for, in memory only. Knows the sealed recordings, the audit, and where
the identity comes from; no page."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from eslbot.record.container import ContainerError
from eslbot.record.keys import Identity, KeyProblem
from eslbot.record.playing import Playable
from eslbot.record.reader import Damaged, Recording
from eslbot.record.wav import Side
from eslbot.service.people.reasons import NoReason
from eslbot.store.chain import Entry
from eslbot.store.offhub import OffHub
from eslbot.store.recording_rows import RecordingRow
from eslbot.supervise.access import NoSuch, Person
from eslbot.supervise.records import Records
from eslbot.supervise.wire import Refused
from eslbot.watch.redact import redact_text

T = TypeVar("T")
AGAIN = 3600.0
"""Seconds for which ranges of one recording, asked for by one person, are one playing."""
REMEMBERED = 2_000
KEPT = 300.0
"""Seconds for which the keys are remembered."""


class Sounds:
    """One service's."""

    def __init__(
        self, identities: Callable[[], Sequence[Identity]], directory: Path, records: Records,
        audit: Callable[[Entry], object], clock: Callable[[], float], asks: bool = False,
    ) -> None:
        """`identities`: what this service opens recordings with; may block; raises KeyProblem. `audit` appends to the
        chain, blocks, and raises StoreProblem where it cannot. `asks`: whether a reason has to be given."""
        self._identities, self._directory, self._records = identities, directory, records
        self._audit, self._clock, self.asks = audit, clock, asks
        self._playing: dict[tuple[str, str, int, str], float] = {}
        self._known: tuple[float, Sequence[Identity]] = (float("-inf"), ())
        self._off_hub = OffHub(2)

    def open(self, call: str, part: int, side: Side, reason: str, person: Person) -> Playable:
        """See sounds.Opens."""
        return self.read(call, part, side, reason, person, lambda recording: Playable(recording, side))

    def read(
        self, call: str, part: int, what: str, reason: str, person: Person, make: Callable[[Recording], T],
    ) -> T:
        """The same for anything that is made of an opened recording, off the hub. `what` is audited: a side, words.
        Raises as `open`."""
        rows, _ = self._records.found({"call": call}, person)
        row = next((one for one in rows if one.part == part), None)
        if row is None:
            raise NoSuch(f"the recording of call {rows[0].call} has no part {part}")
        if row.state == "erased":
            raise NoSuch(f"the recording of call {row.call} was erased")
        why = redact_text(reason.strip()[:500])
        keys = self._told(row, what, "", why, self.asks, person)
        try:
            return self._off_hub.run(lambda: make(Recording(row, self._directory, keys)))
        except (ContainerError, Damaged, OSError) as error:
            raise Refused(str(error)) from error

    def unseal(
        self, row: RecordingRow, what: str, person: Person, make: Callable[[Sequence[Identity]], T],
    ) -> T:
        """What `make` opens of a recording with the keys, off the hub; audited before, as `what`, once an hour, which
        lets nobody play it unaudited. Whether they may is asked already. Raises Refused, StoreProblem, and what `make`
        raises."""
        keys = self._told(row, what, what, "", False, person)
        return self._off_hub.run(lambda: make(keys))

    def _told(
        self, row: RecordingRow, what: str, kind: str, why: str, asks: bool, person: Person,
    ) -> Sequence[Identity]:
        """Audits it, where it is not what they were just told of; gives the keys."""
        name, now = (person.who, row.call, row.part, kind), self._clock()
        keys = self._keys(now)
        if now - self._playing.get(name, float("-inf")) >= AGAIN:
            if asks and not why:
                raise NoReason("play: this installation asks for a reason")
            detail = f"{what}, part {row.part}, with {', '.join(key.recipient.short for key in keys)}"
            self._audit(Entry("play", person.who, row.call, row.sha256, why, detail=detail))
            self._playing.pop(name, None)
            self._playing[name] = now
            if len(self._playing) > REMEMBERED:
                del self._playing[next(iter(self._playing))]
        return keys

    def next(self, pieces: Iterator[bytes]) -> bytes:
        """See sounds.Opens."""
        return self._off_hub.run(next, pieces, b"")

    def _keys(self, now: float) -> Sequence[Identity]:
        """Asked for here, in the greenlet: a program that prints them runs beside it. Who plays asks for many ranges,
        and a vault is asked once for all of them."""
        at, keys = self._known
        if not now - at < KEPT:
            try:
                keys = self._identities()
            except KeyProblem as error:
                raise Refused(str(error)) from error
            self._known = now, keys
        return keys

    def stop(self) -> None:
        self._off_hub.close()
