"""Packs that take rules of a former version of a shipped pack: which they are, what has changed since, and the same
file with the version that ships now. Reads files, and nothing else of the world."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eslbot.judge.explain import described, explained
from eslbot.judge.inforce import Pack
from eslbot.judge.kept import read_kept
from eslbot.judge.located import Located, PackErrors, Problem, read
from eslbot.judge.packs import path_of, read_pack, shipped, taken_from

_BESIDES = ("version", "file", "line", "from", "effective", "review", "explained")
"""Of a described rule what may differ where the rule is the same."""


class NotRepinned(Exception):
    """The file cannot be changed by a program; says which line a person has to change."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An entry of `include` that names a former version."""

    index: int
    line: int
    pack: str
    version: str
    now: str
    """The version that ships."""
    rules: tuple[str, ...] | None
    """Those that are taken; None: all."""


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one rule."""

    rule: str
    how: str
    """`new`, `gone` or `changed`."""
    before: tuple[tuple[str, str], ...]
    """In words: (about, sentence)."""
    after: tuple[tuple[str, str], ...]


def taken(source: str | Path, base: Path | None = None, kept: Path | None = None) -> list[Taken]:
    """The entries that name a former version of a shipped pack. `kept`: see packs.load. Raises PackErrors, OSError."""
    path = path_of(source, base)
    located = read_kept(path.read_bytes(), str(source), kept)
    return list(_taken(located, path))


def _taken(located: Located, path: Path) -> Iterator[Taken]:
    value: Any = located.value
    for index, entry in enumerate((value.get("include") or ()) if isinstance(value, dict) else ()):
        name, version = str(entry.get("pack")), str(entry.get("version"))
        if name not in shipped() or taken_from(name, version, path) == name:
            continue
        rules = entry.get("rules")
        line = located.line(("include", index, "version"))
        yield Taken(index, line, name, version, _pack(name).version, None if rules is None else tuple(rules))


def outdated(
    sources: Iterable[str | Path], base: Path | None = None, kept: Path | None = None,
) -> list[Problem]:
    """One for each such entry of these packs; of what cannot be read none: that is told by whoever loads it."""
    found: list[Problem] = []
    for source in sources:
        try:
            entries = taken(source, base, kept)
        except (PackErrors, OSError):
            continue
        found += [
            Problem(str(source), one.line, "", f"takes rules of {one.pack} {one.version}, and {one.now} ships: "
                    f"`eslbot rules repin {source}` shows what has changed") for one in entries]
    return found


def changes(entry: Taken, by: Path) -> list[Change]:
    """What the rules that are taken become with the version that ships. Raises PackErrors."""
    old, new = _pack(taken_from(entry.pack, entry.version, by)), _pack(entry.pack)
    before, after = ({rule.id: rule for rule in pack.rules if entry.rules is None or rule.id in entry.rules}
                     for pack in (old, new))
    found = []
    for name in dict.fromkeys([*before, *after]):
        was, is_ = before.get(name), after.get(name)
        told = tuple(() if rule is None else tuple(explained(rule, pack)) for rule, pack in ((was, old), (is_, new)))
        if was is None or is_ is None:
            found.append(Change(name, "new" if was is None else "gone", *told))
        elif _plain(described(was, old)) != _plain(described(is_, new)) or told[0] != told[1]:
            found.append(Change(name, "changed", *told))
    return found


def repinned(source: Path, version: str) -> str:
    """The file's text with the versions that ship now, and with `version` as its own. Raises NotRepinned, PackErrors,
    OSError."""
    data = source.read_bytes()
    located = read(data, str(source))
    lines = data.decode("utf-8").splitlines(keepends=True)
    entries = list(_taken(located, source))
    wanted: Any = read(data, str(source)).value
    for one in entries:
        _put(lines, one.line, one.version, one.now)
        wanted["include"][one.index]["version"] = one.now
    _put(lines, located.line(("version",)), str(wanted["version"]), version)
    wanted["version"] = version
    text = "".join(lines)
    if read(text.encode(), str(source)).value != wanted:
        places = ", ".join(str(one.line) for one in entries)
        raise NotRepinned(f"{source}: a program cannot tell the versions apart; change them by hand: lines {places}")
    return text


def _put(lines: list[str], line: int, old: str, new: str) -> None:
    """In the first place on that line that is a version's."""
    place = re.compile(rf"""(?<![\w-])(version:\s*)(["']?){re.escape(old)}\2(?![\w.-])""")
    lines[line - 1] = place.sub(lambda found: f'{found[1]}"{new}"', lines[line - 1], count=1)


def _plain(rule: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in rule.items() if key not in _BESIDES}


def _pack(source: str) -> Pack:
    pack, problems = read_pack(source)
    if pack is None:
        raise PackErrors(problems)
    return pack
