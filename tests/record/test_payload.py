"""Which bytes go into which chunk, whatever the order of taking, writing and freezing."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eslbot.record.container import BadPayload
from eslbot.record.live import Tail
from eslbot.record.payload import BATCH_CHUNKS, Batch, Foreign, Payload
from eslbot.record.stream import CHUNK, SEALED, Stream

KEY, NONCE = bytes(range(32)), bytes(16)


def plain(length: int) -> bytes:
    return (b"0123456789abcdef" * (length // 16 + 1))[:length]


def payload(directory: Path) -> Payload:
    return Payload(KEY, NONCE, Tail(directory, "t"))


@given(st.lists(st.one_of(st.integers(0, 3 * CHUNK), st.sampled_from([-1, -2])), max_size=12))
@settings(max_examples=40, deadline=None)
def test_the_batches_put_together_are_the_sealed_payload(steps: list[int]) -> None:
    """-1: write a batch; -2: another process goes on."""
    with tempfile.TemporaryDirectory() as directory:
        one, taken, written = payload(Path(directory)), 0, b""

        def write() -> None:
            nonlocal written
            batch = one.batch()
            if batch is not None:
                assert batch == one.batch()
                assert batch.at == 16 + len(written)
                written += batch.data
                one.wrote(batch)

        for step in steps:
            if step == -1:
                write()
            elif step == -2:
                one.close()
                one = payload(Path(directory))
            else:
                one.append(plain(taken + step)[taken:])
                taken += step
        one.freeze()
        while not one.finished:
            write()
        assert b"".join(Stream(KEY).open_all(written)) == plain(taken)
        assert (one.length, one.durable, one.held, one.rest) == (taken, taken, 0, b"")
        assert one.batch() is None
        one.close()


def test_a_batch_is_bounded(tmp_path: Path) -> None:
    one = payload(tmp_path)
    one.append(bytes((BATCH_CHUNKS + 5) * CHUNK))
    batch = one.batch()
    assert batch is not None
    assert (batch.chunks, batch.last) == (BATCH_CHUNKS, False)


def test_a_frozen_payload_takes_no_more(tmp_path: Path) -> None:
    one = payload(tmp_path)
    one.freeze()
    with pytest.raises(ValueError, match="frozen"):
        one.append(b"x")
    with pytest.raises(ValueError, match="frozen"):
        payload(tmp_path).append(b"x")


@given(st.integers(0, 2), st.integers(0, 2 * CHUNK), st.booleans(), st.data())
@settings(max_examples=40, deadline=None)
def test_what_we_left_ourselves_is_recognised_and_nothing_else(
        durable: int, held: int, frozen: bool, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as directory:
        whole = plain(durable * CHUNK + held)
        tail = Tail(Path(directory), "t")
        tail.advance(durable, whole[durable * CHUNK :])
        if frozen:
            tail.freeze()
        one = payload(Path(directory))
        sealed = b"".join(Stream(KEY).seal_all(whole)) if frozen and held else b"".join(
            Stream(KEY).seal(n, whole[n * CHUNK : (n + 1) * CHUNK]) for n in range((len(whole) - 1) // CHUNK))
        last, beyond = sealed[:durable * SEALED][-SEALED:], sealed[durable * SEALED :]
        if not held and durable:   # a full chunk is never durable without a byte behind it
            return
        one.recognise(NONCE, last, beyond)
        one.recognise(NONCE, last, b"")
        one.recognise(NONCE, last, beyond[: data.draw(st.integers(0, len(beyond)))])
        with pytest.raises(Foreign):
            one.recognise(NONCE, last, beyond + b"x")
        with pytest.raises(Foreign, match="nonce"):
            one.recognise(bytes(15) + b"x", last, b"")
        if beyond:
            at = data.draw(st.integers(0, len(beyond) - 1))
            with pytest.raises(Foreign):
                one.recognise(NONCE, last, beyond[:at] + bytes([beyond[at] ^ 1]) + beyond[at + 1 :])
        if durable:
            with pytest.raises(BadPayload):
                one.recognise(NONCE, last[:-1], b"")


def test_without_room_in_memory_it_goes_on_and_is_whole_again_with_the_next_chunk(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = payload(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("os.write", lambda handle, data: 0)
        one.append(plain(CHUNK + 10))
    assert one.broken
    batch = one.batch()
    assert batch is not None
    one.wrote(batch)
    assert not one.broken
    assert payload(tmp_path).rest == plain(CHUNK + 10)[CHUNK:]
    one.close()


MOVES = st.lists(st.one_of(st.integers(0, 2 * CHUNK), st.sampled_from([-1, -2, -3])), max_size=14)


@given(MOVES, st.integers(0, CHUNK))
@settings(max_examples=60, deadline=None)
def test_what_is_amended_is_sealed_amended_and_what_may_be_sealed_is_never_amended(steps: list[int], keep: int) -> None:
    """-1: write a batch; -2: another process goes on; -3: amend all that can be."""
    with tempfile.TemporaryDirectory() as directory:
        def made() -> Payload:
            return Payload(KEY, NONCE, Tail(Path(directory), "t"), keep=keep)

        one, text = made(), b""
        sealed: dict[tuple[int, bool], bytes] = {}
        written = b""

        def seen(batch: Batch) -> None:
            for n in range(0, len(batch.data), SEALED):
                chunk = batch.data[n : n + SEALED]
                index, last = batch.index + n // SEALED, batch.last and n + SEALED >= len(batch.data)
                assert sealed.setdefault((index, last), chunk) == chunk, "a number was used twice"

        def change(data: bytearray, place: int) -> None:
            nonlocal text
            assert text[place:] == data
            data[:] = bytes(byte ^ 0xFF for byte in data[: len(data) // 2]) + data[len(data) // 2 :]
            text = text[:place] + bytes(data)

        for step in steps:
            batch = one.batch()
            if batch is not None:
                seen(batch)
            if step == -1 and batch is not None:
                written += batch.data
                one.wrote(batch)
            elif step == -2:
                one.close()
                one = made()
            elif step == -3:
                one.amend(change)
            elif step >= 0:
                one.append(plain(step))
                text += plain(step)
        one.freeze()
        while (batch := one.batch()) is not None:
            seen(batch)
            written += batch.data
            one.wrote(batch)
        assert b"".join(Stream(KEY).open_all(written)) == text
        one.close()


def test_a_tail_that_could_not_be_amended_is_gone_rather_than_wrong(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = payload(tmp_path)
    one.append(plain(1000))

    def full(tail: Tail, index: int, rest: bytes) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(Tail, "advance", full)
    one.amend(lambda data, place: data.__setitem__(slice(0, 10), bytes(10)))
    assert one.broken
    assert list(tmp_path.iterdir()) == []
    one.append(plain(10))
    assert list(tmp_path.iterdir()) == []
