"""Rules, hypotheses and packs for the tests of this room, in as few words as possible."""

from pathlib import Path

from eslbot.judge.packs import Packs, load
from eslbot.judge.program import Program
from eslbot.judge.rules import AllOf, AnyOf, Condition, Near, Rule, Says
from eslbot.judge.text import Language
from eslbot.model.call import CallId, Confirm, Role, Severity
from eslbot.model.judgement import Verdict
from eslbot.model.words import Hypothesis, Word

CALL = CallId("4f3c0d9e-0000-4000-8000-000000000001")
RATE = 8000


def any_of(*phrases: str) -> AnyOf:
    return AnyOf((phrases,))


def all_of(*words: str) -> AllOf:
    return AllOf(tuple((word,) for word in words))


def near(within: int, *words: str) -> Near:
    return Near(tuple((word,) for word in words), within)


def rule(
    condition: Condition, name: str = "rule", language: Language = "zh", *, even_negated: bool = False,
    deadline: float | None = None,
) -> Rule:
    verdict = Verdict(name, name, "test", "1", Severity.WARNING, Confirm.PARTIAL, ())
    return Rule(verdict, language, Says.AGENT, condition, deadline, even_negated)


def program(*conditions: Condition, language: Language = "zh") -> Program:
    """One rule a condition, named by its index."""
    return Program(language, tuple(rule(each, str(index), language) for index, each in enumerate(conditions)))


def hits(compiled: Program, text: str) -> list[tuple[int, str]]:
    """(rule, folded words) of every hit in a text."""
    folded = compiled.folder.fold(text)
    found = compiled.find(folded, wanted=range(len(compiled.rules)))
    return [(index, folded[span.start : span.end]) for index, each in found.items() for span in each.spans]


def said(
    text: str, *, utterance: int = 0, final: bool = False, start: int = 0, decided: int = RATE,
    decoded: int | None = None, words: tuple[Word, ...] = (), role: Role = Role.AGENT,
) -> Hypothesis:
    """A hypothesis; `decoded` is `decided` unless it is given."""
    return Hypothesis(
        CALL, role, utterance, text, final, start, decided, decided if decoded is None else decoded, words
    )


def packs(directory: Path, *texts: str) -> Packs:
    """The packs in these texts, written to files and loaded."""
    files = []
    for index, text in enumerate(texts):
        files.append(directory / f"{index}.yaml")
        files[-1].write_text(text, encoding="utf-8")
    return load(files)
