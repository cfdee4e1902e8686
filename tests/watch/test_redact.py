import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.watch.redact import MASK, QUANTITIES, redact, redact_text


@pytest.mark.parametrize(
    "number",
    [
        "13800138000", "+8613800138000", "138 0013 8000", "138-0013-8000", "(0755) 2654-1234", "0755.2654.1234",
        "6222 0212 3456 7890 123", "1234567", "１３８００１３８０００", "138\u20100013\u20118000", "138_0013_8000",
        "user13800138000", "sip:13800138000@pbx", "13800138000abc", "0x13800138000", "11010519491231002X",
        "12345678-1234567", "2026-11-23 13800138000", "138\n0013\n8000", "138  0013  8000",
    ],
)  # fmt: skip
def test_numbers_are_taken_out_however_they_are_grouped(number):
    text = redact_text(f"call from {number} refused")
    assert MASK in text
    digits = "".join(c for c in text.replace("2026-11-23", "") if c.isdigit())
    assert len(digits) < 7


@pytest.mark.parametrize(
    "text",
    [
        "11111111-2222-4333-8444-555555555555",
        "2026-11-23", "2026-11-23T21:00:05Z", "2026-11-23 21:00:05.123456", "2026-11-23T21:00:05+08:00",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",
        "127.0.0.1:8021", "extension 1001", "took 0.123 s", "port 9464",
    ],
)  # fmt: skip
def test_identifiers_dates_and_small_numbers_stay(text):
    assert redact_text(f"({text})") == f"({text})"


@given(st.uuids(version=4).map(str), st.text(max_size=5).filter(lambda t: not any(c.isdigit() for c in t)))
def test_a_uuid_stays_whole_beside_any_words(name, words):
    if words and (words[-1].isascii() and words[-1].isalpha()):
        words += " "
    assert name in redact_text(words + name)


@given(st.lists(st.sampled_from("0123456789 -().aß"), max_size=40).map("".join))
def test_no_seven_digits_in_a_row_are_ever_left(text):
    left = redact_text(text)
    run = 0
    for character in left:
        run = run + 1 if character.isdigit() else 0
        assert run < 7


@pytest.mark.parametrize(
    "text",
    [
        "11111111-2222-4333-8444-555555555555138001", "111111111-2222-4333-8444-555555555555",
        "11111111-2222-4333-13800138000", "1" * 40, "1" * 64,
    ],
)  # fmt: skip
def test_what_is_nearly_a_uuid_or_a_digest_of_digits_only_hides_nothing(text):
    assert MASK in redact_text(text)
    assert len("".join(c for c in redact_text(text) if c.isdigit())) < 7


def test_values_of_every_shape_are_looked_into():
    event = {
        "event": "x", "number": 13800138000, "real": 13800138000.0, "nested": {"13800138000": ["0755 2654 1234", 5]},
        "flag": True, "none": None, "raw": b"13800138000", "at": 1763900000.25, "first": 48_000_000,
    }  # fmt: skip
    assert redact(event) == {
        "event": "x", "number": MASK, "real": MASK, "nested": {MASK: [MASK, 5]},
        "flag": True, "none": None, "raw": f"b'{MASK}'", "at": 1763900000.25, "first": 48_000_000,
    }  # fmt: skip


def test_a_quantity_is_believed_by_its_name_only_as_a_number():
    assert "samples" in QUANTITIES
    assert redact("13800138000", "samples") == MASK


def test_what_is_spelled_out_in_words_goes_too_and_identifiers_stay() -> None:
    uuid = "41111111-1111-4111-8111-111111111111"
    said = f"call {uuid}: 卡号 四幺幺幺幺幺幺幺幺幺幺幺幺幺幺幺 验证码 四五六七"
    assert redact_text(said) == f"call {uuid}: 卡号 [card] 验证码 [code]"
