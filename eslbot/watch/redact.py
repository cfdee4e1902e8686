"""Takes what may be a person's number out of whatever is about to be logged: seven digits or more, however they are
grouped, and cards, identity numbers and codes that are spelled out in words. Identifiers (uuids, digests), dates and
quantities stay. Pure. Knows no log."""

import re
from collections.abc import Mapping
from typing import Any

from eslbot.redact import redact_words

MASK = "[number]"

_KEPT = (
    r"(?<![0-9A-Za-z])(?:"
    r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
    r"|(?=[0-9]*[a-f])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})"
    r"|age1[02-9ac-hj-np-z]{58}"
    r"|(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9](?:[T ][0-2][0-9]:[0-5][0-9](?::[0-6][0-9](?:[.,][0-9]{1,9})?)?"
    r"(?:Z|[+-][0-2][0-9]:?[0-5][0-9])?)?"
    r")(?![0-9A-Za-z])"
)
_NUMBER = r"\d(?:[\s.\-()/·‐-―_]{0,2}\d){6,}"
_KEPT_PLACES = re.compile(f"({_KEPT})")
_LONG = re.compile(_NUMBER)

QUANTITIES = frozenset({
    "at", "bytes", "count", "decided", "decoded", "end", "first", "pid", "port", "rate", "sample", "samples", "seconds",
    "size", "start", "took", "waiting",
})
"""Keys whose numbers are measured, and may be large without being anyone's."""


def redact_text(text: str) -> str:
    """The text with every run of seven or more digits (of any script; spaces, dots, dashes and the like may stand
    between) replaced, and what is spelled out in words (see eslbot/redact)."""
    pieces = _KEPT_PLACES.split(text)
    pieces[::2] = [redact_words(_LONG.sub(MASK, piece)) for piece in pieces[::2]]
    return "".join(pieces)


def redact(value: Any, key: str = "") -> Any:
    """A value fit for JSON without what may be a number of a person. Whatever is not text, number, list or mapping is
    shown as its repr."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) < 1_000_000 or key in QUANTITIES else MASK
    if isinstance(value, float):
        return value if abs(value) < 1_000_000 or value != int(value) or key in QUANTITIES else MASK
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, Mapping):
        return {redact_text(str(name)): redact(item, str(name)) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact(item, key) for item in value]
    return redact_text(repr(value))
