"""Chunks: where they lie, that they open only in their place, and which the format forbids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.record.container import BadPayload
from eslbot.record.stream import CHUNK, NONCE, SEALED, TAG, Stream, offset, payload_key, whole

KEY = bytes(range(32))
FULL = bytes(CHUNK)


def payload(plain: bytes) -> bytes:
    return b"".join(Stream(KEY).seal_all(plain))


def opened(sealed: bytes) -> bytes:
    return b"".join(Stream(KEY).open_all(sealed))


@given(st.integers(0, 40), st.integers(0, SEALED - 1))
def test_whole_and_offset_are_inverse(index: int, more: int) -> None:
    assert whole(offset(index) + more) == index


def test_a_file_shorter_than_its_nonce_has_no_chunk() -> None:
    assert [whole(size) for size in (0, NONCE - 1, NONCE, NONCE + SEALED - 1, NONCE + SEALED)] == [0, 0, 0, 0, 1]


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1])
def test_what_is_sealed_opens(length: int) -> None:
    plain = bytes([7]) * length
    assert opened(payload(plain)) == plain


@pytest.mark.parametrize("length", [CHUNK, 2 * CHUNK, 3 * CHUNK])
def test_an_exact_multiple_ends_in_a_full_chunk_and_never_in_an_empty_one(length: int) -> None:
    assert len(payload(bytes(length))) == length // CHUNK * SEALED


@given(st.integers(1, 3 * SEALED))
def test_a_cut_payload_is_refused_wherever_it_is_cut(lost: int) -> None:
    sealed = payload(bytes(2 * CHUNK + 500))
    with pytest.raises(BadPayload):
        opened(sealed[: max(0, len(sealed) - lost)])


@given(st.data())
def test_a_changed_byte_is_refused_and_what_precedes_its_chunk_is_given(data: st.DataObject) -> None:
    sealed = bytearray(payload(bytes(2 * CHUNK + 500)))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    chunks = Stream(KEY).open_all(bytes(sealed))
    for _ in range(at // SEALED):
        assert next(chunks) == FULL
    with pytest.raises(BadPayload, match=f"chunk {at // SEALED}"):
        next(chunks)


def test_swapped_repeated_and_appended_chunks_are_refused() -> None:
    a, b, end = (payload(bytes(CHUNK) + bytes([1]) * CHUNK + b"end")[i * SEALED : (i + 1) * SEALED] for i in range(3))
    assert opened(a + b + end)
    for wrong in (b + a + end, a + a + b + end, a + b + end + end, a + end, a + b, a + b + end + b"x"):
        with pytest.raises(BadPayload):
            opened(wrong)


def test_a_payload_without_its_last_chunk_says_so() -> None:
    sealed = payload(bytes(3 * CHUNK))
    with pytest.raises(BadPayload, match="cut after chunk 1"):
        opened(sealed[: 2 * SEALED])


@pytest.mark.parametrize(("index", "length", "last"), [(0, CHUNK - 1, False), (0, CHUNK + 1, False), (0, 0, False),
                                                       (1, 0, True), (0, CHUNK + 1, True)])
def test_chunks_that_the_format_forbids_are_not_sealed(index: int, length: int, last: bool) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        Stream(KEY).seal(index, bytes(length), last)


def test_an_empty_last_chunk_after_others_is_refused_though_it_is_genuine() -> None:
    stream = Stream(KEY)
    forged = stream._aead.encrypt((1).to_bytes(11, "big") + b"\x01", b"", None)
    assert len(forged) == TAG
    with pytest.raises(BadPayload, match="empty"):
        opened(stream.seal(0, FULL) + forged)


def test_one_file_key_with_two_nonces_gives_two_payload_keys() -> None:
    assert payload_key(bytes(16), bytes(16)) != payload_key(bytes(16), bytes(15) + b"\x01")
    with pytest.raises(ValueError, match="nonce"):
        payload_key(bytes(16), bytes(15))
