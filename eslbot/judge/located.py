"""YAML as plain values, with the line on which each stands, and what is wrong with a file as a `Problem`.

Knows YAML and lines, not packs. Every scalar stays the text that was written (version 1.10 is not 1.1, the phrase 110
is not a number); only an empty one is None. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

Plain = str | None | list["Plain"] | dict[str, "Plain"]
Path = tuple[str | int, ...]
"""Keys and indices from the top of the file to a value."""

_DEEPEST = 16
_MOST = 200_000
"""Values in a file; reached only by aliases of aliases."""
_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a pack."""

    file: str
    """As it was named."""
    line: int
    """From 1; 0 where the file as a whole is meant."""
    rule: str
    """Rule id; empty outside a rule."""
    text: str
    """What is wrong, and what would be right."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: rule {self.rule}: {self.text}" if self.rule else f"{place}: {self.text}"


class PackErrors(Exception):
    """Everything that is wrong with the packs that were to be loaded."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(slots=True)
class Located:
    """A file's values and where they stand."""

    file: str
    value: Plain = None
    problems: list[Problem] = field(default_factory=list)
    """Keys that stand twice, tags."""
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of a value (of its key, in a mapping), or of what it should be in where it is missing."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 0)


def read(data: bytes, file: str) -> Located:
    """Reads a YAML document. `file` is its name in problems.

    Raises PackErrors with one problem where it is no YAML: the first place that cannot be read.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PackErrors([Problem(file, line, "", f"not UTF-8 (byte {data[error.start]:#04x})")]) from error
    try:
        node = YAML(typ="rt").compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(str(part) for part in (error.context, error.problem) if part)
        raise PackErrors([Problem(file, mark.line + 1 if mark else 0, "", f"not YAML: {said}")]) from error
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise PackErrors([Problem(file, line, "", f"a character that YAML forbids: {error.reason}")]) from error
    except RecursionError as error:
        raise PackErrors([Problem(file, 0, "", "nested too deeply")]) from error
    except YAMLError as error:
        raise PackErrors([Problem(file, 0, "", f"not YAML: {error}")]) from error
    located = Located(file)
    if node is not None:
        located.value = _Walk(located).plain(node, ())
    return located


class _Walk:
    """One pass over the nodes of a document."""

    def __init__(self, located: Located) -> None:
        self._to = located
        self._left = _MOST

    def plain(self, node: Node, path: Path) -> Plain:
        line = node.start_mark.line + 1
        self._to.lines.setdefault(path, line)
        self._left -= 1
        if len(path) > _DEEPEST or self._left < 0:
            raise PackErrors([Problem(self._to.file, line, "", "nested too deeply, or too large")])
        tag = str(node.tag)
        if not tag.startswith(_TAG) or tag == f"{_TAG}binary":
            self._problem(line, f"the tag {tag} has no meaning here")
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.plain(child, (*path, index)) for index, child in enumerate(node.value)]
        assert isinstance(node, ScalarNode)
        return None if tag == f"{_TAG}null" else str(node.value)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Plain]:
        found: dict[str, Plain] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                self._problem(line, "a key must be a single word")
                continue
            key = str(key_node.value)
            if key in found:
                self._problem(line, f"the key {key!r} stands here twice (first on line {self._to.lines[(*path, key)]})")
                continue
            self._to.lines[(*path, key)] = line
            found[key] = self.plain(value_node, (*path, key))
        return found

    def _problem(self, line: int, text: str) -> None:
        self._to.problems.append(Problem(self._to.file, line, "", text))
