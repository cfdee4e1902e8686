"""Packs in force: the shipped ones beside this file, and files of the admin's, loaded, checked and compiled once.

Knows where shipped packs lie and how packs are put together. Does not know the format of a file (schema, findings,
located) nor how a call is judged (session). Reads files, and nothing else of the world.

A pack that stands later in the list may replace rules of an earlier one by giving a rule the same id.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from eslbot.judge.findings import validate
from eslbot.judge.located import PackErrors, Problem, read
from eslbot.judge.program import Program
from eslbot.judge.rules import AllOf, AnyOf, Condition, Near, Rule, Says
from eslbot.judge.schema import CONFIRMS, SEVERITIES, NearModel, PackModel, RequireModel, RuleModel
from eslbot.judge.text import LANGUAGES, Language
from eslbot.model.judgement import Law, Verdict

VERIFY = "verify before relying on it"
"""Shown beside every law whose primary text was not read."""
_SHIPPED = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Pack:
    """One file of rules."""

    name: str
    version: str
    language: Language
    title: str
    notice: str
    file: str
    """As it was named."""
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Packs:
    """The rules in force, compiled. Immutable: every call may share it."""

    packs: tuple[Pack, ...]
    programs: tuple[Program, ...]
    """One a language that has rules."""
    verdicts: Mapping[str, Verdict]
    """Rule id -> what stands behind it."""
    replaced: tuple[tuple[str, str, str], ...]
    """(rule id, pack it was in, pack whose rule is in force instead)."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule in force."""
        return tuple(rule for program in self.programs for rule in program.rules)

    def describe(self) -> list[dict[str, Any]]:
        """Each rule in force as plain values, for people and for JSON."""
        return [_described(rule) for rule in self.rules]


def shipped() -> tuple[str, ...]:
    """Names of the packs that come with eslbot."""
    return tuple(sorted(path.stem for path in _SHIPPED.glob("*.yaml")))


def load(
    sources: Iterable[str | Path], *, base: Path | None = None, prompts: Collection[str] | None = None
) -> Packs:
    """The packs, in their order: each a shipped name or a path (relative ones count from `base`).

    `prompts`: names of the prompts there are; a rule that asks for another is refused. None: not checked.
    Raises PackErrors with every problem of every file.
    """
    packs: list[Pack] = []
    problems: list[Problem] = []
    for source in sources:
        pack, found = _read(source, base, prompts)
        problems += found
        if pack is not None:
            packs.append(pack)
    problems += _between(packs)
    if problems:
        raise PackErrors(problems)
    in_force: dict[str, Rule] = {}
    replaced: list[tuple[str, str, str]] = []
    for pack in packs:
        for rule in pack.rules:
            if rule.id in in_force:
                replaced.append((rule.id, in_force[rule.id].verdict.pack, pack.name))
            in_force[rule.id] = rule
    by_language = {each: tuple(rule for rule in in_force.values() if rule.language == each) for each in LANGUAGES}
    return Packs(
        tuple(packs),
        tuple(Program(language, rules) for language, rules in by_language.items() if rules),
        MappingProxyType({rule.id: rule.verdict for rule in in_force.values()}),
        tuple(replaced),
    )


def check(
    files: Iterable[str | Path], *, base: Path | None = None, prompts: Collection[str] | None = None
) -> list[Problem]:
    """Everything that is wrong with each of the files, every one looked at by itself."""
    return [problem for file in files for problem in _read(file, base, prompts)[1]]


def _read(source: str | Path, base: Path | None, prompts: Collection[str] | None) -> tuple[Pack | None, list[Problem]]:
    name = str(source)
    path = _SHIPPED / f"{name}.yaml" if name in shipped() else (base or Path()) / source
    try:
        located = read(path.read_bytes(), name)
    except OSError as error:
        why = error.strerror or str(error)
        known = ", ".join(shipped())
        return None, [Problem(name, 0, "", f"no shipped pack (there are {known}), and as a file: {path}: {why}")]
    except PackErrors as error:
        return None, list(error.problems)
    model, problems = validate(located, prompts)
    return (None if model is None else _pack(model, name)), problems


def _between(packs: Sequence[Pack]) -> list[Problem]:
    """What is wrong with packs that are each right by themselves."""
    problems: list[Problem] = []
    names: dict[str, str] = {}
    languages: dict[str, Pack] = {}
    for pack in packs:
        if pack.name in names:
            text = f"the pack {pack.name!r} is there twice: also {names[pack.name]}"
            problems.append(Problem(pack.file, 0, "", text))
            continue
        names[pack.name] = pack.file
        for rule in pack.rules:
            other = languages.setdefault(rule.id, pack)
            if other.language != pack.language:
                text = f"pack {other.name} ({other.language}) has a rule of this id too, and only one can be in force"
                problems.append(Problem(pack.file, 0, rule.id, text))
    return problems


def _pack(model: PackModel, file: str) -> Pack:
    rules = tuple(_rule(rule, model) for rule in model.rules)
    return Pack(model.pack, model.version, model.language, model.title, model.notice, file, rules)


def _rule(model: RuleModel, pack: PackModel) -> Rule:
    law = None if model.law is None else Law(model.law.source, model.law.sure)
    verdict = Verdict(
        rule=model.id,
        title=model.title or model.id,
        pack=pack.pack,
        version=pack.version,
        severity=SEVERITIES[model.severity],
        confirm=CONFIRMS[model.confirm],
        actions=tuple(model.actions),
        law=law,
    )
    return Rule(
        verdict=verdict,
        language=pack.language,
        says=Says(model.says),
        condition=_condition(model.require or model),
        deadline=model.require.within if model.require else None,
        even_negated=model.even_negated,
    )


def _condition(model: RuleModel | RequireModel) -> Condition:
    if model.any is not None:
        return AnyOf((tuple(model.any),))
    if model.all is not None:
        return AllOf(tuple(map(tuple, model.all)))
    near = model.near
    assert isinstance(near, NearModel)  # the schema has seen to it that there is exactly one
    return Near(tuple(map(tuple, near.words)), near.within)


def _described(rule: Rule) -> dict[str, Any]:
    verdict, law = rule.verdict, rule.verdict.law
    return {
        "rule": rule.id,
        "title": verdict.title,
        "pack": verdict.pack,
        "version": verdict.version,
        "language": rule.language,
        "says": rule.says.value,
        "kind": "require" if rule.deadline is not None else _KIND[type(rule.condition)],
        "within_seconds": rule.deadline,
        "severity": verdict.severity.label,
        "confirm": verdict.confirm.label,
        "actions": [
            {key: value for key, value in
             (("act", action.act.value), ("seconds", action.seconds), ("prompt", action.prompt)) if value is not None}
            for action in verdict.actions
        ],
        "law": None if law is None else {"source": law.source, "sure": law.sure},
        "advice": None if law is None or law.sure == "P" else VERIFY,
    }


_KIND: Mapping[type[Condition], str] = {AnyOf: "any", AllOf: "all", Near: "near"}
