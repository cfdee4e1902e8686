"""From the values of a pack file to rules. Knows the format (schema) and what it stands for (rules); no file, no line
but those of examples, and nothing of how words are matched. Pure."""

from collections.abc import Callable, Mapping
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
    Single,
    SomeOf,
    Sought,
)
from eslbot.judge.patterns import pattern
from eslbot.judge.rules import Acoustic, Counting, Example, Excuse, Requirement, Rule
from eslbot.judge.schema import (
    CONFIRMS,
    RULE_KINDS,
    SEVERITIES,
    SINGLE_KINDS,
    WORD_KINDS,
    AcousticModel,
    NearModel,
    PackModel,
    RuleModel,
    SingleModel,
    WordsModel,
)
from eslbot.model.call import Role
from eslbot.model.judgement import Law, Verdict

Line = Callable[[tuple[str | int, ...]], int]
"""Line of a value of a rule, by the keys and indices that lead to it from the rule."""

_CONDITIONS: Mapping[str, Callable[[Any], Single]] = {
    "any": lambda phrases: AnyOf((tuple(phrases),)),
    "all": lambda words: SomeOf(tuple(map(tuple, words)), len(words)),
    "some": lambda some: SomeOf(tuple(map(tuple, some.words)), some.at_least),
    "near": lambda near: Near(tuple(map(tuple, near.words)), near.within),
    "sequence": lambda near: Sequence(tuple(map(tuple, near.words)), near.within),
    "regex": lambda regex: Matching(pattern(regex.pattern), pattern(regex.not_) if regex.not_ else None),
}


def rule_of(model: RuleModel, pack: PackModel, line: Line) -> Rule:
    """The rule a valid model stands for."""
    says = Says(model.says)
    look = _Looking(pack, model)
    require = model.require
    own: WordsModel | None = model if model.acoustic is None and require is None else None
    whose = says
    if require is not None and require.after is not None:
        own, whose = require.after, Says(require.after.says or model.says)
    by = Role(require.by or model.says) if require is not None else None
    return Rule(
        verdict=Verdict(
            rule=model.id,
            title=model.title or model.id,
            pack=pack.pack,
            version=pack.version,
            severity=SEVERITIES[model.severity],
            confirm=CONFIRMS[model.confirm],
            actions=tuple(model.actions),
            laws=tuple(Law(law.source, law.sure, law.note) for law in model.law),
        ),
        language=pack.language,
        says=says,
        kind=_kind(model, RULE_KINDS),
        words=look.at(own, whose, none=tuple(model.none or ())) if own is not None else None,
        counting=_counting(model, whose, look),
        require=Requirement(look.at(require, Says(by.value)), require.within, by) if require and by else None,
        acoustic=_acoustic(model.acoustic),
        priority=model.priority,
        examples=_examples(model, whose, line),
        line=line(("id",)),
    )


def _kind(model: SingleModel, keys: tuple[str, ...]) -> str:
    return next(key for key in keys if getattr(model, key) is not None)


class _Looking:
    """Makes what a rule looks for of what its pack writes."""

    def __init__(self, pack: PackModel, rule: RuleModel) -> None:
        self._language = pack.language
        self._even_negated = rule.even_negated
        wanted = pack.homophones if rule.homophones is None else rule.homophones
        self._homophones = wanted and pack.language == "zh"

    def at(self, model: WordsModel, says: Says, none: tuple[str, ...] = ()) -> Looked:
        """The words a model asks for, on this side."""
        kind = _kind(model, WORD_KINDS)
        value: Any = getattr(model, kind)
        if isinstance(value, NearModel) and isinstance(value.within, float):
            parts = tuple(self._sought(AnyOf((tuple(word),)), says, none) for word in value.words)
            return Looked(parts, value.within, ordered=kind == "sequence")
        condition = Either(tuple(map(_single, value))) if kind == "either" else _single(model)
        return Looked((self._sought(condition, says, none),))

    def _sought(self, condition: Condition, says: Says, none: tuple[str, ...]) -> Sought:
        return Sought(condition, self._language, says, none, self._even_negated, self._homophones)


def _single(model: SingleModel) -> Single:
    kind = _kind(model, SINGLE_KINDS)
    return _CONDITIONS[kind](getattr(model, kind))


def _counting(model: RuleModel, whose: Says, look: _Looking) -> Counting:
    unless, during, repeated = model.unless, model.during, model.repeated
    return Counting(
        unless=Excuse(
            look.at(unless, Says(unless.says or whose.value)), unless.within, same_side=unless.says is None
        ) if unless else None,
        first=during.first if during else None,
        last=during.last if during else None,
        times=repeated.times if repeated else 1,
        within=repeated.within if repeated else 0.0,
        cooldown=model.cooldown or 0.0,
        once=model.once,
    )


def _acoustic(model: AcousticModel | None) -> Acoustic | None:
    if model is None:
        return None
    rate = model.rate
    return Acoustic(model.silence, model.talk_over, rate.above if rate else None, rate.over if rate else None)


def _examples(model: RuleModel, whose: Says, line: Line) -> tuple[Example, ...]:
    side = Role.CUSTOMER if whose is Says.CUSTOMER else Role.AGENT
    return tuple(
        Example(
            key == "hit", tuple((Role(each.says or side.value), each.text) for each in talk),
            line(("examples", key, index)),
        )
        for key, talks in (("hit", model.examples.hit), ("miss", model.examples.miss))
        for index, talk in enumerate(talks)
    )
