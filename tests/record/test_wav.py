"""Any range of a WAV that is never written, against one that `wave` wrote; ranges as HTTP asks for them."""

import io
import wave
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.record.stream import CHUNK
from eslbot.record.wav import LIMIT, Side, Unsatisfiable, WavView, byte_range
from tests.record.rig import audio

CHANNELS: dict[Side, slice] = {"both": slice(None), "customer": slice(0, 2), "agent": slice(2, 4)}


def written(side: Side, rate: int, samples: int) -> bytes:
    """By the standard library."""
    stereo = audio(0, samples)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2 if side == "both" else 1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join(stereo[at : at + 4][CHANNELS[side]] for at in range(0, len(stereo), 4)))
    return out.getvalue()


@pytest.mark.parametrize("side", ["both", "customer", "agent"])
@pytest.mark.parametrize("samples", [0, 1, 99])
def test_the_view_is_the_file_that_wave_writes(side: Side, samples: int) -> None:
    view = WavView(16000, samples, side)
    data = b"".join(audio(0, samples)[span.first : span.end] for span in view.spans(0, view.size))
    assert view.header() + view.shown(data) == written(side, 16000, samples)
    assert view.size == len(written(side, 16000, samples))


@given(st.sampled_from(["both", "customer", "agent"]), st.integers(0, 200_000), st.integers(-5, 900_000),
       st.integers(-5, 900_000))
def test_a_range_needs_the_chunks_that_hold_it_and_no_other(side: Side, samples: int, start: int, stop: int) -> None:
    view = WavView(8000, samples, side)
    spans = list(view.spans(start, stop))
    wide = 4 // view.frame
    low, high = max(0, start - 44) * wide, max(0, min(stop, view.size) - 44) * wide   # in stereo bytes
    assert [span.chunk for span in spans] == (list(range(low // CHUNK, -(-high // CHUNK))) if low < high else [])
    flat = [(span.chunk * CHUNK + span.first, span.chunk * CHUNK + span.end) for span in spans]
    assert all(a[1] == b[0] for a, b in pairwise(flat))
    if flat:
        assert flat[0][0] <= low < flat[0][0] + 4
        assert flat[-1][1] - 4 < high <= flat[-1][1]
        assert all(place % 4 == 0 for pair in flat for place in pair)


def test_what_a_wav_cannot_hold_has_no_header() -> None:
    assert WavView(8000, LIMIT // 4).header()
    with pytest.raises(ValueError, match="more than a WAV"):
        WavView(8000, LIMIT // 4 + 1).header()


@pytest.mark.parametrize(("text", "expected"), [
    (None, None), ("bytes=0-", (0, 100)), ("bytes=10-19", (10, 20)), ("bytes=99-99", (99, 100)),
    ("bytes=90-4000", (90, 100)), ("bytes=-10", (90, 100)), ("bytes=-4000", (0, 100)), ("Bytes = 5-", (5, 100)),
    ("bytes=0-1,5-6", None), ("bytes=5-4", None), ("bytes=-", None), ("chunks=0-1", None), ("bytes=a-b", None),
    ("bytes=٣-٤", None), ("bytes=" + "9" * 5000 + "-", None), ("", None),
])
def test_a_range_is_read_as_http_means_it(text: str | None, expected: tuple[int, int] | None) -> None:
    assert byte_range(text, 100) == expected


@pytest.mark.parametrize(("text", "size"), [("bytes=100-", 100), ("bytes=-0", 100), ("bytes=-5", 0), ("bytes=0-0", 0)])
def test_a_range_behind_the_end_is_refused(text: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        byte_range(text, size)


@given(st.text(max_size=40) | st.from_regex(r"bytes=\d{0,25}-\d{0,25}", fullmatch=True), st.integers(0, 10 ** 12))
def test_any_header_gives_a_range_within_the_file_or_says_no(text: str, size: int) -> None:
    try:
        found = byte_range(text, size)
    except Unsatisfiable:
        return
    assert found is None or 0 <= found[0] < found[1] <= size
