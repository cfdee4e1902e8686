"""Lines that people have labelled: what was said, by whom, and which rules of which pack it should hit.

Knows the format of a file of such lines (docs/reference/packs.md), and which third of them is held out. Knows no rule
and no matching. Pure.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from eslbot.judge.located import PackErrors, Problem, read
from eslbot.judge.text import folder
from eslbot.model.call import Role

_SEED = "eslbot-lines-1"
"""Another seed would hold out other lines: what was measured before could not be compared."""


class Part(StrEnum):
    """Which of the labelled lines are meant."""

    ALL = "all"
    TUNED = "tuned"
    """Two thirds: those a pack's author may look at."""
    HELD_OUT = "held-out"
    """One third: those the pack is measured on, and nobody edits a pack for."""


@dataclass(frozen=True, slots=True)
class Line:
    """One labelled line."""

    text: str
    role: Role
    pack: str
    """Name of the pack it is labelled for."""
    rules: frozenset[str]
    """Every rule of that pack that it should hit; a disclosure's where its words are said."""
    kind: str
    """What sort of line it is (plain, spaced, near-miss ...); empty where the file does not say."""
    file: str
    number: int
    """Line of the file."""

    @property
    def held_out(self) -> bool:
        """Whether it belongs to the third that packs are not tuned on. Lines that fold alike fall together."""
        digest = hashlib.sha256(f"{_SEED}:{folder('zh').fold(self.text).strip()}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % 3 == 0


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Annotated[str, Field(min_length=1)]
    role: Literal["agent", "customer"]
    pack: Annotated[str, Field(min_length=1)] | None = None
    rules: list[str]
    kind: str = ""


_LINES = TypeAdapter(list[_Model])


def read_lines(data: bytes, file: str) -> list[Line]:
    """The lines of a labelled file. A line that names no pack is labelled for the one that `file` is called after.

    Raises PackErrors with everything that is wrong, `file` named in each problem.
    """
    located = read(data, file)
    problems = list(located.problems)
    models: list[_Model] = []
    try:
        models = _LINES.validate_python(located.value)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            path = detail["loc"]
            name = ".".join(str(part) for part in path[1:]) or "the line"
            problems.append(Problem(file, located.line(path), "", f"{name}: {detail['msg']}"))
    if problems:
        raise PackErrors(problems)
    named = PurePath(file).stem
    return [
        Line(
            model.text,
            Role(model.role),
            model.pack or named,
            frozenset(model.rules),
            model.kind,
            file,
            located.line((index,)),
        )
        for index, model in enumerate(models)
    ]


def part_of(lines: Iterable[Line], part: Part) -> Iterator[Line]:
    """Those of the lines that belong to the part, in their order."""
    return (line for line in lines if part is Part.ALL or line.held_out is (part is Part.HELD_OUT))
