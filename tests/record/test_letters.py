"""Letters about a call: opened with its words, gone with its words' header."""

import secrets

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.record import container, hybrid, keys, letters
from eslbot.record.container import BadPayload, ContainerError, NoMatch

WORDS = bytes(range(16))
OWNER = keys.new_identity()
HEADER = keys.header_for(WORDS, [OWNER.recipient])
PUBLIC = letters.recipient_of(WORDS, [OWNER.recipient])


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=600))
def test_whoever_opens_the_words_reads_every_letter(text: str) -> None:
    sealed = letters.seal(text, PUBLIC)
    assert letters.read([sealed, letters.seal("第二封", PUBLIC)], HEADER, [OWNER]) == [text, "第二封"]


def test_nobody_else_does_and_where_the_header_is_destroyed_nobody_at_all() -> None:
    sealed = letters.seal("客户问的是风险", PUBLIC)
    with pytest.raises(NoMatch):
        letters.read([sealed], HEADER, [keys.new_identity()])
    with pytest.raises(ContainerError):
        letters.read([sealed], b"", [OWNER])
    assert "客户" not in sealed
    other = keys.header_for(secrets.token_bytes(16), [OWNER.recipient])
    with pytest.raises(NoMatch):
        letters.read([sealed], other, [OWNER])


def test_words_that_were_sealed_anew_for_others_bring_their_letters_along() -> None:
    sealed, successor = letters.seal("text", PUBLIC), keys.new_identity()
    file_key = container.open_with(container.parse(HEADER), [OWNER])
    anew = keys.header_for(file_key, [successor.recipient])
    assert letters.read([sealed], anew, [successor]) == ["text"]


def test_a_letter_is_a_file_that_stock_age_opens_with_the_derived_key() -> None:
    derived = keys.Identity(container.derive(WORDS, b"", b"eslbot-letters"))
    theirs = pyrage.x25519.Identity.from_str(derived.encode())
    assert str(theirs.to_public()) == PUBLIC
    assert pyrage.decrypt(letters.seal("稳赚", PUBLIC).encode(), [theirs]) == "稳赚".encode()


@pytest.mark.skipif(not hybrid.available(), reason="this cryptography has no ML-KEM-768")
def test_letters_about_words_for_hybrid_recipients_are_sealed_for_a_hybrid_key() -> None:
    owner = keys.new_hybrid_identity()
    public = letters.recipient_of(WORDS, [owner.recipient])
    assert public.startswith("age1pq1")
    assert letters.read([letters.seal("x", public)], keys.header_for(WORDS, [owner.recipient]), [owner]) == ["x"]


@pytest.mark.parametrize("change", [lambda text: text[:-60], lambda text: "no letter", lambda text: "稳",
                                    lambda text: text.replace("\n", "", 1), lambda text: ""])
def test_what_is_no_letter_is_told(change) -> None:
    with pytest.raises(ContainerError):
        letters.read([change(letters.seal("text", PUBLIC))], HEADER, [OWNER])


def test_a_letter_has_an_end() -> None:
    assert letters.read([letters.seal("x" * letters.LONGEST, PUBLIC)], HEADER, [OWNER]) == ["x" * letters.LONGEST]
    with pytest.raises(ValueError, match="65537 bytes"):
        letters.seal("x" * (letters.LONGEST + 1), PUBLIC)
    assert issubclass(BadPayload, ContainerError)
