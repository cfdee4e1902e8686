"""How long a recording is kept, and whether the clock can be believed. Pure: rows, periods and times in, decisions out.
Knows no file and no key; erase.py destroys what has expired."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from eslbot.store.destruction import ERASED
from eslbot.store.rows import RecordingRow

DAY = 86_400.0
YEAR = 365.25 * DAY
SLACK = 3600.0
"""Seconds a clock may go back without being called wrong: a daylight mistake, a late time server."""
WITNESS = "clock-witness"
"""Name of the flag that holds the last wall time that was believed."""


@dataclass(frozen=True, slots=True)
class Minimum:
    """A law that wants recordings kept at least so long."""

    seconds: float
    source: str
    sure: str
    """P: the primary text was read; S: a secondary source; M: from memory. S and M: verify before relying on it."""


MINIMA: Mapping[str, Minimum] = {
    "cn-marketing": Minimum(30 * DAY, "MIIT notice 2020-06 (licensed call centres, consented callbacks)", "S"),
    "en-marketing": Minimum(5 * YEAR, "16 CFR 310.5 as amended (FR 2024-07180)", "S"),
}
"""By the shipped pack that stands for the trade and its law."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How long recordings are kept, and why."""

    seconds: float | None
    """None: for ever, since no period was set."""
    basis: str
    """What the receipt of an expired recording says."""


@dataclass(frozen=True, slots=True)
class Due:
    """A call whose recording has an end."""

    call: str
    at: float
    """When it expires, seconds since the epoch."""
    basis: str
    held: bool
    """A legal hold: it does not expire while that lasts."""


def rule(keep: float | None, basis: str, packs: Iterable[str], below_minimum: bool = False) -> Rule:
    """The longest of what the admin set and what the packs' laws ask for; `below_minimum`: the admin's alone."""
    if keep is None:
        return Rule(None, "no period is set: nothing expires")
    found = [MINIMA[pack] for pack in packs if pack in MINIMA]
    longest = max(found, key=lambda one: one.seconds, default=None)
    if longest is None or below_minimum or longest.seconds <= keep:
        return Rule(keep, basis)
    verify = "" if longest.sure == "P" else "; verify before relying on it"
    return Rule(longest.seconds, f"{longest.source} [{longest.sure}{verify}], longer than the period set: {basis}")


def due(rows: Iterable[RecordingRow], kept: Rule, holds: Collection[str]) -> list[Due]:
    """When each closed recording expires, soonest first; a call's parts expire together, with the last. What is still
    going on, or erased already, has no end."""
    if kept.seconds is None:
        return []
    ends: dict[str, float] = {}
    open_: set[str] = set()
    for row in rows:
        if row.state == ERASED:
            continue
        if row.ended is None:
            open_.add(row.call)
            continue
        ends[row.call] = max(ends.get(row.call, float("-inf")), row.started, row.ended)
    found = [Due(call, end + kept.seconds, kept.basis, call in holds) for call, end in ends.items()
             if call not in open_]
    return sorted(found, key=lambda one: (one.at, one.call))


def expired(found: Iterable[Due], now: float) -> list[Due]:
    """Those whose time is over and that nobody holds."""
    return [one for one in found if one.at <= now and not one.held]


def doubt(now: float, witness: float | None, newest: float | None) -> str:
    """Why the wall clock is not to be believed; empty where it is.

    `witness`: the last wall time that was believed (kept in the store, renewed by every run and every hour by a running
    service); None: there was none yet. `newest`: when the newest recording ended, which stands in for it then. A clock
    that is more than an hour behind is wrong; one that is more than a day ahead may be, and a person has to say."""
    known = witness if witness is not None else newest
    if known is None:
        return ""
    if now < known - SLACK:
        return f"the clock is {_spelled(known - now)} behind what it has shown before"
    if now > known + DAY:
        return f"the clock is {_spelled(now - known)} ahead of when it was last seen to be right"
    return ""


def _spelled(seconds: float) -> str:
    return f"{seconds / DAY:.1f} days" if seconds >= DAY else f"{seconds / 3600:.1f} h"
