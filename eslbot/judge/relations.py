"""What the keys of a rule mean beside each other: which of them exclude and which need one another.

Works on the values as they were written, so that it is told beside everything else that is wrong. Knows no line and
no pydantic. Pure.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from eslbot.judge.patterns import LARGEST_OF_A_PACK, PatternError, pattern, unheard
from eslbot.judge.schema import RULE_KINDS, SINGLE_KINDS, WORD_KINDS
from eslbot.judge.text import LANGUAGES

Written = dict[str, Any]
Path = tuple[str | int, ...]
Found = tuple[Path, str]
"""Where, counted from the rule, and what is wrong there."""

_SHAPES: tuple[tuple[Path, tuple[str, ...]], ...] = (
    ((), RULE_KINDS),
    (("require",), WORD_KINDS),
    (("require", "after"), WORD_KINDS),
    (("unless",), WORD_KINDS),
    (("during",), ("first", "last")),
    (("acoustic",), ("silence", "talk_over", "rate")),
)
"""Mappings that have exactly one of some keys."""
_OF_A_HIT = ("none", "unless", "during", "repeated", "cooldown", "once")
"""They say which hits count; a requirement from the answer has no hits."""
_OF_WORDS = ("none", "unless", "homophones", "even_negated", "examples")
"""They mean nothing where no words are looked for."""
_LEFT_OUT_OR_SAID = frozenset((
    *RULE_KINDS, "none", "unless", "during", "repeated", "cooldown", "homophones", "after", "by", "within", "not",
    "first", "last", "silence", "talk_over", "rate",
))  # fmt: skip
"""Keys that need not stand there; with nothing behind them nobody can tell what was meant."""
_WHERE_WORDS: tuple[Path, ...] = ((), ("require",), ("require", "after"), ("unless",))


def relations(rule: Written, language: object) -> Iterator[Found]:
    """Everything that is wrong between the keys of a rule of a pack in this language."""
    for path, keys in _SHAPES:
        there = _at(rule, path)
        if isinstance(there, dict):
            yield from _exactly_one(path, there, keys)
    for path in _parts(rule):
        yield from _exactly_one(path, _at(rule, path), SINGLE_KINDS)
        yield from _counted(rule, path)
    yield from _empty(rule)
    for check in (_sides, _modifiers, _ends, _patterns(language)):
        yield from check(rule)


def ends(rules: list[Any], known: Collection[str]) -> Iterator[Found]:
    """Masks that end with a rule that the pack has not; counted from the rules."""
    for number, rule in enumerate(rules):
        actions = rule.get("actions") if isinstance(rule, dict) else None
        for index, action in enumerate(actions if isinstance(actions, list) else []):
            until = _at(action, ("mask", "until"))
            if isinstance(until, str) and until not in known:
                yield (number, "actions", index), f"mask until {until!r}: this pack has no such rule"


def pattern_sizes(rules: list[Any]) -> int:
    """Instructions of all patterns of a pack that can be compiled."""
    total = 0
    for rule in rules:
        for path in (*_WHERE_WORDS, *_parts(rule)):
            for _, text in _written_patterns(rule, path):
                try:
                    total += pattern(text).size
                except PatternError:
                    continue  # told where it stands
    return total


TOO_MANY_PATTERNS = f"the patterns are too large together: {{}} steps, at most {LARGEST_OF_A_PACK} a pack"


def _at(rule: Any, path: Path) -> Any:
    for key in path:
        if isinstance(rule, list) and isinstance(key, int):
            rule = rule[key]
        else:
            rule = rule.get(key) if isinstance(rule, dict) else None
    return rule


def _parts(rule: Any) -> Iterator[Path]:
    """Where the parts of an `either` stand, those that are mappings."""
    for path in _WHERE_WORDS:
        parts = _at(rule, (*path, "either"))
        for index, part in enumerate(parts if isinstance(parts, list) else []):
            if isinstance(part, dict):
                yield (*path, "either", index)


def _counted(rule: Written, path: Path) -> Iterator[Found]:
    for kind in ("near", "sequence"):
        within = _at(rule, (*path, kind, "within"))
        if isinstance(within, str) and within and not within.isdecimal():
            yield (*path, kind, "within"), "within either it is a number of characters or words, no duration"


def _exactly_one(path: Path, there: Written, keys: tuple[str, ...]) -> Iterator[Found]:
    has = [key for key in keys if key in there]
    if len(has) != 1:
        yield path, f"needs exactly one of {', '.join(keys)}; it has {' and '.join(has) if has else 'none'}"


def _empty(there: Any, path: Path = ()) -> Iterator[Found]:
    """Keys that are written and say nothing, wherever they are."""
    inner = there.items() if isinstance(there, dict) else enumerate(there) if isinstance(there, list) else ()
    for key, value in inner:
        if value is None and key in _LEFT_OUT_OR_SAID:
            yield (*path, key), f"{key} is empty: give it a value or leave it out"
        yield from _empty(value, (*path, key))


def _sides(rule: Written) -> Iterator[Found]:
    required = rule.get("require")
    if not isinstance(required, dict):
        return
    if "after" not in required and "by" in required:
        yield ("require", "by"), "by stands beside after only; from the answer it is the rule's says"
    if rule.get("says") == "either" and "by" not in required:
        more = ", or name one with by" if "after" in required else ""
        yield ("says",), f"a requirement binds one side: says agent or customer{more}"


def _modifiers(rule: Written) -> Iterator[Found]:
    required = rule.get("require")
    if isinstance(required, dict) and "after" not in required:
        for key in _OF_A_HIT:
            if key in rule:
                yield (key,), f"{key} stands beside a requirement only if that has after: it says which words count"
    if "acoustic" in rule:
        for key in _OF_WORDS:
            if key in rule:
                yield (key,), f"{key} is about words, and the rule looks for none"


def _ends(rule: Written) -> Iterator[Found]:
    """What is judged when the call is over can touch it no more."""
    during, actions = rule.get("during"), rule.get("actions")
    if not (isinstance(during, dict) and "last" in during):
        return
    if isinstance(rule.get("require"), dict):
        yield ("during", "last"), "last is judged when the call is over: nothing can be required then"
    for index, action in enumerate(actions if isinstance(actions, list) else []):
        if action != "alert":
            yield ("actions", index), "during last is judged when the call is over: alert is all that can be done then"


def _patterns(language: object) -> Callable[[Written], Iterator[Found]]:
    def check(rule: Written) -> Iterator[Found]:
        if language not in LANGUAGES:
            return
        for path in (*_WHERE_WORDS, *_parts(rule)):
            for place, text in _written_patterns(rule, path):
                why = unheard(text, language)
                if why:
                    yield place, why
    return check


def _written_patterns(rule: Any, path: Path) -> Iterator[tuple[Path, str]]:
    regex = _at(rule, (*path, "regex"))
    for key in ("pattern", "not"):
        text = regex.get(key) if isinstance(regex, dict) else None
        if isinstance(text, str):
            yield (*path, "regex", key), text
