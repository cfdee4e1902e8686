"""The rows of who may sign in, as rows.py's are of calls. No field lets anybody in: of each secret there is a hash.
Knows no SQL. Times are seconds since the epoch."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UserRow:
    """An account. Key: name."""

    name: str
    role: str
    """access.Staff."""
    teams: tuple[str, ...] = ()
    """Whose calls a supervisor sees (none: everybody's); the one an agent belongs to."""
    phone: str = ""
    """Number of the desk phone. Each account's its own."""
    password: str = ""
    """argon2's encoded hash; empty: cannot sign in by password."""
    pin: str = ""
    """The same for the PIN that the phone's keys send."""
    disabled: bool = False
    must_change: bool = False
    """The password was set by somebody else: nothing may be done before it is changed."""
    failures: int = 0
    """Wrong passwords in a row."""
    locked: float | None = None
    """No password is tried before then."""
    pin_failures: int = 0
    pin_locked: float | None = None
    created: float = 0.0
    signed_in: float | None = None
    """When it last was."""
    language: str = ""
    """What its pages speak, `zh` or `en`; empty: the browser's."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """Somebody who is signed in. Key: id."""

    id: str
    """SHA-256 of the cookie's value, hexadecimal: the row lets nobody in."""
    name: str
    """Of the account."""
    created: float
    seen: float
    """Last used; written once a minute at most."""
    until: float
    """When it ends, however much it is used."""
    address: str = ""
    """Where the sign-in came from."""


@dataclass(frozen=True, slots=True)
class TokenRow:
    """An API token. Key: id."""

    id: str
    """What people call it by: eight characters."""
    name: str
    """Of the account whose it is."""
    digest: str
    """SHA-256 of the token, hexadecimal."""
    label: str = ""
    scopes: tuple[str, ...] = ()
    """access.Permission each."""
    created: float = 0.0
    until: float | None = None
    """None: for as long as the account."""
    used: float | None = None


AccountRow = UserRow | SessionRow | TokenRow
"""Read and changed by accounts.py alone."""
