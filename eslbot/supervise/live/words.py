"""What the live view says, piece by piece: the words for a page, and what of a call's state and of the store's rows go
into them. Pure; knows no call that is up and nobody who looks."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from eslbot.call.state import CallState
from eslbot.judge.checklist import Item
from eslbot.model.call import CallId, Confirm, LegId, Severity
from eslbot.model.facts import Violated
from eslbot.model.judgement import HEARD, MISSED, Disclosure, Verdict
from eslbot.redact.masks import MASK, hidden
from eslbot.store.rows import ViolationRow

Message = dict[str, Any]
"""What goes to a page: `k` says what it is, `call` whose. Times in a call are seconds of its audio, times of day are
seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Titled:
    """What a rule is called."""

    title: str
    laws: tuple[tuple[str, str], ...] = ()
    """(source, how sure)."""


@dataclass(frozen=True, slots=True)
class Looks:
    """What a call's fold asks of the rest."""

    clock: Callable[[], float]
    checklist: Callable[[CallId], tuple[Item, ...]]
    """How its disclosures stand."""
    title: Callable[[str], Titled]
    """Of a rule in force, by its id."""
    texts: dict[str, str] = field(default_factory=dict)
    """What each prompt says."""
    number: Callable[[LegId], str] = lambda leg: ""
    """A leg's own, empty where it is unknown."""
    said: Callable[[Violated], str] = lambda fact: ""
    """The account of the agent who was on the line when it was said, empty where nobody knows."""


_CJK = r"\u3000-\u9fff\uff00-\uffef"


def readable(text: str) -> str:
    """Recognised words for eyes: a recogniser's spaces between Chinese words mean nothing."""
    return re.sub(rf"(?<=[{_CJK}]) (?=[{_CJK}])", "", " ".join(text.split()))


def masked_from(said: Message, since: float) -> Message:
    """Words that stand on a page already, without those that were said from then on (seconds of the call's audio): a
    mask reaches back. Itself where none were."""
    if said["end"] <= since or said["text"] == MASK:
        return said
    words = [(text, round(start * 1000), round(end * 1000)) for text, start, end in said["words"]]
    kept = hidden(words, [(round(since * 1000), max(round(said["end"] * 1000), *(word[2] for word in words), 0))])
    if not kept:   # without times: which of them it was nobody knows
        return {**said, "text": MASK, "words": []}
    return {**said, "text": readable(" ".join(word[0] for word in kept)),
            "words": [[text, start / 1000, end / 1000] for text, start, end in kept]}


def hit_message(call: str, key: str, verdict: Verdict, at: float) -> Message:
    """What of a violation its verdict says."""
    return {
        "k": "hit", "call": call, "hit": key, "rule": verdict.rule, "title": verdict.title, "pack": verdict.pack,
        "version": verdict.version, "severity": verdict.severity.label, "weight": int(verdict.severity),
        "laws": [(law.source, law.sure) for law in verdict.laws], "at": at,
    }


def state_of(state: CallState) -> list[tuple[tuple[str, int], Disclosure]]:
    """((rule, ordinal), how it stands) of each disclosure the call's state knows."""
    told = []
    for key, how in state.disclosures:
        rule, _, ordinal = key.partition("#")
        told.append(((rule, int(ordinal or 0)), how))
    return told


def closing_of(state: CallState) -> str:
    closing = state.closing
    if closing.started is not None:
        return "playing" if closing.stopped is None else "played"
    return "armed" if closing.armed else ""


def hit_row(row: ViolationRow, rate: int) -> Message:
    """A violation as the store has it. `rate`: samples a second of its call."""
    return {
        "k": "hit", "call": row.call, "hit": row.hit, "rule": row.rule, "title": row.title, "pack": row.pack,
        "version": row.version, "severity": row.severity, "weight": int(Severity[row.severity.upper()]),
        "laws": _pairs(row.law_source, row.law_sure), "at": row.at, "confirm": row.confirm, "role": row.role,
        "n": row.utterance if row.utterance >= 0 else None, "missed": row.utterance == MISSED,
        "sound": row.utterance == HEARD, "start": round(row.start / rate, 2), "end": round(row.end / rate, 2),
        "outranked": "", "sure": row.confirm != Confirm.PARTIAL.label, "agent": row.agent,
    }


def _pairs(sources: str, sure: str) -> list[tuple[str, str]]:
    return list(zip(sources.split("; "), sure.split("; "), strict=False)) if sources else []


def over(state: CallState) -> bool:
    """There is nothing more to look at: what was heard last has been judged, too."""
    return state.settled
