"""The hits of one call under two sets of packs: which were gained, which lost. Pure. Knows no transcript and no report.

Two hits are the same where they are of one rule and one side and their words overlap; a missed disclosure is the same
as the rule's other miss. So a phrase that now begins a word earlier is neither gained nor lost."""

from collections.abc import Iterable

from eslbot.improve.rejudge import Found
from eslbot.model.judgement import MISSED


def compare(new: Iterable[Found], old: Iterable[Found]) -> tuple[list[Found], list[Found], list[Found]]:
    """(gained, lost, kept): the last as the new packs have it. Each hit is matched with one at most, in order."""
    left: dict[tuple[str, str], list[Found]] = {}
    for one in old:
        left.setdefault((one.rule, one.role), []).append(one)
    gained: list[Found] = []
    kept: list[Found] = []
    for one in new:
        candidates = left.get((one.rule, one.role), [])
        place = next((n for n, other in enumerate(candidates) if same(one, other)), None)
        if place is None:
            gained.append(one)
        else:
            del candidates[place]
            kept.append(one)
    return gained, [one for rest in left.values() for one in rest], kept


def same(one: Found, other: Found) -> bool:
    """Whether two hits of one rule and side are about the same words."""
    if MISSED in (one.utterance, other.utterance):
        return one.utterance == other.utterance
    return one.start < other.end and other.start < one.end
