"""The row a recording makes while it is made, and how it begins anew."""

from pathlib import Path

import pytest

from eslbot.record import live
from eslbot.record.live import LiveDirectory
from tests.record.rig import CALL, CHUNK_SAMPLES, Rig, audio, frame, until


def test_the_row_counts_only_what_is_durable(rig: Rig) -> None:
    one = rig.open()
    one.take(frame(0, CHUNK_SAMPLES + 5))
    before = one._sheet.row()
    assert (before.state, before.samples, before.chunks, before.sha256, before.ended) == ("recording", 0, 0, "", None)
    until(lambda: rig.durable)
    after = one._sheet.row()
    assert (after.state, after.samples, after.chunks) == ("recording", CHUNK_SAMPLES, 1)
    assert after.recipients == rig.options.recipients


@pytest.mark.parametrize(("gap", "asked", "state"), [(False, "complete", "complete"), (True, "complete", "partial"),
                                                     (False, "partial", "partial"), (True, "partial", "partial")])
def test_the_last_rows_state(rig: Rig, gap: bool, asked: str, state: str) -> None:
    one = rig.open()
    one.take(frame(0, 10))
    if gap:
        one._sheet.miss(3, 5, "source")
    one.close(asked)
    until(lambda: rig.closed)
    assert rig.row().state == state


def test_without_room_for_the_live_state_the_recording_goes_on_and_it_is_told(
        rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(self: LiveDirectory, state: live.Live) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(LiveDirectory, "save", no_room)
    one = rig.open()
    one.take(frame(0, CHUNK_SAMPLES + 5))
    until(lambda: rig.durable)
    one.close()
    until(lambda: rig.closed)
    assert set(rig.failed) == {"live state: No space left on device"}
    assert rig.stock("audio") == audio(0, CHUNK_SAMPLES + 5)


def test_beginning_anew_keeps_what_was_not_durable_under_other_keys(rig: Rig, tmp_path: Path) -> None:
    one = rig.open()
    one.take(frame(0, CHUNK_SAMPLES + 5))
    until(lambda: rig.durable)
    sheet = one._sheet
    old = sheet.live
    sheet.begin_anew()
    assert (sheet.live.part, sheet.live.first) == (0, CHUNK_SAMPLES)
    assert sheet.audio.rest == audio(CHUNK_SAMPLES, 5)
    assert len({old.audio_key, old.words_key, sheet.live.audio_key, sheet.live.words_key}) == 4
    kept = LiveDirectory(rig.options.live_directory)
    assert kept.load(CALL) == sheet.live
    assert kept.tail(sheet.live, "audio").held == audio(CHUNK_SAMPLES, 5)
    assert not list(rig.options.live_directory.glob(f"*.{old.series}.*"))
