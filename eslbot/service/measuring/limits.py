"""What is too late and too much for a machine that listens to calls. Pure; load.py measures."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eslbot.service.measuring.load import Measured

LATEST = 0.15
"""Seconds after which a frame's words come too late, if more than one in twenty do."""
MOST_CORES = 0.8
"""Of all there are: the rest is for bursts, for the disk, and for whatever else runs here."""


def too_much(found: "Measured", cores: int) -> str:
    """Why that many calls are more than the machine carries; empty where it carries them."""
    if found.lost:
        return f"{found.lost:.1f} s of audio were not recognised"
    if found.lag(0.95) > LATEST:
        return f"words come {found.lag(0.95) * 1000:.0f} ms late (p95), more than {LATEST * 1000:.0f}"
    if found.cores > MOST_CORES * cores:
        return f"{found.cores:.2f} of {cores} cores, more than {MOST_CORES:.0%}"
    return ""
