"""Armour there and back; what breaks it. The public vectors are run by test_container.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.record import armor
from eslbot.record.armor import BadArmor


@given(st.binary(max_size=400), st.sampled_from([b"", b"\n", b" \r\n\t"]), st.booleans())
def test_any_bytes_come_back_whatever_white_space_stands_around(data: bytes, around: bytes, crlf: bool) -> None:
    text = armor.encode(data)
    assert armor.armored(around + text)
    assert max(map(len, text.split(b"\n"))) <= 64
    text = text.replace(b"\n", b"\r\n") if crlf else text
    assert armor.decode(around + text + around) == data


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_anything_else_is_refused_by_name(data: bytes) -> None:
    for text in (data, armor.BEGIN.encode() + b"\n" + data + b"\n" + armor.END.encode()):
        try:
            found = armor.decode(text)
        except BadArmor:
            continue
        assert armor.encode(found).strip() == text.strip().replace(b"\r\n", b"\n")


def test_a_line_of_another_length_is_refused() -> None:
    lines = armor.encode(bytes(100)).split(b"\n")
    for broken in ([*lines[:1], lines[1][:60], *lines[2:]], [*lines[:2], b"", *lines[2:]]):
        with pytest.raises(BadArmor, match="columns"):
            armor.decode(b"\n".join(broken))
