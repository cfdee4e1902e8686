"""Keys against pyrage, and what is said of keys that cannot be used."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives import hpke
from hypothesis import given
from hypothesis import strategies as st

from eslbot.record import bech32, hybrid, keys
from eslbot.record.keys import Identity, KeyProblem, Recipient

MADE = datetime(2026, 11, 23, 10, 0, 0, tzinfo=UTC)
GOOD = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
"""The recipient that the age specification prints."""
GOOD_SECRET = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
"""The identity that the age specification prints beside it."""


def test_the_specifications_example() -> None:
    identity = keys.parse_identity(GOOD_SECRET)
    assert identity.secret == b"B" * 32
    assert keys.recipient(identity) == GOOD
    assert identity.encode() == GOOD_SECRET


@given(st.binary(min_size=32, max_size=32))
def test_stock_age_reads_our_identities_and_gives_the_same_recipient(secret: bytes) -> None:
    identity = Identity(secret)
    assert str(pyrage.x25519.Identity.from_str(identity.encode()).to_public()) == keys.recipient(identity)
    assert keys.parse_identity(identity.encode()) == identity


def test_we_read_stock_ages_identities() -> None:
    for _ in range(20):
        theirs = pyrage.x25519.Identity.generate()
        assert keys.recipient(keys.parse_identity(str(theirs))) == str(theirs.to_public())


@given(st.data())
def test_a_mistyped_recipient_is_refused(data: st.DataObject) -> None:
    at = data.draw(st.integers(4, len(GOOD) - 1))
    other = data.draw(st.sampled_from([c for c in "qpzry9x8gf2tvdw0s3jn54khce6mua7l" if c != GOOD[at]]))
    with pytest.raises(KeyProblem, match=r"recipients\[3\]"):
        keys.parse_recipient(GOOD[:at] + other + GOOD[at + 1 :], "recipients[3]")


@given(st.text(max_size=80))
def test_any_other_text_is_refused_and_never_an_unexpected_error(text: str) -> None:
    for parse in (keys.parse_recipient, keys.parse_identity):
        with pytest.raises(KeyProblem):
            parse(text)


@pytest.mark.parametrize(("text", "says"), [
    ("", "empty"),
    (GOOD + " ", "spaces"),
    (GOOD.upper(), "lower case"),
    (GOOD_SECRET, "secret key"),
    ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", "only X25519 and hybrid"),
    (bech32.encode("age", bytes(32)), "low order"),
    (bech32.encode("age", bytes(31)), "32 bytes"),
    (bech32.encode("age", bytes(33)), "32 bytes"),
    (bech32.encode("bge", bytes(32)), "form age1"),
])
def test_a_recipient_that_cannot_be_used_is_told_why(text: str, says: str) -> None:
    with pytest.raises(KeyProblem, match=says):
        keys.parse_recipient(text)


def test_a_refused_secret_is_not_printed() -> None:
    with pytest.raises(KeyProblem) as told:
        keys.parse_recipient(GOOD_SECRET)
    assert GOOD_SECRET[20:40] not in str(told.value)
    assert "B" * 8 not in repr(Identity(b"B" * 32))


def test_a_key_file_is_age_keygens_and_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    identity = keys.new_identity()
    path = tmp_path / "key"
    keys.write_identity_file(path, identity, MADE)
    created, public, secret = path.read_text().splitlines()
    assert created == "# created: 2026-11-23T10:00:00+00:00"
    assert public == f"# public key: {identity.recipient}"
    assert str(pyrage.x25519.Identity.from_str(secret).to_public()) == public.removeprefix("# public key: ")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys.parse_identities(path.read_text(), "key") == (identity,)
    with pytest.raises(KeyProblem, match="never overwritten"):
        keys.write_identity_file(path, keys.new_identity(), MADE)
    assert keys.parse_identities(path.read_text(), "key") == (identity,)


def test_a_key_file_may_hold_several_and_an_error_names_its_line() -> None:
    a, b = keys.new_identity(), keys.new_identity()
    assert keys.parse_identities(f"# mine\n\n{a.encode()}\r\n  # another\n{b.encode()}\n", "keys") == (a, b)
    with pytest.raises(KeyProblem, match=r"^keys:3: "):
        keys.parse_identities(f"# mine\n{a.encode()}\n{b.encode()[:-1]}\n", "keys")
    with pytest.raises(KeyProblem, match="no identity"):
        keys.parse_identities("# nothing\n", "keys")


def test_a_hybrid_key_is_written_and_read_as_age_writes_it() -> None:
    identity = keys.new_hybrid_identity()
    public = str(identity.recipient)
    assert identity.encode().startswith("AGE-SECRET-KEY-PQ-1")
    assert public.startswith("age1pq1")
    assert keys.parse_identity(identity.encode()) == identity
    assert keys.parse_recipient(public) == identity.recipient
    assert public.startswith(identity.recipient.short.split("...")[0])
    with pytest.raises(KeyProblem, match="checksum"):
        keys.parse_recipient(public[:-1] + ("q" if public[-1] != "q" else "p"))


def test_where_the_library_has_no_hybrid_keys_they_are_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    identity = keys.new_hybrid_identity()
    public, secret = str(identity.recipient), identity.encode()
    hybrid._library.cache_clear()
    monkeypatch.delattr(hpke, "KEM")
    try:
        for use, given in ((keys.parse_recipient, public), (keys.parse_identity, secret)):
            with pytest.raises(KeyProblem, match="pip install -U cryptography"):
                use(given)   # type: ignore[operator]
        with pytest.raises(KeyProblem, match="pip install -U cryptography"):
            keys.new_hybrid_identity()
        assert keys.parse_recipient(GOOD)
    finally:
        hybrid._library.cache_clear()


def test_new_identities_differ() -> None:
    made = [keys.new_identity() for _ in range(50)]
    assert len({i.secret for i in made}) == 50
    assert len({Recipient(i.recipient.public) for i in made}) == 50
