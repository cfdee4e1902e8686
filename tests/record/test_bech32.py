"""Bech32 there and back; keys' own texts are tested with the keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.record import bech32

PREFIXES = st.sampled_from(["age", "age1pq", "age-secret-key-"])


@given(PREFIXES, st.binary(min_size=1, max_size=1300))
def test_any_bytes_come_back_in_either_case(prefix: str, data: bytes) -> None:
    text = bech32.encode(prefix, data)
    assert bech32.decode(text, prefix, len(data)) == data
    assert bech32.decode(text.upper(), prefix, len(data)) == data
    with pytest.raises(ValueError, match="bytes"):
        bech32.decode(text, prefix, len(data) + 1)


@given(st.data(), st.binary(min_size=32, max_size=32))
def test_one_mistyped_character_is_always_seen(data: st.DataObject, key: bytes) -> None:
    text = bech32.encode("age", key)
    at = data.draw(st.integers(4, len(text) - 1))
    other = data.draw(st.sampled_from([c for c in "qpzry9x8gf2tvdw0s3jn54khce6mua7l" if c != text[at]]))
    with pytest.raises(ValueError, match="checksum"):
        bech32.decode(text[:at] + other + text[at + 1 :], "age", 32)


@given(st.text(max_size=60))
def test_any_other_text_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(ValueError, match=r".") as told:
        bech32.decode("age1" + text, "age", 32)
    assert len(text) < 12 or text not in str(told.value)
