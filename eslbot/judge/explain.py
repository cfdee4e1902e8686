"""Rules in plain values and in words: whose words, what is looked for, which hits count, when it acts, by which law.
Knows rules; no call. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from eslbot.judge.conditions import (
    AnyOf,
    Condition,
    Either,
    Looked,
    Matching,
    Near,
    Says,
    Sequence,
    SomeOf,
    Sought,
    Word,
)
from eslbot.judge.examples import spoken
from eslbot.judge.inforce import Pack, Packs
from eslbot.judge.rules import Acoustic, Counting, Rule
from eslbot.model.call import Confirm
from eslbot.model.judgement import FLOOR, Act, Action, Law

VERIFY = "verify before relying on it"
"""Shown beside every law whose primary text was not read."""
_SURE = {"P": "the primary text was read", "S": "from a secondary source", "M": "from memory"}
_WHOSE = {
    Says.AGENT: "the agent's", Says.CUSTOMER: "the customer's",
    Says.EITHER: "either side's, also where it is not known who is who",
}  # fmt: skip
_SURENESS = {
    Confirm.PARTIAL: "at the first sight of the words", Confirm.AGREED: "once the words have stood in two hypotheses",
    Confirm.FINAL: "once the words are final",
}  # fmt: skip
_DEEDS: Mapping[Act, str] = {
    Act.REMIND: "reminds the agent", Act.ALERT: "alerts", Act.MUTE: "mutes the agent",
    Act.ANNOUNCE: "tells the customer", Act.HANG_UP: "hangs up where that is allowed",
    Act.SUPERVISOR: "asks for a supervisor", Act.MASK: "masks the recording",
}  # fmt: skip

Told = list[tuple[str, str]]
"""(about what, a sentence), in the order in which people read them."""


def describe(packs: Packs) -> list[dict[str, Any]]:
    """Each rule in force as plain values, for people and for JSON."""
    return [described(rule, packs.pack_of(rule)) for rule in packs.rules]


def described(rule: Rule, pack: Pack) -> dict[str, Any]:
    """A rule of a pack as plain values, and in words under `explained`."""
    verdict = rule.verdict
    return {
        "rule": rule.id,
        "title": verdict.title,
        "pack": verdict.pack,
        "version": verdict.version,
        "file": rule.origin.file if rule.origin else pack.file,
        "line": rule.line,
        "from": f"{rule.origin.pack} {rule.origin.version}" if rule.origin else None,
        "language": rule.language,
        "effective": pack.effective.isoformat() if pack.effective else None,
        "review": pack.review.isoformat() if pack.review else None,
        "says": rule.says.value,
        "kind": rule.kind,
        "within_seconds": rule.require.within if rule.require else None,
        "priority": rule.priority,
        "severity": verdict.severity.label,
        "confirm": verdict.confirm.label,
        "actions": [
            {key: value for key, value in
             (("act", action.act.value), ("seconds", action.seconds), ("prompt", action.prompt),
              ("until", action.until)) if value is not None}
            for action in verdict.actions
        ],
        "law": [
            {"source": law.source, "sure": law.sure, "note": law.note, "advice": None if law.sure == "P" else VERIFY}
            for law in verdict.laws
        ],
        "advice": VERIFY if any(law.sure != "P" for law in verdict.laws) else None,
        "examples": {
            key: [[{"says": role.value, "text": text} for role, text in each.talk]
                  for each in rule.examples if each.hits is hits]
            for key, hits in (("hit", True), ("miss", False))
        },
        "explained": dict(explained(rule, pack)),
    }  # fmt: skip


def explained(rule: Rule, pack: Pack) -> Told:
    """A rule of a pack in words."""
    counting = "; ".join(_counting(rule.counting))
    return [
        (about, sentence) for about, sentence in (
            ("whose", f"{_WHOSE[rule.says]} words" if rule.acoustic is None else f"{_WHOSE[rule.says]} side"),
            ("looks for", "; ".join(_sought(rule))),
            ("counts", f"only {counting}" if counting else ""),
            ("acts", _acts(rule)),
            ("priority", _priority(rule)),
            ("law", "; ".join(map(_law, rule.verdict.laws)) or "none: policy"),
            ("hits", ", ".join(spoken(each.talk) for each in rule.examples if each.hits)),
            ("does not hit", ", ".join(spoken(each.talk) for each in rule.examples if not each.hits)),
            ("taken from", f"{rule.origin.pack} {rule.origin.version}" if rule.origin else ""),
            ("in force", f"from {pack.effective}" if pack.effective else ""),
            ("review", f"due on {pack.review}" if pack.review else "no day is set"),
        ) if sentence
    ]  # fmt: skip


# --- what is looked for ----------------------------------------------------------------------------------------------
def _sought(rule: Rule) -> Iterator[str]:
    require = rule.require
    if rule.acoustic is not None:
        yield _acoustic(rule.acoustic)
    if require is None:
        if rule.words is not None:
            yield from _looked(rule.words)
        return
    words = "; ".join(_looked(require.words))
    if rule.words is None:
        yield f"the {require.by.value} must say within {_seconds(require.within)} of the answer: {words}"
    else:
        trigger = "; ".join(_looked(rule.words))
        yield f"after {_WHOSE[rule.words.parts[0].says]} words ({trigger})"
        yield f"the {require.by.value} must say within {_seconds(require.within)}: {words}"


def _looked(looked: Looked) -> Iterator[str]:
    first = looked.parts[0]
    if len(looked.parts) > 1:
        order = "in this order" if looked.ordered else "in any order"
        words = [word for part in looked.parts for word in part.condition.words]
        yield f"within {_seconds(looked.seconds)}, {order}: {_words(words)}"
    else:
        yield _condition(first.condition)
    yield from _limits(first)


def _limits(sought: Sought) -> Iterator[str]:
    if sought.homophones:
        yield "also what sounds alike"
    if sought.even_negated:
        yield "also negated or quoted"
    if sought.none:
        yield f"but not where one of these stands in the same utterance: {', '.join(sought.none)}"


def _condition(condition: Condition) -> str:
    return _CONDITIONS[type(condition)](condition)


def _words(words: Iterable[Word]) -> str:
    return ", ".join(word[0] if len(word) == 1 else f"({' | '.join(word)})" for word in words)


def _some(condition: SomeOf) -> str:
    count = len(condition.words)
    many = f"all {count}" if condition.at_least == count else f"at least {condition.at_least}"
    return f"{many} of these in one utterance: {_words(condition.words)}"


def _regex(condition: Matching) -> str:
    but = f", but where it overlaps {condition.but_not.text}" if condition.but_not else ""
    return f"what the pattern {condition.pattern.text} finds in one utterance{but}"


_CONDITIONS: Mapping[type[Condition], Callable[[Any], str]] = {
    AnyOf: lambda any_: f"one of: {', '.join(any_.words[0])}",
    SomeOf: _some,
    Near: lambda near: f"within {near.within} characters or words, in any order: {_words(near.words)}",
    Sequence: lambda near: f"within {near.within} characters or words, in this order: {_words(near.words)}",
    Matching: _regex,
    Either: lambda either: f"either {'; or '.join(map(_condition, either.parts))}",
}


def _acoustic(acoustic: Acoustic) -> str:
    if acoustic.silence is not None:
        return f"nothing said for {_seconds(acoustic.silence)}"
    if acoustic.talk_over is not None:
        return f"both sides speaking at once for {_seconds(acoustic.talk_over)}"
    over = _seconds(acoustic.rate_over or 0.0)
    return f"more than {acoustic.rate_above} characters or words a minute over {over}"


# --- which hits count, and what follows ------------------------------------------------------------------------------
def _counting(counting: Counting) -> Iterator[str]:
    unless = counting.unless
    if unless is not None:
        side = "the same side" if unless.same_side else _BY[unless.words.parts[0].says]
        ago = "before" if unless.within is None else f"in the {_seconds(unless.within)} before"
        yield f"unless {side} said {ago}: {'; '.join(_looked(unless.words))}"
    if counting.first is not None:
        yield f"in the first {_seconds(counting.first)} of the call"
    if counting.last is not None:
        yield f"in the last {_seconds(counting.last)} of the talk, judged when it is over"
    if counting.times > 1:
        yield f"every time number {counting.times} within {_seconds(counting.within)}"
    if counting.cooldown:
        yield f"{_seconds(counting.cooldown)} or more after the last that counted"
    if counting.once:
        yield "once a call and side, and anew for an agent who takes the call over"


_BY = {Says.AGENT: "the agent", Says.CUSTOMER: "the customer", Says.EITHER: "either side"}


def _acts(rule: Rule) -> str:
    verdict = rule.verdict
    deeds: dict[Confirm, list[str]] = {}
    for action in verdict.actions:
        deeds.setdefault(max(verdict.confirm, FLOOR[action.act]), []).append(_deed(action))
    said = [f"{_when(rule, confirm)} it {', '.join(done)}" for confirm, done in sorted(deeds.items())]
    return f"{verdict.severity.label}: {'; '.join(said) or 'it is recorded, and that is all'}"


def _priority(rule: Rule) -> str:
    return f"{rule.priority}: where words of two rules overlap, the higher one acts" if rule.priority else ""


def _when(rule: Rule, confirm: Confirm) -> str:
    if rule.require is not None:
        return "when it was not said in time"
    if rule.counting.last is not None:
        return "when the talk is over"
    return "when it is heard" if rule.acoustic is not None else _SURENESS[confirm]


def _deed(action: Action) -> str:
    what = _DEEDS[action.act]
    if action.seconds is not None:
        what += f" for {_seconds(action.seconds)}"
    if action.until is not None:
        what += f" until {action.until} is heard"
    return f"{what} ({action.prompt})" if action.prompt else what


def _law(law: Law) -> str:
    advice = "" if law.sure == "P" else f": {VERIFY}"
    return f"{law.source} ({law.sure}, {_SURE[law.sure]}{advice}){f' - {law.note}' if law.note else ''}"


def _seconds(seconds: float) -> str:
    return f"{seconds:g} s"
