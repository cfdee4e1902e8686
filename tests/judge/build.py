"""Rules, hypotheses and packs for the tests of this room, in as few words as possible."""

from pathlib import Path
from typing import Any

from eslbot.judge.conditions import AnyOf, Condition, Near, Says, Sequence, SomeOf, Sought
from eslbot.judge.inforce import Pack, Packs, put_together
from eslbot.judge.packs import load
from eslbot.judge.program import Program
from eslbot.judge.reading import rule_of
from eslbot.judge.schema import PackModel
from eslbot.judge.text import Language
from eslbot.model.call import CallId, Role
from eslbot.model.words import Hypothesis, Word

CALL = CallId("4f3c0d9e-0000-4000-8000-000000000001")
RATE = 8000


def any_of(*phrases: str) -> AnyOf:
    return AnyOf((phrases,))


def all_of(*words: str) -> SomeOf:
    return SomeOf(tuple((word,) for word in words), len(words))


def near(within: int, *words: str) -> Near:
    return Near(tuple((word,) for word in words), within)


def sequence(within: int, *words: str) -> Sequence:
    return Sequence(tuple((word,) for word in words), within)


def sought(
    condition: Condition, language: Language = "zh", *, even_negated: bool = False, none: tuple[str, ...] = (),
    homophones: bool = False,
) -> Sought:
    return Sought(condition, language, Says.AGENT, none, even_negated, homophones)


def program(*conditions: Condition, language: Language = "zh", homophones: bool = False) -> Program:
    """One sought thing a condition, in their order."""
    return Program(language, tuple(sought(each, language, homophones=homophones) for each in conditions))


def hits(compiled: Program, text: str) -> list[tuple[int, str]]:
    """(index, folded words) of every hit in a text."""
    folded = compiled.folder.fold(text)
    found = compiled.find(folded, wanted=range(len(compiled.sought)))
    return [(index, folded[span.start : span.end]) for index, each in found.items() for span in each.spans]


def said(
    text: str, *, utterance: int = 0, final: bool = False, start: int = 0, decided: int = RATE,
    decoded: int | None = None, words: tuple[Word, ...] = (), role: Role = Role.AGENT,
) -> Hypothesis:
    """A hypothesis; `decoded` is `decided` unless it is given."""
    return Hypothesis(
        CALL, role, utterance, text, final, start, decided, decided if decoded is None else decoded, words
    )


def in_force(*rules: dict[str, Any], language: Language = "zh") -> Packs:
    """A pack of these rules, each `says: agent` and `severity: notice` where it does not say, as its file would have
    them."""
    written = [{"id": str(index), "says": "agent", "severity": "notice"} | rule for index, rule in enumerate(rules)]
    model = PackModel.model_validate({"pack": "mine", "version": "1", "language": language, "rules": written})
    made = tuple(rule_of(rule, model, lambda path: 0) for rule in model.rules)
    return put_together([Pack("mine", "1", language, "", "", "mine.yaml", made)])


def packs(directory: Path, *texts: str) -> Packs:
    """The packs in these texts, written to files and loaded."""
    files = []
    for index, text in enumerate(texts):
        files.append(directory / f"{index}.yaml")
        files[-1].write_text(text, encoding="utf-8")
    return load(files)
