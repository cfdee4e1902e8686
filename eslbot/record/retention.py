"""How long a recording is kept, and whether the clock can be believed. Pure: rows, periods and times in, decisions out.
Knows no file and no key; erase.py destroys what has expired."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from eslbot.store.destruction import ERASED
from eslbot.store.recording_rows import RecordingRow

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
    purpose: str
    """Of the calls it is about."""


MINIMA: Mapping[str, Minimum] = {
    "cn-marketing": Minimum(
        30 * DAY, "MIIT notice 2020-06 (licensed call centres, consented callbacks)", "S", "marketing"),
    "us-telemarketing": Minimum(5 * YEAR, "16 CFR 310.5 as amended (FR 2024-07180)", "S", "marketing"),
    "us-debt": Minimum(3 * YEAR, "12 CFR 1006.100", "S", "collection"),
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
    purpose: str = ""
    """What the call was for, where that is known."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How long recordings are kept, by what their calls were for."""

    base: Rule
    """Of all others."""
    by_purpose: Mapping[str, Rule] = field(default_factory=dict)

    def of(self, purpose: str) -> Rule:
        """The one that counts."""
        return self.by_purpose.get(purpose, self.base)


def rule(
    keep: float | None, basis: str, packs: Iterable[str], below_minimum: bool = False, purpose: str = "",
) -> Rule:
    """The longest of what the admin set and what the packs' laws ask for; `below_minimum`: the admin's alone.
    `purpose`: only what laws ask for of such calls."""
    if keep is None:
        return Rule(None, "no period is set: nothing expires")
    found = [MINIMA[pack] for pack in packs if pack in MINIMA and purpose in ("", MINIMA[pack].purpose)]
    longest = max(found, key=lambda one: one.seconds, default=None)
    if longest is None or below_minimum or longest.seconds <= keep:
        return Rule(keep, basis)
    verify = "" if longest.sure == "P" else "; verify before relying on it"
    return Rule(longest.seconds, f"{longest.source} [{longest.sure}{verify}], longer than the period set: {basis}")


def due(
    rows: Iterable[RecordingRow], kept: Rule | Rules, holds: Collection[str], purposes: Mapping[str, str] | None = None,
) -> list[Due]:
    """When each closed recording expires, soonest first; a call's parts expire together, with the last. What is still
    going on, or erased already, has no end. `purposes`: by call, where one is known."""
    rules = kept if isinstance(kept, Rules) else Rules(kept)
    purposes = purposes or {}
    ends: dict[str, float] = {}
    open_: set[str] = set()
    for row in rows:
        if row.state == ERASED:
            continue
        if row.ended is None:
            open_.add(row.call)
            continue
        ends[row.call] = max(ends.get(row.call, float("-inf")), row.started, row.ended)
    found = []
    for call, end in ends.items():
        purpose = purposes.get(call, "")
        one = rules.of(purpose)
        if call not in open_ and one.seconds is not None:
            found.append(Due(call, end + one.seconds, one.basis, call in holds, purpose))
    return sorted(found, key=lambda one: (one.at, one.call))


def next_of(found: Iterable[Due], rules: Rules, now: float) -> list[dict[str, Any]]:
    """What expires next, by purpose: the period and its basis, how many recordings have an end, how many are over it by
    now, how many of those are held, and which is the first that is not over yet. One line for each rule there is."""
    lines = []
    for purpose, one in [("", rules.base), *sorted(rules.by_purpose.items())]:
        mine = [each for each in found if (each.purpose if each.purpose in rules.by_purpose else "") == purpose]
        over = [each for each in mine if each.at <= now]
        coming = next((each for each in mine if each.at > now and not each.held), None)
        lines.append({
            "purpose": purpose, "period": one.seconds, "basis": one.basis, "recordings": len(mine),
            "over": len(over), "held": sum(each.held for each in mine),
            "next": None if coming is None else {"call": coming.call, "expires": coming.at},
        })
    return lines


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
