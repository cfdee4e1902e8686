"""Pack files: the shipped ones beside this file, and files of the admin's, read and checked. Of a shipped pack that has
changed the versions before lie in former/NAME/VERSION.yaml: who takes rules of one of those goes on with it.

Knows where shipped packs lie and which packs can stand side by side. Does not know the format of a file (schema,
findings, reading, located), what a pack then has that takes rules of another (including), how packs are put together
(inforce) nor how a call is judged (session). Reads files, and nothing else of the world.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from pathlib import Path

from eslbot.judge.findings import validate
from eslbot.judge.including import unfit, with_taken
from eslbot.judge.inforce import Pack, Packs, put_together
from eslbot.judge.kept import read_kept
from eslbot.judge.located import Located, PackErrors, Problem
from eslbot.judge.reading import Line, rule_of
from eslbot.judge.schema import IncludeModel, PackModel

DEEPEST = 4
"""Packs that take of one another, one in the other."""
LARGEST = 1_000_000
"""Bytes of a file: 40,000 phrases. What YAML's reader takes for a hostile one of this size is seconds."""
_SHIPPED = Path(__file__).parent


def shipped() -> tuple[str, ...]:
    """Names of the packs that come with eslbot."""
    return tuple(sorted(path.stem for path in _SHIPPED.glob("*.yaml")))


def load(
    sources: Iterable[str | Path], *, base: Path | None = None, prompts: Collection[str] | None = None,
    day: date | None = None, kept: Path | None = None,
) -> Packs:
    """The packs, in their order: each a shipped name or a path (relative ones count from `base`).

    `prompts`: names of the prompts there are; a rule that asks for another is refused. None: not checked.
    `day`: on which they are to be in force. None: whenever each of them is. `kept`: a directory in which what large
    files say is kept for the next start.
    Raises PackErrors with every problem of every file.
    """
    packs: list[Pack] = []
    problems: list[Problem] = []
    for source in sources:
        pack, found = read_pack(source, base, prompts, kept)
        problems += found
        if pack is not None:
            packs.append(pack)
    problems += _between(packs)
    if problems:
        raise PackErrors(problems)
    return put_together(packs, day)


def check(
    files: Iterable[str | Path], *, base: Path | None = None, prompts: Collection[str] | None = None
) -> list[Problem]:
    """Everything that is wrong with each of the files, every one looked at by itself."""
    return [problem for file in files for problem in read_pack(file, base, prompts)[1]]


def path_of(source: str | Path, base: Path | None = None) -> Path:
    """Where a shipped name or a path (relative ones count from `base`) leads."""
    name = str(source)
    return _SHIPPED / f"{name}.yaml" if name in shipped() else (base or Path()) / source


def seen_from(name: str, by: Path) -> str:
    """What a pack's file means by the name of another: a shipped one, or a path that counts from that file."""
    return name if name in shipped() else str(by.parent / name)


def taken_from(name: str, version: str, by: Path) -> str:
    """What a pack's file means by that version of another: as seen_from, or a former version of a shipped one."""
    if name not in shipped():
        return seen_from(name, by)
    former = {path.stem: path for path in (_SHIPPED / "former" / name).glob("*.yaml")}
    return str(former.get(version, name))


def read_pack(
    source: str | Path, base: Path | None = None, prompts: Collection[str] | None = None, kept: Path | None = None,
    within: tuple[Path, ...] = (),
) -> tuple[Pack | None, list[Problem]]:
    """One pack with the rules it takes of others, or everything that is wrong with its file. `within`: the packs that
    take from it, outermost first."""
    name, path = str(source), path_of(source, base)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            return None, [Problem(name, 0, "", f"larger than {LARGEST:,} bytes: no rule pack")]
        located = read_kept(data, name, kept)
    except OSError as error:
        why = error.strerror or str(error)
        known = ", ".join(shipped())
        return None, [Problem(name, 0, "", f"no shipped pack (there are {known}), and as a file: {path}: {why}")]
    except PackErrors as error:
        return None, list(error.problems)
    model, problems = validate(located, prompts)
    if model is None or not model.include:
        return (None if model is None else _pack(model, located)), problems

    def say(index: int, key: str, text: str) -> None:
        problems.append(Problem(name, located.line(("include", index, key)), "", text))

    taken: list[tuple[IncludeModel, Pack]] = []
    for index, wanted in enumerate(model.include):
        found, why = _included(wanted, path, prompts, kept, (*within, path.resolve()))
        if found is None:
            say(index, "pack", why)
            continue
        for key, text in unfit(wanted, found, model.language):
            say(index, key, text)
        taken.append((wanted, found))
    whole = with_taken(_pack(model, located), taken, say)
    return (None if problems else whole), problems


def _included(
    wanted: IncludeModel, by: Path, prompts: Collection[str] | None, kept: Path | None, within: tuple[Path, ...]
) -> tuple[Pack | None, str]:
    """A pack that another takes rules of, or why it cannot."""
    source = taken_from(wanted.pack, wanted.version, by)
    there = path_of(source).resolve()
    if there in within:
        round_ = " -> ".join(each.stem for each in (*within[within.index(there):], there))
        return None, f"a pack cannot take rules of itself: {round_}"
    if len(within) > DEEPEST:
        return None, f"more than {DEEPEST} packs that take of one another"
    found, problems = read_pack(source, None, prompts, kept, within)
    if found is None:
        more = f" ({len(problems)} things are wrong with it)" if len(problems) > 1 else ""
        return None, f"no rules can be taken of {wanted.pack}{more}: {problems[0]}"
    return found, ""


def _between(packs: Sequence[Pack]) -> list[Problem]:
    """What is wrong with packs that are each right by themselves."""
    problems: list[Problem] = []
    names: dict[tuple[str, date | None], str] = {}
    languages: dict[str, Pack] = {}
    for pack in packs:
        also = names.get((pack.name, pack.effective))
        if also is not None:
            text = f"the pack {pack.name!r} is there twice, effective from the same day: also {also}"
            problems.append(Problem(pack.file, 0, "", text))
            continue
        names[pack.name, pack.effective] = pack.file
        for rule in pack.rules:
            other = languages.setdefault(rule.id, pack)
            if other.language != pack.language:
                text = f"pack {other.name} ({other.language}) has a rule of this id too, and only one can be in force"
                problems.append(Problem(pack.file, rule.line, rule.id, text))
    return problems


def _pack(model: PackModel, located: Located) -> Pack:
    def line_in(rule: int) -> Line:
        return lambda path: located.line(("rules", rule, *path))

    rules = tuple(rule_of(rule, model, line_in(index)) for index, rule in enumerate(model.rules))
    return Pack(
        model.pack, model.version, model.language, model.title, model.notice, located.file, rules, model.effective,
        model.review,
    )
