"""Files sealed with a passphrase, against stock age both ways; each is wrong in one way and named. The public vectors
are run by test_container.py."""

import base64

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.record import armor, passphrase
from eslbot.record.container import BadHeader, BadPayload, NoMatch

QUICK = 10
"""Work that costs a millisecond."""
STOCK = (
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBucGgrVjF5M1duaEJvamtISFI1MmxBIDE1ClRwQ0wvWDRINEFodjJLNXBsOXR3akpMMkh6djJF"
    "TEl0RmR2akdPT3hRZE0KLS0tIHdpT0UrQnBpR2lYTFlLUENWYlF3S3B5WVBUWDY1dlRVc0lLSzBuajRyOFUKPe4ACGVaQ530L/J/K51f2cC+L0wGwVQp"
    "4VaFl/WXrDOxp5I="
)
"""Three letters, as pyrage 1.4.0 sealed them. It takes as much work as a look at its clock tells it to, which on a busy
machine was sixteen times as much once as another time."""


@pytest.mark.parametrize("secret", ["correct horse battery staple", "密码 пароль", " x "])
def test_stock_age_opens_what_we_seal(secret: str) -> None:
    sealed = passphrase.seal(b"AGE-SECRET-KEY-1", secret, QUICK)
    assert pyrage.passphrase.decrypt(armor.decode(sealed), secret) == b"AGE-SECRET-KEY-1"
    assert passphrase.unseal(sealed, secret) == b"AGE-SECRET-KEY-1"


def test_what_is_sealed_by_default_takes_as_much_work_as_ages() -> None:
    stanza = armor.decode(passphrase.seal(b"x", "y")).split(b"\n")[1]
    assert stanza.split(b" ")[1] == b"scrypt"
    assert stanza.endswith(b" 18")


def test_we_open_what_stock_age_seals() -> None:
    assert passphrase.unseal(base64.b64decode(STOCK), "secret") == b"key"


@given(st.binary(max_size=300))
def test_any_small_file_comes_back(plain: bytes) -> None:
    assert passphrase.unseal(passphrase.seal(plain, "p", 1), "p") == plain


def test_what_cannot_be_opened_says_why_and_never_the_passphrase() -> None:
    sealed = passphrase.seal(b"key", "secret", QUICK)
    with pytest.raises(NoMatch):
        passphrase.unseal(sealed, "secret ")
    binary = bytearray(armor.decode(sealed))
    binary[-1] ^= 1
    with pytest.raises(BadPayload):
        passphrase.unseal(bytes(binary), "secret")
    identity = pyrage.x25519.Identity.generate()
    with pytest.raises(BadHeader, match="for a recipient"):
        passphrase.unseal(pyrage.encrypt(b"key", [identity.to_public()]), "secret")
    assert "secret" not in repr(passphrase.PassphraseOpener("secret"))


def test_each_file_has_a_salt_of_its_own() -> None:
    assert len({passphrase.seal(b"", "p", 1) for _ in range(20)}) == 20
