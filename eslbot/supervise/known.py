"""Browsers that somebody has signed in with before: what such a browser keeps, and whether what one brings is that.
Whoever knows a name can make strangers to it wait; its owner's own browsers do not wait with them (OWASP calls it a
device cookie). It lets nobody in. Knows no cookie and no account.

Nothing is stored for it: the proof is made with the account's password hash as its key, so that it ends with the
password."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence

MOST = 8
"""People whose browser one is: desks are shared."""
LONGEST = 1000
"""Characters of what a browser brings."""
_BETWEEN = "~"


def proof(encoded: str, name: str) -> str:
    """For a browser to keep. `encoded`: the hash of the password of the account `name`."""
    nonce = secrets.token_urlsafe(16)
    return f"{nonce}.{_mac(encoded, name, nonce)}"


def held(text: str) -> tuple[str, ...]:
    """The proofs that a browser brought."""
    found = text.split(_BETWEEN) if len(text) <= LONGEST else []
    return tuple(one for one in found if one.isascii() and one.count(".") == 1)[:MOST]


def keeping(fresh: str, before: Sequence[str]) -> str:
    """What the browser keeps from now on: the fresh one, and those of others."""
    return _BETWEEN.join([fresh, *before][:MOST])


def fitting(encoded: str, name: str, proofs: Sequence[str]) -> str:
    """That one of the proofs which is of this account; empty: none is."""
    for one in proofs if encoded else ():
        nonce, _, mac = one.partition(".")
        if hmac.compare_digest(mac, _mac(encoded, name, nonce)):
            return one
    return ""


def _mac(encoded: str, name: str, nonce: str) -> str:
    return hmac.new(encoded.encode(), f"eslbot-known\n{name}\n{nonce}".encode(), hashlib.sha256).hexdigest()
