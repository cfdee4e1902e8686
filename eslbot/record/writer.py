"""One call's recording as the call sees it: frames and words in, never a wait, never an error of the disk out. Knows
frames, gaps, masks and the sample clock; pump.py brings what is taken here to the disk."""

from typing import Any

import orjson
from gevent.event import Event

from eslbot.model.audio import BYTES_PER_SAMPLE, AudioFrame, Gap
from eslbot.model.call import CallId
from eslbot.record import gaps
from eslbot.record.masking import of_audio, of_words, silenced
from eslbot.record.sheet import Sheet
from eslbot.redact.masks import mask_record

LONGEST_SILENCE = 3600
"""Seconds; a frame that lies further ahead than this is no gap but a mistake, and is not taken."""


class Writer:
    """Made by Vault.open. Samples are counted on the call's clock."""

    def __init__(self, sheet: Sheet, wake: Event) -> None:
        self._sheet = sheet
        self._wake = wake
        self._dropped = 0
        """End of the last frame that found no room; 0: none."""
        self._told = ""
        self._next = -1
        """`taken`, kept for the way that nearly every frame takes; -1: not known."""

    @property
    def call(self) -> CallId:
        """Whose recording it is."""
        return self._sheet.live.call

    @property
    def rate(self) -> int:
        """Samples a second that it takes; of one gone on with, what it was begun with."""
        return self._sheet.live.rate

    @property
    def samples(self) -> int:
        """The sample to go on from: all before it are durable, and a spool that punches behind the durable ones holds
        the rest. What reaches back before `taken` is taken once."""
        return self._sheet.durable

    @property
    def durable(self) -> int:
        """The same, while recording: all before this sample are safe on the disk."""
        return self._sheet.durable

    @property
    def taken(self) -> int:
        """The next sample that is new to this recording: a source that keeps nothing goes on from here."""
        return self._sheet.taken

    @property
    def due(self) -> float | None:
        """When the sample `taken` was spoken, on the clock it was opened by, where this goes on with a recording that a
        process before began; early by the moment that the first frame took to come. None: nothing was taken before."""
        sheet = self._sheet
        if not sheet.resumed or sheet.live.first is None:
            return None
        return sheet.live.started + sheet.taken / sheet.live.rate

    @property
    def closing(self) -> bool:
        """`close` was called, here or before a restart."""
        return self._sheet.audio.frozen

    def take(self, frame: AudioFrame) -> None:
        """Take audio. What was taken before is left out; what is missing before it becomes silence and a gap."""
        sheet = self._sheet
        audio = sheet.audio
        if frame.first == self._next and frame.rate == sheet.live.rate and not audio.frozen \
                and sheet.live.mask is None and audio.held <= sheet.room.backlog_bytes:
            self._append(frame.stereo)
            return
        refused = self._refusal(frame)
        if refused:
            self._fail(refused)
            return
        if sheet.live.first is None:
            sheet.update(first=frame.first)
            if frame.first:
                sheet.miss(0, frame.first, "source")
        ahead = frame.first - sheet.taken
        if frame.end <= sheet.taken:
            return
        if sheet.audio.held > sheet.room.backlog_bytes:
            self._dropped, self._next = frame.end, -1
            self._fail("disk: the backlog is full, audio is being lost")
            return
        if ahead > 0:
            sheet.miss(sheet.taken, frame.first, self._cause())
            sheet.audio.append(bytes(ahead * BYTES_PER_SAMPLE))
        self._dropped, sheet.resumed, self._told = 0, False, ""
        self._next = sheet.taken
        mask = sheet.live.mask
        stereo = frame.stereo if mask is None else silenced(frame.stereo, frame.first, mask)
        self._append(stereo[-ahead * BYTES_PER_SAMPLE :] if ahead < 0 else stereo)
        if mask is not None and sheet.taken >= mask[1]:
            self._lift()

    def lost(self, gap: Gap) -> None:
        """List samples that never reached this recording. (Samples that only the recogniser missed are no gap of the
        recording's and must not be told here.)"""
        if gap.first < gap.end:
            self._sheet.miss(gap.first, gap.end, gap.reason)

    # --- masks -------------------------------------------------------------------------------------------------------
    @property
    def masks(self) -> tuple[tuple[int, int], ...]:
        """(first sample, the one after the last) of every stretch that is masked, the one that goes on as far as it may
        go; also of those before a restart."""
        mask = self._sheet.live.mask
        return gaps.masked(self._sheet.live.gaps) + (() if mask is None else (mask,))

    @property
    def masking(self) -> tuple[int, int] | None:
        """The one that stands."""
        return self._sheet.live.mask

    def mask(self, first: int, end: int) -> tuple[int, int]:
        """Keep neither audio nor words of what was and will be said from sample `first` to before `end`: silence and
        marks stand there, and it is listed as masked and not as lost. Reaches back as far as nothing is sealed yet.
        A mask that stands goes on, and grows by this one; gives what is masked now. Survives kill -9."""
        sheet = self._sheet
        if sheet.audio.frozen:
            return first, first
        reach = sheet.first + -(-sheet.audio.amendable // BYTES_PER_SAMPLE)
        span = max(first, reach), max(end, first, reach)
        before = sheet.live.mask
        if before is not None:
            span = min(span[0], before[0]), max(span[1], before[1])
        sheet.audio.amend(of_audio(span, sheet.first))
        sheet.words.amend(of_words(span))
        sheet.update(mask=span)
        if sheet.taken >= span[1]:
            self._lift()
        return span

    def unmask(self, at: int) -> tuple[int, int] | None:
        """The mask that stands ends before sample `at`; gives the stretch that was masked, None where none stood."""
        mask = self._sheet.live.mask
        if mask is None:
            return None
        end = max(mask[0], min(mask[1], max(at, self._sheet.taken)))
        self._sheet.update(mask=(mask[0], end))
        return self._lift() if self._sheet.taken >= end else (mask[0], end)

    def _lift(self) -> tuple[int, int]:
        """It is over: it is listed, and what comes is recorded. Its silence is put where it outlives us first: whoever
        goes on would take what the slack held anew, and no mask stands any more."""
        sheet = self._sheet
        sheet.audio.catch_up()
        assert sheet.live.mask is not None
        first, end = sheet.live.mask
        end = min(end, max(sheet.taken, first))
        listed = gaps.add(sheet.live.gaps, first, end, gaps.MASKED)
        sheet.update(mask=None, gaps=listed)
        return first, end

    # -----------------------------------------------------------------------------------------------------------------
    def say(self, record: dict[str, Any]) -> None:
        """Add a record (a word, a violation; anything JSON can hold) to the sealed words, without what was said in a
        masked span. Survives kill -9 once this returns."""
        if self._sheet.words.frozen:
            self._fail("words after the recording was closed")
            return
        masks = self.masks
        if masks:
            record = mask_record(record, masks)
        self._sheet.words.append(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
        if self._sheet.words.ready:
            self._wake.set()

    def close(self, state: str = "complete") -> None:
        """No more will come. Seals the rest, writes the final row, then calls on_closed; does not wait for it.

        `state`: what it is at best (`complete` or `partial`); gaps make it partial.
        """
        sheet = self._sheet
        if self._dropped:
            sheet.miss(sheet.taken, self._dropped, "disk")
            self._dropped = 0
        if sheet.live.state == "recording":
            sheet.update(state=state)
        if sheet.live.mask is not None:
            self._lift()
        sheet.words.freeze()
        sheet.audio.freeze()
        self._wake.set()

    def _append(self, stereo: bytes) -> None:
        self._sheet.audio.append(stereo)
        self._next += len(stereo) // BYTES_PER_SAMPLE
        if self._sheet.audio.ready:
            self._wake.set()

    def _refusal(self, frame: AudioFrame) -> str:
        sheet = self._sheet
        if sheet.audio.frozen:
            return "audio after the recording was closed" if frame.end > sheet.taken else ""
        if frame.rate != sheet.live.rate:
            return f"audio at {frame.rate} Hz in a recording at {sheet.live.rate} Hz"
        if sheet.live.first is not None and frame.first - sheet.taken > LONGEST_SILENCE * frame.rate:
            return "audio that lies more than an hour ahead"
        return ""

    def _cause(self) -> str:
        return "disk" if self._dropped else "restart" if self._sheet.resumed else "source"

    def _fail(self, reason: str) -> None:
        """Told once, until audio is taken again."""
        if reason != self._told:
            self._told = reason
            self._sheet.fail(reason)
