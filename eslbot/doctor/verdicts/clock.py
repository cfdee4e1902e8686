"""The clock and the zone data: whether the time can be believed, and whether places' hours can be told."""

from collections.abc import Iterator
from dataclasses import dataclass

from eslbot.doctor.findings import Finding, error, good, hint, warning
from eslbot.record.retention import doubt

EARLIEST = 1_767_225_600.0
"""2026-01-01: before eslbot was made."""


@dataclass(frozen=True, slots=True)
class ClockSeen:
    """What the machine says."""

    now: float
    """Seconds since the epoch."""
    synchronised: bool | None
    """None: it does not say."""
    off_by: float | None
    """Seconds it may be wrong by, as the kernel is told; None: not told."""
    zones: tuple[str, ...]
    """Zones that were looked for and are not there."""
    local: str
    """This place's zone, as it is spelled: `CST (+0800)`."""


def judge(seen: ClockSeen, witness: float | None, newest: float | None) -> Iterator[Finding]:
    """`witness`, `newest`: see eslbot.record.retention.doubt."""
    mend = "timedatectl set-ntp true, or chronyc makestep; then eslbot retention run says whether it believes it"
    doubted = "it is before eslbot was made" if seen.now < EARLIEST else doubt(seen.now, witness, newest)
    if "ahead" in doubted:   # the service was off for a day, or the clock is wrong: a person has to say
        yield warning("clock.sane", f"{doubted}; nothing is erased until a person says that it is right", mend)
    elif doubted:
        yield error("clock.sane", doubted, mend)
    else:
        yield good("clock.sane", f"no reason to doubt it; local time is {seen.local}")
    if seen.synchronised is None:
        yield hint("clock.synchronised", "the kernel does not say whether it is synchronised", "timedatectl, or "
                   "chronyc tracking")
    elif not seen.synchronised:
        yield warning("clock.synchronised", "not synchronised, as far as the kernel is told", "timedatectl set-ntp "
                      "true, or apt install chrony")
    else:
        within = "" if seen.off_by is None else f", wrong by at most {seen.off_by:.3g} s"
        yield good("clock.synchronised", f"synchronised{within}")
    if seen.zones:
        yield warning("clock.zones", f"no zone data for {', '.join(seen.zones)}", "apt install tzdata")
    else:
        yield good("clock.zones", "zone data are there")
