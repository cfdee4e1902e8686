"""A pack that takes rules of others: which rules it then has, and what is wrong with what it asks for.

Knows packs as values; no file is read here. What a rule means stays what it means in its own pack (its `homophones` are
that pack's); whose it is changes: a verdict names the pack that took it, whose version stands for all of its rules.
Pure.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from eslbot.judge.inforce import Pack
from eslbot.judge.rules import Origin, Rule
from eslbot.judge.schema import IncludeModel
from eslbot.judge.values import suggestion

Say = Callable[[int, str, str], None]
"""(which include, its key, what is wrong there)."""


def unfit(wanted: IncludeModel, found: Pack, language: str) -> Iterator[tuple[str, str]]:
    """(key, what is wrong) with taking from that pack."""
    if found.version != wanted.version:
        yield "version", (f"{found.name} is version {found.version!r}, and this takes rules of version "
                          f"{wanted.version!r}: see what changed, then write version: \"{found.version}\"")
    if found.language != language:
        yield "pack", f"{found.name} is a pack for {found.language}, and this one is for {language}"
    known = [rule.id for rule in found.rules]
    for name in wanted.rules or ():
        if name not in known:
            yield "rules", f"{found.name} has no rule {name!r}{suggestion(name, known)}"


def with_taken(pack: Pack, taken: Sequence[tuple[IncludeModel, Pack]], say: Say) -> Pack:
    """The pack with the rules it takes before its own; one of its own stands instead of a taken one of the same id. It
    is to be looked at again when the first of them is."""
    own = {rule.id for rule in pack.rules}
    rules: dict[str, Rule] = {}
    for index, (wanted, found) in enumerate(taken):
        for rule in found.rules:
            if rule.id in own or (wanted.rules is not None and rule.id not in wanted.rules):
                continue
            if rule.id in rules:
                other = rules[rule.id].origin
                assert other is not None
                say(index, "pack", f"the rule {rule.id!r} is taken from {other.pack} and from {found.name}: name under "
                                   "`rules` those to take from each, or write one of your own")
            rules.setdefault(rule.id, _taken(rule, pack, found))
    known = {*rules, *own}
    for rule in (*rules.values(), *pack.rules):
        for until in (action.until for action in rule.verdict.actions if action.until):
            if until not in known:
                say(0, "pack", f"the rule {rule.id!r} masks until {until!r}: neither this pack nor what it takes has "
                               "such a rule")
    days = [each.review for each in (pack, *(found for _, found in taken)) if each.review is not None]
    return replace(pack, rules=(*rules.values(), *pack.rules), review=min(days, default=None))


def _taken(rule: Rule, by: Pack, found: Pack) -> Rule:
    verdict = replace(rule.verdict, pack=by.name, version=by.version)
    return replace(rule, verdict=verdict, origin=rule.origin or Origin(found.name, found.version, found.file))
