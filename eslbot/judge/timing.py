"""When the characters of a hypothesis were spoken: from its words' times where it has them, else spread evenly.
Knows samples and characters; no rule. Pure."""

from dataclasses import dataclass

from eslbot.model.words import Hypothesis


@dataclass(frozen=True, slots=True)
class Timing:
    """Of each character of a text, its first sample and the sample after its last, on the call's sample clock."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]


def timing(hypothesis: Hypothesis) -> Timing:
    """Character by character. Words whose texts cannot be found in the hypothesis's text in order are not used."""
    text = hypothesis.text
    starts, ends = _evenly(len(text), hypothesis.start, hypothesis.decided)
    position = 0
    for word in hypothesis.words:
        first = text.find(word.text, position)
        if first < 0 or not word.text:
            return Timing(*map(tuple, _evenly(len(text), hypothesis.start, hypothesis.decided)))
        position = first + len(word.text)
        starts[first:position], ends[first:position] = _evenly(len(word.text), word.start, word.end)
    return Timing(tuple(starts), tuple(ends))


def _evenly(count: int, start: int, end: int) -> tuple[list[int], list[int]]:
    length = max(0, end - start)
    borders = [start + length * index // max(1, count) for index in range(count + 1)]
    return borders[:-1], borders[1:]
