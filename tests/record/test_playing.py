"""Played from any place: the bytes are those of the exported file, and only the chunks asked for are opened."""

import dataclasses
import io
import wave
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eslbot.record.playing import Playable
from eslbot.record.reader import Damaged, Recording
from eslbot.record.stream import Stream, offset
from eslbot.record.wav import LIMIT, Side
from tests.record.rig import CALL, CHUNK_SAMPLES, IDENTITY, Rig, frame, until

SAMPLES = 3 * CHUNK_SAMPLES + 777
HOUR = 3600 * 8000


@pytest.fixture
def made(rig: Rig) -> Rig:
    one = rig.open()
    one.take(frame(0, 20_000))
    one.take(frame(30_000, SAMPLES - 30_000))   # 10,000 samples that nobody has
    one.close()
    until(lambda: rig.closed)
    return rig


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Chunks that were opened, in order."""
    found: list[int] = []
    real = Stream.open

    def count(self: Stream, index: int, sealed: bytes, last: bool = False) -> bytes:
        found.append(index)
        return real(self, index, sealed, last)

    monkeypatch.setattr(Stream, "open", count)
    return found


def test_the_whole_view_is_the_exported_file(made: Rig, tmp_path: Path) -> None:
    made.recording().export_wav(tmp_path / "out.wav")
    playable = Playable(made.recording())
    assert b"".join(playable.read()) == (tmp_path / "out.wav").read_bytes()
    assert playable.size == (tmp_path / "out.wav").stat().st_size


@given(st.sampled_from(["both", "customer", "agent"]), st.integers(-5, 44 + SAMPLES * 4 + 5),
       st.integers(0, 44 + SAMPLES * 4 + 5))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_range_is_that_range_of_the_whole(made: Rig, side: Side, start: int, stop: int) -> None:
    playable = Playable(made.recording(), side)
    whole = b"".join(playable.read())
    assert b"".join(playable.read(start, stop)) == whole[max(0, start) : stop]


def test_one_side_is_that_side_alone_and_a_gap_is_silence_of_its_length(made: Rig) -> None:
    with wave.open(io.BytesIO(b"".join(Playable(made.recording()).read()))) as file:
        both = file.readframes(SAMPLES)
    for side, at in (("customer", 0), ("agent", 2)):
        with wave.open(io.BytesIO(b"".join(Playable(made.recording(), side).read()))) as file:  # type: ignore[arg-type]
            assert (file.getnchannels(), file.getnframes(), file.getframerate()) == (1, SAMPLES, 8000)
            heard = file.readframes(SAMPLES)
        assert heard == b"".join(both[n + at : n + at + 2] for n in range(0, len(both), 4))
        assert heard[40_000:60_000] == bytes(20_000)
        assert heard[60_000:60_020] != bytes(20)


def test_a_second_in_the_middle_of_an_hour_opens_fewer_than_three_chunks(rig: Rig, opened: list[int]) -> None:
    one = rig.open()
    for at in range(0, HOUR, 1 << 18):
        one.take(frame(at, min(1 << 18, HOUR - at)))
        until(lambda: rig.vault.held < 1 << 20)
    one.close()
    until(lambda: rig.closed)
    opened.clear()
    middle = 44 + HOUR // 2 * 4
    pieces = list(Playable(rig.recording()).read(middle, middle + 8000 * 4))
    assert sum(map(len, pieces)) == 8000 * 4
    assert 1 <= len(opened) < 3, opened


def test_the_header_alone_opens_no_chunk(made: Rig, opened: list[int]) -> None:
    assert len(b"".join(Playable(made.recording()).read(0, 44))) == 44
    assert opened == []


def test_playing_needs_only_the_audios_key(made: Rig) -> None:
    made.index.rows[CALL, 1] = dataclasses.replace(made.row(), words_header=b"")
    assert sum(map(len, Playable(made.recording()).read())) == 44 + SAMPLES * 4


def test_a_changed_chunk_is_never_played(made: Rig) -> None:
    path = made.options.directory / f"{made.row().path}.audio"
    data = bytearray(path.read_bytes())
    data[offset(2) + 5] ^= 1
    path.write_bytes(data)
    heard: list[bytes] = []
    with pytest.raises(Damaged, match="chunk 2"):
        heard.extend(Playable(made.recording()).read())
    assert sum(map(len, heard)) == 44 + 2 * CHUNK_SAMPLES * 4


def test_a_call_that_goes_on_is_played_as_far_as_it_is_safe_and_has_another_tag_later(rig: Rig) -> None:
    one = rig.open()
    one.take(frame(0, CHUNK_SAMPLES + 1))
    until(lambda: rig.durable.get(CALL) == CHUNK_SAMPLES and rig.row().chunks == 1)
    before = Playable(rig.recording())
    assert before.size == 44 + CHUNK_SAMPLES * 4
    one.close()
    until(lambda: rig.closed)
    after = Playable(rig.recording())
    assert after.size == 44 + (CHUNK_SAMPLES + 1) * 4
    assert before.tag != after.tag
    assert b"".join(before.read(44)) == b"".join(after.read(44))[: CHUNK_SAMPLES * 4]


def test_what_a_wav_cannot_hold_is_refused(made: Rig) -> None:
    class Long(Recording):
        @property
        def end(self) -> int:
            return LIMIT // 4 + 1

    with pytest.raises(Damaged, match="longer than a WAV"):
        Playable(Long(made.row(), made.options.directory, [IDENTITY]))
