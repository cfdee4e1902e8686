"""Reading back: seeking, exporting, and every way in which a recording can be found damaged."""

import dataclasses
import stat
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eslbot.model.call import Role
from eslbot.record import container, keys
from eslbot.record.container import NoMatch
from eslbot.record.reader import Damaged, Recording
from eslbot.record.stream import SEALED, Stream, offset, payload_key
from tests.record.rig import CALL, CHUNK_SAMPLES, IDENTITY, OTHER, Rig, audio, frame, until

SAMPLES = 3 * CHUNK_SAMPLES + 777


@pytest.fixture
def made(rig: Rig) -> Rig:
    one = rig.open()
    one.take(frame(0, SAMPLES))
    for n in range(10):
        one.say({"n": n})
    one.close()
    until(lambda: rig.closed)
    return rig


def file_of(rig: Rig, kind: str = "audio") -> Path:
    return rig.options.directory / f"{rig.row().path}.{kind}"


@given(st.integers(-10, SAMPLES + 10), st.integers(0, SAMPLES + 10))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_stretch_can_be_read(made: Rig, first: int, count: int) -> None:
    whole = audio(0, SAMPLES)
    assert made.recording().read(first, count) == whole[max(0, first) * 4 : max(0, first + count) * 4]


def test_a_stretch_opens_only_its_own_chunks(made: Rig) -> None:
    data = bytearray(file_of(made).read_bytes())
    data[offset(2) + 5] ^= 1
    file_of(made).write_bytes(data)
    recording = made.recording()
    assert recording.read(100, 100) == audio(100, 100)
    with pytest.raises(Damaged, match="chunk 2"):
        recording.read(2 * CHUNK_SAMPLES - 1, 2)


def test_an_exported_wav_has_the_customer_left_and_the_agent_right(made: Rig, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = tmp_path / "out.wav"
    assert made.recording().export_wav(path, lambda done, of: told.append((done, of))) == SAMPLES
    with wave.open(str(path)) as out:
        assert (out.getnchannels(), out.getsampwidth(), out.getframerate(), out.getnframes()) == (2, 2, 8000, SAMPLES)
        data = np.frombuffer(out.readframes(SAMPLES), "<i2").reshape(-1, 2)
    source = frame(0, SAMPLES)
    assert data[:, 0].tobytes() == source.leg(Role.CUSTOMER)
    assert data[:, 1].tobytes() == source.leg(Role.AGENT)
    assert told[-1] == (SAMPLES, SAMPLES)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == ["out.wav"]


def test_an_export_that_fails_leaves_nothing_and_spares_what_was_there(made: Rig, tmp_path: Path) -> None:
    data = bytearray(file_of(made).read_bytes())
    data[-1] ^= 1
    file_of(made).write_bytes(data)
    path = tmp_path / "out.wav"
    path.write_bytes(b"older")
    with pytest.raises(Damaged):
        made.recording().export_wav(path)
    assert path.read_bytes() == b"older"
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == ["out.wav"]


def swap(data: bytes) -> bytes:
    a, b = (data[offset(n) : offset(n + 1)] for n in range(2))
    return data[: offset(0)] + b + a + data[offset(2) :]


@pytest.mark.parametrize("change", [
    lambda data: data[:-1],
    lambda data: data[: offset(3)],
    lambda data: data[: offset(1)],
    lambda data: data[:16],
    lambda data: data[:9],
    lambda data: b"",
    lambda data: data + b"\0",
    lambda data: data + data[-SEALED:],
    lambda data: bytes([data[0] ^ 1]) + data[1:],
    lambda data: data[:60] + bytes([data[60] ^ 0x80]) + data[61:],
    lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    swap,
], ids=["less by a byte", "last chunk gone", "three chunks gone", "only the nonce", "half a nonce", "empty",
        "a byte more", "a chunk more", "nonce", "a bit", "last bit", "swapped"])
@pytest.mark.parametrize("kind", ["audio", "words"])
def test_a_changed_file_does_not_verify(made: Rig, kind: str, change: Callable[[bytes], bytes]) -> None:
    made.recording().verify()
    before = file_of(made, kind).read_bytes()
    after = change(before)
    if after == before:   # the words fill one chunk only
        return
    file_of(made, kind).write_bytes(after)
    with pytest.raises(Damaged, match=kind):
        made.recording().verify()


def test_a_file_that_is_gone_is_named(made: Rig) -> None:
    file_of(made, "words").unlink()
    assert made.recording().read(0, 9) == audio(0, 9)   # its words are another file's affair
    with pytest.raises(Damaged, match=r"\.words: No such file"):
        made.recording().verify()


def test_another_calls_audio_in_this_ones_place_does_not_open(made: Rig) -> None:
    other = made.open(OTHER)
    other.take(frame(0, SAMPLES, call=OTHER))
    other.close()
    until(lambda: len(made.closed) == 2)
    theirs = made.row(call=OTHER)
    file_of(made).write_bytes((made.options.directory / f"{theirs.path}.audio").read_bytes())
    with pytest.raises(Damaged):
        made.recording().verify()
    file_of(made).write_bytes(file_of(made, "words").read_bytes())   # this call's words: another file key
    with pytest.raises(Damaged):
        made.recording().read(0, 1)


def test_a_payload_sealed_anew_by_someone_with_the_key_differs_from_the_stores_digest(made: Rig) -> None:
    row = made.row()
    file_key = container.open_with(container.parse(row.audio_header), [IDENTITY])
    nonce = bytes(16)
    forged = nonce + b"".join(Stream(payload_key(file_key, nonce)).seal_all(audio(1, SAMPLES)))
    file_of(made).write_bytes(forged)
    assert made.recording().read(0, 1) == audio(1, 1)   # it opens, and only the digest tells
    with pytest.raises(Damaged, match="SHA-256"):
        made.recording().verify()


@pytest.mark.parametrize("change", [
    lambda header: header[:-1],
    lambda header: header + b"x",
    lambda header: b"-> X25518".join(header.rsplit(b"-> X25519", 1)),
    lambda header: b"",
])
def test_a_changed_header_is_refused(made: Rig, change: Callable[[bytes], bytes]) -> None:
    row = made.row()
    made.index.rows[CALL, 1] = dataclasses.replace(row, audio_header=change(row.audio_header))
    with pytest.raises(Damaged):
        made.recording()


def test_a_stranger_cannot_open_it(made: Rig) -> None:
    with pytest.raises(NoMatch):
        Recording(made.row(), made.options.directory, [keys.new_identity()])
    with pytest.raises(NoMatch):
        Recording(made.row(), made.options.directory, [])


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "2026/11/23/../../x", "2026/11/23/x"])
def test_a_rows_path_cannot_lead_elsewhere(made: Rig, path: str) -> None:
    with pytest.raises(ValueError, match="not a recording's path"):
        Recording(dataclasses.replace(made.row(), path=path), made.options.directory, [IDENTITY])


def test_an_incomplete_recording_gives_its_whole_chunks_and_says_so(rig: Rig, tmp_path: Path) -> None:
    one = rig.open()
    one.take(frame(0, SAMPLES))
    for n in range(9000):
        one.say({"n": n})
    until(lambda: rig.durable.get(CALL) == 3 * CHUNK_SAMPLES and rig.row().words_chunks == 1)
    rig.lose_memory()
    with file_of(rig).open("ab") as torn:
        torn.write(b"half a chunk")
    rig.start()
    rig.vault.abandon()
    recording = rig.recording()
    verified = recording.verify()
    assert (verified.samples, verified.whole) == (3 * CHUNK_SAMPLES, False)
    words = [record["n"] for record in recording.words()]
    assert words == list(range(len(words)))
    assert verified.words == len(words) > 1000
    assert recording.export_wav(tmp_path / "o.wav") == 3 * CHUNK_SAMPLES
    with file_of(rig).open("r+b") as cut:
        cut.truncate(offset(2))
    with pytest.raises(Damaged, match="2 chunks, and 3 were durable"):
        rig.recording().verify()


def test_a_chunk_that_was_being_written_is_not_there_and_one_that_was_durable_must_be(rig: Rig) -> None:
    one = rig.open()
    one.take(frame(0, SAMPLES))
    until(lambda: rig.durable.get(CALL) == 3 * CHUNK_SAMPLES)
    rig.lose_memory()
    rig.start()
    rig.vault.abandon()
    good = file_of(rig).read_bytes()
    file_of(rig).write_bytes(good + bytes(SEALED + 9))   # the system had grown the file and written nothing
    rig.index.rows[CALL, 1] = dataclasses.replace(rig.row(), sha256="")
    assert rig.recording().read(0, 10 ** 9) == audio(0, 3 * CHUNK_SAMPLES)
    rig.recording().verify()
    file_of(rig).write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    with pytest.raises(Damaged, match="chunk 2"):
        rig.recording().verify()


def test_an_incomplete_recording_whose_last_chunk_was_sealed_as_the_last_still_opens(rig: Rig) -> None:
    one = rig.open()
    one.take(frame(0, 2 * CHUNK_SAMPLES))
    until(lambda: rig.durable)
    rig.index.away = True
    one.close()
    until(lambda: one.durable == 2 * CHUNK_SAMPLES and rig.vault._pumps[CALL]._busy is None)
    until(lambda: one._sheet.words.finished)
    rig.index._waiting.clear()
    rig.index.away = False
    rig.lose_memory()
    rig.start()
    rig.vault.abandon()
    assert rig.recording().read(0, 10 ** 9) == audio(0, 2 * CHUNK_SAMPLES)
    rig.recording().verify()
