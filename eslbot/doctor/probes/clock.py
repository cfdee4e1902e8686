"""Reads the clock, what the kernel knows of its error, and whether zone data are there. Sets nothing."""

import ctypes
import time
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from eslbot.doctor.verdicts.clock import ClockSeen

ZONES = ("Asia/Shanghai", "America/New_York", "UTC")
_TIME_ERROR, _UNSYNCHRONISED = 5, 0x40
_FIELDS = ("offset", "freq", "maxerror", "esterror")


class _Timex(ctypes.Structure):
    """struct timex of adjtimex(2), as far as it is read; the rest is room."""

    _fields_ = (
        ("modes", ctypes.c_uint), *((name, ctypes.c_long) for name in _FIELDS), ("status", ctypes.c_int),
        ("rest", ctypes.c_char * 512),
    )  # fmt: skip


def look() -> ClockSeen:
    """Now."""
    synchronised, off_by = kernel()
    here = datetime.now().astimezone()
    return ClockSeen(time.time(), synchronised, off_by, tuple(filter(_missing, ZONES)), f"{here:%Z} ({here:%z})")


def kernel() -> tuple[bool | None, float | None]:
    """Whether whoever keeps the clock has told the kernel that it is right, and by how many seconds it may be wrong."""
    timex = _Timex()   # modes 0: nothing is set
    state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(timex))
    if state < 0:
        return None, None
    known = state != _TIME_ERROR and not timex.status & _UNSYNCHRONISED
    return known, timex.maxerror / 1e6 if known else None


def _missing(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return True
    return False
