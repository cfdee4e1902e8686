"""Periods as people write them: `90s`, `12h`, `30d`, `5y`. Pure; knows no clock and no calendar: a year is 365.25
days."""

import re
from typing import Annotated

from pydantic import BeforeValidator

_FORM = re.compile(r"([0-9]{1,6})(s|m|h|d|y)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "y": 31_557_600}


def parse_period(text: object) -> float:
    """Seconds of a period: a whole number above 0, and one of `s`, `m`, `h`, `d`, `y`. Raises ValueError."""
    found = _FORM.fullmatch(text) if isinstance(text, str) else None
    if found is None or int(found[1]) == 0:
        raise ValueError(f"{text!r} is not a period: write a number and its unit, like 90s, 12h, 30d or 5y")
    return float(int(found[1]) * _SECONDS[found[2]])


def spelled(seconds: float) -> str:
    """The shortest spelling of a period."""
    for unit, length in reversed(_SECONDS.items()):
        if seconds >= length and seconds % length == 0:
            return f"{seconds / length:g}{unit}"
    return f"{seconds:g}s"


Period = Annotated[float, BeforeValidator(parse_period)]
"""Seconds."""
