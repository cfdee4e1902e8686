"""rules measure: precision and recall of packs on lines that people have labelled. Knows no call."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eslbot.cli import say
from eslbot.cli.options import AsJson

if TYPE_CHECKING:
    from eslbot.judge.inforce import Packs
    from eslbot.judge.lines import Line
    from eslbot.judge.measure import Measured


class Part(StrEnum):
    """Which of the lines."""

    ALL = "all"
    TUNED = "tuned"
    HELD_OUT = "held-out"


class Show(StrEnum):
    """What is listed beside the numbers."""

    WRONG = "wrong"


def measure(
    pack: Annotated[list[str], typer.Option("--pack", metavar="PACK", help="File or shipped name; repeatable.")],
    lines: Annotated[list[Path], typer.Option("--lines", metavar="FILE", help="Labelled lines; repeatable.")],
    part: Annotated[Part, typer.Option("--part", help="The two thirds to tune on, or the third held out.")] = Part.ALL,
    show: Annotated[Show | None, typer.Option("--show", help="wrong: list the lines that are judged wrongly.")] = None,
    as_json: AsJson = False,
) -> None:
    """How often each rule hits what people say it should, and how often it hits what it should not."""
    from eslbot import judge
    from eslbot.judge.lines import Part as Which
    from eslbot.judge.lines import part_of
    from eslbot.judge.measure import measure

    try:
        packs = {loaded.packs[0].name: loaded for loaded in (judge.load([each], base=Path.cwd()) for each in pack)}
        labelled = [line for file in lines for line in _read(file)]
        measured = measure(packs, part_of(labelled, Which(part.value)))
    except judge.PackErrors as error:
        say.fail(error, say.USAGE)
    if not measured.lines:
        say.fail(f"no line is labelled for {', '.join(packs)}", say.USAGE)
    if as_json:
        say.json({"part": part.value, **measured.plain()})
    else:
        _show(measured, packs, show is Show.WRONG)


def _read(file: Path) -> "list[Line]":
    from eslbot.judge.lines import read_lines

    try:
        data = file.read_bytes()
    except OSError as error:
        say.fail(f"{file}: {error.strerror or error}", say.USAGE)
    return read_lines(data, str(file))


def _show(measured: "Measured", packs: "dict[str, Packs]", wrong: bool) -> None:
    for name in packs:
        typer.echo(name)
        rows = [
            {"rule": rule, **{key: _ratio(value) for key, value in score.plain().items()}}
            for (pack, rule), score in measured.scores.items()
            if pack == name
        ]
        columns = {"rule": "rule", "tp": "right", "fp": "false", "fn": "missed", "precision": "precision",
                   "recall": "recall", "f1": "F1"}  # fmt: skip
        say.table(columns, rows, "no rules")
        others = [f"{rule} {hits}" for (pack, rule), hits in measured.unlabelled.items() if pack == name]
        if others:
            typer.echo(f"Hits of rules that no line is labelled with: {', '.join(others)}\n")
    for kind, (right, lines) in measured.kinds.items():
        typer.echo(f"{kind or 'no kind'}: {right} of {lines} lines as labelled")
    micro = measured.micro
    typer.echo(
        f"{measured.lines} lines; macro F1 {_ratio(measured.macro_f1)}, micro F1 {_ratio(micro.f1)} "
        f"(precision {_ratio(micro.precision)}, recall {_ratio(micro.recall)})"
    )
    for each in measured.wrong if wrong else ():
        line = each.line
        rules = [f"+{rule}" for rule in each.false] + [f"-{rule}" for rule in each.missed]
        typer.echo(f"{line.file}:{line.number}: {line.role.value}: {line.text}\n    {' '.join(rules)}")


def _ratio(value: object) -> object:
    return f"{value:.3f}" if isinstance(value, float) else value
