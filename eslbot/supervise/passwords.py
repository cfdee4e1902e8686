"""Passwords and PINs: how they are hashed, what one may be, and what makes two attempts take the same time. Knows
argon2 and no account. Hashing takes a core for a tenth of a second: whoever has a hub calls it off the hub."""

import re
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST = 10
LONGEST = 256
"""Characters; a longer one is refused before it is hashed."""
_PIN = re.compile(r"[0-9]{4,12}")
_YEAR = re.compile(r"(19|20)[0-9]{2}")
_COLUMN = ("2580", "0852")
"""The only column of a telephone's keys that is as long as a PIN."""


class Weak(ValueError):
    """May not be a password, or a PIN. The text says what one must be."""


class Passwords:
    """Hashes and verifies. One lane, so that a hash never takes more than one core from the calls."""

    def __init__(self, time_cost: int = 2, memory_kib: int = 64 * 1024) -> None:
        """argon2id's passes and memory. A hash of fewer is made anew at the next sign-in."""
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
        self._nobody = self._hasher.hash("nobody's password")

    def hash(self, secret: str) -> str:
        """argon2's encoded hash, with its salt and its parameters."""
        return self._hasher.hash(secret)

    def fits(self, encoded: str, secret: str) -> bool:
        """Whether it is the secret of that hash. An empty hash (no such account, none set) fits nothing, and takes as
        long to say so."""
        try:
            fits = self._hasher.verify(encoded or self._nobody, secret[:LONGEST])
        except (Argon2Error, InvalidHashError):
            return False
        return bool(fits) and bool(encoded) and len(secret) <= LONGEST

    def outdated(self, encoded: str) -> bool:
        """Whether it was made with other parameters than these."""
        return self._hasher.check_needs_rehash(encoded)


def check_password(password: str, name: str) -> None:
    """Raises Weak. Length beats rules of which characters: people who are made to add a digit add a 1."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Weak(f"a password has {SHORTEST} to {LONGEST} characters")
    if len(set(password)) < 5 or password.lower() in (name * LONGEST)[: len(password)].lower():
        raise Weak("a password is neither one's name nor a few characters over and over")
    if not password.isprintable():
        raise Weak("a password has no control characters")


def check_pin(pin: str, phone: str = "") -> None:
    """Raises Weak. What people think of first is what is tried first, and five tries cost nothing. `phone`: the number
    of the phone that it is to be entered at."""
    if not _PIN.fullmatch(pin):
        raise Weak("a PIN is 4 to 12 digits")
    steps = {(ord(b) - ord(a)) % 10 for a, b in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        raise Weak("a PIN is not one digit over and over, nor digits in their order")
    if any(pin == pin[:length] * (len(pin) // length) for length in range(2, len(pin) // 2 + 1)):
        raise Weak("a PIN is not the same few digits over and over")
    if pin in _COLUMN or _YEAR.fullmatch(pin):
        raise Weak("a PIN is neither a year nor a column of the keys")
    number = "".join(filter(str.isdigit, phone))
    if pin in number or pin[::-1] in number or (len(number) > 2 and number in pin):
        raise Weak("a PIN is not the phone's own number, nor a part of it")
