"""The long random values that let somebody in, what is kept of them, and the token that a form must bring along. Knows
no account. None is ever guessed, so a plain hash keeps it: argon2 is for what people think up."""

import hashlib
import hmac
import re
import secrets

_BEARER = re.compile(r"eslbot_([a-z0-9]{8})_[A-Za-z0-9_-]{43}")


def new_session() -> str:
    """A cookie's value."""
    return secrets.token_urlsafe(32)


def new_token() -> tuple[str, str]:
    """(id, token). The prefix lets whoever scans files for secrets know it."""
    number = "".join(secrets.choice("abcdefghijkmnpqrstuvwxyz23456789") for _ in range(8))
    return number, f"eslbot_{number}_{secrets.token_urlsafe(32)}"


def looks_like_token(text: str) -> bool:
    return _BEARER.fullmatch(text) is not None


def digest(secret: str) -> str:
    """What the store keeps."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def form_token(secret: str) -> str:
    """What a form, or a fetch's X-CSRF-Token, brings along to show that our own page made it: nobody makes it who
    cannot read the cookie."""
    return hmac.new(secret.encode("utf-8", "surrogateescape"), b"eslbot-form", hashlib.sha256).hexdigest()


def same_form(secret: str, given: str) -> bool:
    """Whether `given` is that token."""
    return hmac.compare_digest(form_token(secret).encode(), given.encode("utf-8", "surrogateescape"))
