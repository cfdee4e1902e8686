"""The list of what is missing from a recording, and of what was masked in it. Pure."""

from collections.abc import Iterable
from typing import Any

Gaps = tuple[dict[str, Any], ...]
"""{first, end, reason} each, in order, none touching another of the same reason, none overlapping any."""
MASKED = "masked"
"""The reason of a stretch that was left out on purpose: silence too, and no loss."""


def lost(gaps: Iterable[dict[str, Any]]) -> Gaps:
    """Those that nobody wanted: where there is one, a recording is partial."""
    return tuple(gap for gap in gaps if gap["reason"] != MASKED)


def masked(gaps: Iterable[dict[str, Any]]) -> tuple[tuple[int, int], ...]:
    """(first sample, the one after the last) of each stretch that was masked."""
    return tuple((gap["first"], gap["end"]) for gap in gaps if gap["reason"] == MASKED)


def add(gaps: Gaps, first: int, end: int, reason: str) -> Gaps:
    """The list with the samples from `first` to before `end` in it. Samples that are listed already keep the reason
    they had: it was told nearer to the event."""
    fresh = []
    for gap in gaps:
        if gap["end"] <= first or end <= gap["first"]:
            continue
        if first < gap["first"]:
            fresh.append({"first": first, "end": gap["first"], "reason": reason})
        first = max(first, gap["end"])
    if first < end:
        fresh.append({"first": first, "end": end, "reason": reason})
    merged: list[dict[str, Any]] = []
    for gap in sorted([*gaps, *fresh], key=lambda g: int(g["first"])):
        if merged and merged[-1]["end"] == gap["first"] and merged[-1]["reason"] == gap["reason"]:
            merged[-1] = merged[-1] | {"end": gap["end"]}
        else:
            merged.append(gap)
    return tuple(merged)
