"""The rule packs: whether they load, of which language they are, and whether one is past its review."""

from collections.abc import Iterable, Iterator
from datetime import date

from eslbot.doctor.findings import Finding, error, good, hint, warning
from eslbot.judge import Pack, Problem

SOON = 14
"""Days before its review from which a pack is told of."""


def judge_broken(problems: Iterable[Problem]) -> Iterator[Finding]:
    """The set cannot be loaded: a running service keeps the one before, and none starts."""
    for problem in problems:
        yield error("rules.load", str(problem), "eslbot rules check FILE", problem.file)


def judge(packs: Iterable[Pack], in_force: Iterable[Pack], language: str, today: date) -> Iterator[Finding]:
    """`packs`: all that were loaded."""
    there = list(in_force)
    for pack in packs:
        if pack not in there and pack.effective is not None and pack.effective > today:
            yield good("rules.load", f"version {pack.version} comes into force on {pack.effective}", pack.name)
    for pack in there:
        yield good("rules.load", f"version {pack.version}, {len(pack.rules)} rules", pack.name)
        if pack.language != language:
            yield warning("rules.language", f"its rules are for {pack.language}, and [judge] language is {language}: "
                          "it will hit nothing", f"[judge] language = \"{pack.language}\", or other packs", pack.name)
        if pack.review is not None and pack.review <= today:
            yield warning("rules.review", f"was to be looked at again by {pack.review}", "look at the law again, then "
                          "eslbot rules publish it with a later review (docs/how-to/publish.md)", pack.name)
        elif pack.review is not None and (pack.review - today).days <= SOON:
            yield hint("rules.review", f"is to be looked at again by {pack.review}", "docs/how-to/publish.md",
                       pack.name)
    if not there:
        yield error("rules.load", "no rule is in force today: nothing is judged", "[judge] packs, and the packs' "
                    "effective days")
