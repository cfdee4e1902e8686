"""What was said while a recording was masked, taken out by its time: of words as they come, and of a transcript's
records. A mark stands in its place. Pure; knows no number and no reason for a mask."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from eslbot.model.words import Hypothesis, Word

MASK = "[masked]"
"""In the place of words that were said in a masked span."""
Span = tuple[int, int]
"""(first sample, the one after the last)."""
Said = tuple[str, int, int]
"""A word with its first sample and the one after its last."""


def touches(start: int, end: int, spans: Iterable[Span]) -> bool:
    """Whether any of these samples lies in a span."""
    return any(start < until and since < end for since, until in spans)


def hidden(words: Iterable[Said], spans: Sequence[Span]) -> list[Said]:
    """The words, with one mark in the place of each run of those that were said in a span."""
    found: list[Said] = []
    for text, start, end in words:
        if not touches(start, end, spans):
            found.append((text, start, end))
        elif found and found[-1][0] == MASK:
            found[-1] = (MASK, found[-1][1], max(end, found[-1][2]))
        else:
            found.append((MASK, start, end))
    return found


def mask_words(hypothesis: Hypothesis, spans: Sequence[Span]) -> Hypothesis:
    """What may be shown and kept of it; itself where all may. Where its words have no times, all of it is hidden."""
    if not hypothesis.text or not touches(hypothesis.start, hypothesis.decided, spans):
        return hypothesis
    words = hidden(((word.text, word.start, word.end) for word in hypothesis.words), spans)
    if not words:
        return replace(hypothesis, text=MASK, words=(Word(MASK, hypothesis.start, hypothesis.decided),))
    return replace(hypothesis, text=_text(words), words=tuple(Word(*word) for word in words))


def mask_record(record: dict[str, Any], spans: Sequence[Span]) -> dict[str, Any]:
    """The record of a transcript without what was said in these spans; itself where nothing was."""
    kind = record.get("kind")
    if kind not in ("words", "violation") or not touches(record["start"], record["end"], spans):
        return record
    if kind == "violation":
        return {**record, "words": MASK} if record["words"] else record
    if not record["text"]:
        return record
    words = hidden((tuple(word) for word in record["words"]), spans) or [(MASK, record["start"], record["end"])]
    return {**record, "text": _text(words), "words": [list(word) for word in words]}


def unmarked(hypothesis: Hypothesis) -> Hypothesis:
    """Without the marks: what is left was said, and can be judged."""
    if MASK not in hypothesis.text:
        return hypothesis
    kept = tuple(word for word in hypothesis.words if word.text != MASK)
    return replace(hypothesis, text=" ".join(word.text for word in kept), words=kept)


def _text(words: Iterable[Said]) -> str:
    return " ".join(word[0] for word in words)
