"""What is known of one recording under way: its live state, its two payloads, and the row they make. Knows no frame and
no greenlet; the writer fills it, the pump empties it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from eslbot.model.audio import BYTES_PER_SAMPLE
from eslbot.model.call import CallId
from eslbot.record import gaps, paths
from eslbot.record.disk import Disk
from eslbot.record.gaps import MASKED
from eslbot.record.live import Live, LiveDirectory
from eslbot.record.payload import Payload
from eslbot.store.backlog import Ticket
from eslbot.store.offhub import OffHub
from eslbot.store.recording_rows import RecordingRow

AUDIO_SLACK = 8192
"""Bytes of audio, a quarter of a second at 8 kHz, that may wait before they are put where they outlive us: a write for
each frame cost more than sealing. The spool has them still; of a fork they are the last of what a crash may cost."""
WORDS_KEPT = 16_384
"""Bytes of words that stay open for a mask, where one may reach back: more than is said in the seconds it reaches."""


class RecordingIndex(Protocol):
    """Where rows are kept (store.Store.recordings)."""

    def put(self, row: RecordingRow) -> Ticket:
        """Insert or replace the row, some time soon."""

    def find(self, limit: int | None = None, prefix: str = "", newest_first: bool = False,
             **where: Any) -> list[RecordingRow]:
        """Rows by their columns."""


@dataclass(frozen=True, slots=True)
class Room:
    """What all recordings share."""

    disk: Disk
    live: LiveDirectory
    index: RecordingIndex
    off_hub: OffHub
    clock: Callable[[], float]
    renew: Callable[[Live], Live]
    """The same call's state with fresh keys, for its next part."""
    on_durable: Callable[[CallId, int], None]
    on_failed: Callable[[CallId, str], None]
    on_closed: Callable[[RecordingRow], None]
    node: str
    backlog_bytes: int
    hold: float = 0.0
    """Seconds of audio that are not sealed yet, so that a mask can reach back over them."""


class Sheet:
    """One recording under way."""

    def __init__(self, room: Room, live: Live, resumed: bool) -> None:
        self.room = room
        self.live = live
        self.resumed = resumed
        """Gone on with after a restart, and nothing new has come since."""
        self.trouble = ""
        """What ails the disk right now."""
        self.audio = self._payload("audio")
        self.words = self._payload("words")

    def _payload(self, kind: str, held: bytes | None = None) -> Payload:
        key, nonce = {"audio": (self.live.audio_key, self.live.audio_nonce),
                      "words": (self.live.words_key, self.live.words_nonce)}[kind]
        tail = self.room.live.tail(self.live, kind)
        if not tail.frozen:   # whole samples, whole records; what was cut was not sealed, and was never acknowledged
            length = len(tail.held)
            tail.trim(length - length % BYTES_PER_SAMPLE if kind == "audio" else tail.held.rfind(b"\n") + 1)
        if kind == "words":
            return Payload(key, nonce, tail, held, keep=WORDS_KEPT if self.room.hold else 0)
        keep = round(self.room.hold * self.live.rate) * BYTES_PER_SAMPLE
        return Payload(key, nonce, tail, held, slack=AUDIO_SLACK, keep=keep)

    @property
    def first(self) -> int:
        """Call's sample that the file begins with."""
        return self.live.first or 0

    @property
    def durable(self) -> int:
        """Call's sample before which all is safe."""
        return self.first + self.audio.durable // BYTES_PER_SAMPLE

    @property
    def taken(self) -> int:
        """Call's sample before which all has been taken."""
        return self.first + self.audio.length // BYTES_PER_SAMPLE

    @property
    def payloads(self) -> tuple[tuple[str, Payload], ...]:
        """Both, by kind."""
        return (("audio", self.audio), ("words", self.words))

    def file(self, kind: str) -> Any:
        """Where the payload lies."""
        stem = paths.stem(self.live.call, self.live.started, self.live.part)
        return {"audio": paths.audio, "words": paths.words}[kind](self.room.disk.directory, stem)

    def update(self, **changes: Any) -> None:
        """Change the live state, here and in memory that outlives us."""
        self.live = replace(self.live, **changes)
        self.save()

    def save(self) -> None:
        """Write the live state. Without room for it the recording goes on; a crash would then end it."""
        try:
            self.room.live.save(self.live)
        except OSError as error:
            self.fail(f"live state: {error.strerror or type(error).__name__}")

    def miss(self, first: int, end: int, reason: str) -> None:
        """List samples that are missing, or (gaps.MASKED) that were left out on purpose."""
        listed = gaps.add(self.live.gaps, first, end, reason)
        if listed != self.live.gaps:
            self.update(gaps=listed)

    def fail(self, reason: str) -> None:
        """Tell that something is wrong with this recording."""
        self.room.on_failed(self.live.call, reason)

    def row(self, ended: float | None = None) -> RecordingRow:
        """The row as it stands; `ended`: everything is durable and this is the last."""
        live = self.live
        state = "partial" if gaps.lost(live.gaps) or live.state == "partial" else live.state
        if ended is None:
            state = "partial" if self.trouble else "recording"
        digests = [p.digest.hexdigest() if p.finished and p.digest else "" for _, p in self.payloads]
        return RecordingRow(
            live.call, live.switch, live.started, live.rate, live.audio_header, live.words_header,
            paths.stem(live.call, live.started, max(1, live.part)), live.recipients, max(1, live.part), ended=ended,
            state=state, first=self.first, samples=self.audio.durable // BYTES_PER_SAMPLE,
            chunks=self.audio.whole_chunks, words_chunks=self.words.whole_chunks, gaps=self._listed(),
            sha256=digests[0], words_sha256=digests[1], node=self.room.node, letters=live.letters)

    def _listed(self) -> gaps.Gaps:
        """What is missing and what is masked, with the mask that stands, as far as it has come."""
        mask = self.live.mask
        if mask is None or self.taken <= mask[0]:
            return self.live.gaps
        return gaps.add(self.live.gaps, mask[0], min(mask[1], self.taken), MASKED)

    def begin_anew(self) -> None:
        """Fresh keys in a new part, which begins with what was not durable in this one. The new state and its tails
        stand before the old ones go."""
        live = self.room.renew(self.live)
        live = replace(live, first=None if self.live.first is None else self.durable)
        held = {kind: payload.rest for kind, payload in self.payloads}
        frozen = self.audio.frozen
        for _, payload in self.payloads:
            payload.close()
        self.live = live
        self.audio, self.words = self._payload("audio", held["audio"]), self._payload("words", held["words"])
        if frozen:
            self.audio.freeze()
            self.words.freeze()
        self.save()
        self.room.live.discard(live.call, keep=live.series)
