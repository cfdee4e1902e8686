"""The examples that stand in packs: each must hit its rule, or must not. Knows packs and how talk is tried; no file but
by its name. Pure.

A pack is tried by itself: what another pack would say of the same talk is not its matter.
"""

from collections.abc import Iterator

from eslbot.judge.inforce import Pack, put_together
from eslbot.judge.located import Problem
from eslbot.judge.rules import Example, Rule, Talk
from eslbot.judge.trial import hits


def failing(pack: Pack) -> list[Problem]:
    """Every example that does not do what its pack says: where it stands, its talk, and what it hits instead."""
    return list(_failing(pack))


def counted(pack: Pack) -> int:
    """How many examples a pack has."""
    return sum(len(rule.examples) for rule in pack.rules)


def _failing(pack: Pack) -> Iterator[Problem]:
    alone = put_together([pack])
    for rule in pack.rules:
        for example in rule.examples:
            found = hits(alone, example.talk)
            if (rule.id in found) is not example.hits:
                file = rule.origin.file if rule.origin else pack.file
                yield Problem(file, example.line, rule.id, _said(rule, example, found))


def _said(rule: Rule, example: Example, found: list[str]) -> str:
    others = [name for name in found if name != rule.id]
    instead = f"; it hits {', '.join(others)}" if others else "; it hits nothing" if example.hits else ""
    wrong = "should hit and does not" if example.hits else "should not hit and does"
    return f"the example {wrong}: {spoken(example.talk)}{instead}"


def spoken(talk: Talk) -> str:
    """Talk on one line: the text, or each line with who says it."""
    if len(talk) == 1:
        return talk[0][1]
    return " / ".join(f"{role.value}: {text}" for role, text in talk)
