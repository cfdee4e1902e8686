"""Durations as people write them: `500ms`, `3s`, `2m`. Pure; knows no clock."""

import re

_FORM = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)(ms|s|m)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0}


def parse_duration(text: object) -> float:
    """Seconds of a duration: digits, perhaps a decimal point, and one of `ms`, `s`, `m`.

    Raises ValueError for anything else, a bare number included: nobody should have to guess its unit.
    """
    found = _FORM.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f"{text!r} is not a duration: write a number and its unit, like 500ms, 3s or 2m")
    return float(found[1]) * _SECONDS[found[2]]
