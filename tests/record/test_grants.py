"""Who opens what, as a row keeps it; what cannot be meant is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.record.grants import ALL, access, parse_grant, parse_grants, recipients_of, text_of, texts_of
from eslbot.record.keys import HybridIdentity, Identity, KeyProblem

A, B = (str(Identity(bytes([n] * 32)).recipient) for n in (1, 2))
H = str(HybridIdentity(bytes(32)).recipient)
OPENS = st.sampled_from([ALL, frozenset({"audio"}), frozenset({"words"})])


@pytest.mark.parametrize("text", [A, f"{A} audio", f"{A} words", f"{H} words"])
def test_a_text_comes_back(text: str) -> None:
    assert str(parse_grant(text)) == text


def test_each_file_is_for_those_who_open_it() -> None:
    grants = parse_grants([A, f"{B} words"])
    assert [str(one) for one in recipients_of(grants, "audio")] == [A]
    assert [str(one) for one in recipients_of(grants, "words")] == [A, B]


@pytest.mark.parametrize(("texts", "says"), [
    ([], "at least one"),
    ([f"{A} words"], "ever open the audio"),
    ([f"{A} audio"], "ever open the words"),
    ([A, f"{A} words"], r"r\[1\]: the same recipient twice"),
    ([A, H], "hybrid .* both open the audio.*\n.*both open the words"),
    ([A, f"{H} words"], "both open the words"),
    ([A, "age1nonsense", f"{B} both", f"{B}  words"], r"r\[1\].*\nr\[2\].*\nr\[3\]"),
])
def test_what_cannot_be_meant_is_refused_all_at_once(texts: list[str], says: str) -> None:
    with pytest.raises(KeyProblem, match=says):
        parse_grants(texts, "r")


def test_hybrid_and_other_keys_may_open_different_files() -> None:
    assert len(parse_grants([f"{H} audio", f"{A} words"])) == 2


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), OPENS, max_size=3))
def test_what_a_row_says_is_what_was_meant(held: dict[str, frozenset[str]]) -> None:
    assert access(texts_of(held)) == held   # type: ignore[arg-type]
    assert text_of("a", ALL) == "a"
