"""rules check, explain, try, schema: for those who write rule packs. Knows no call; the judge's own words do the
work."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from eslbot.cli import say
from eslbot.cli.options import AsJson
from eslbot.cli.rules_measure import measure

app = typer.Typer(no_args_is_help=True, help="Rule packs: check and explain them, try them on sentences, measure them.")
app.command("measure")(measure)
_ABOUT = 13
"""Columns of the left side of an explanation."""


class Speaker(StrEnum):
    """Whose words they are."""

    AGENT = "agent"
    CUSTOMER = "customer"


@app.command("check")
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Packs: files, or shipped names.")],
    as_json: AsJson = False,
) -> None:
    """Tell everything that is wrong with packs, each with file, line and rule, and run the examples that stand in
    them. Exit code 2 if anything is wrong."""
    from eslbot import judge

    problems: list[judge.Problem] = []
    examples = 0
    for file in files:
        pack, found = judge.read_pack(file, Path.cwd())
        problems += found
        if pack is not None:
            problems += judge.failing(pack)
            examples += judge.counted(pack)
    if as_json:
        say.json([{"file": p.file, "line": p.line, "rule": p.rule, "text": p.text} for p in problems])
    else:
        for problem in problems:
            typer.echo(str(problem))
    if problems:
        raise typer.Exit(say.USAGE)
    if not as_json:
        typer.echo(f"{', '.join(files)}: good ({examples} examples)")


@app.command("explain")
def explain(
    what: Annotated[str, typer.Argument(metavar="PACK|RULE", help="A pack (file or shipped name), or a rule's id.")],
    pack: Annotated[
        list[str] | None,
        typer.Option("--pack", metavar="PACK", help="Where to look for a rule; every shipped pack if absent."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say in words what a rule, or each rule of a pack, looks for, when it acts, and by which law."""
    from eslbot import judge

    whole = what in judge.shipped() or (Path.cwd() / what).is_file()
    found: list[tuple[judge.Rule, judge.Pack]] = []
    for source in [what] if whole else pack or judge.shipped():
        read, problems = judge.read_pack(source, Path.cwd())
        if read is None:
            say.fail(judge.PackErrors(problems), say.USAGE)
        found += [(rule, read) for rule in read.rules if whole or rule.id == what]
    if not found:
        say.fail(ValueError(f"there is no pack and no rule {what!r}"), say.USAGE)
    if as_json:
        say.json([judge.described(rule, its) for rule, its in found])
        return
    for rule, its in found:
        typer.echo(f"{rule.id}: {rule.verdict.title}  [{its.name} {its.version}, {its.language}]")
        for about, sentence in judge.explained(rule, its):
            typer.echo(f"  {about:<{_ABOUT}}{sentence}")
        typer.echo("")
    notices = {its.notice for _, its in found if its.notice}
    for notice in sorted(notices):
        typer.echo(notice)


@app.command("try")
def try_(
    pack: Annotated[list[str], typer.Option("--pack", metavar="PACK", help="File or shipped name; repeatable.")],
    texts: Annotated[
        list[str] | None,
        typer.Argument(metavar="TEXT...", help="Sentences; - reads lines of input, empty ones left out."),
    ] = None,
    role: Annotated[Speaker, typer.Option("--role", help="Who says it.")] = Speaker.AGENT,
    stdin: Annotated[
        bool, typer.Option("--stdin", help="Read one text a line: one result for each line read, empty ones too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Which rules find their words in each sentence."""
    from eslbot import judge
    from eslbot.model.call import Role

    if not texts and not stdin:
        say.fail(ValueError("give TEXT, or --stdin"), say.USAGE)
    lines = [line for text in texts or [] for line in ([*filter(None, _input())] if text == "-" else [text])]
    if stdin:
        lines += _input()
    try:
        packs = judge.load(pack, base=Path.cwd())
    except judge.PackErrors as error:
        say.fail(error, say.USAGE)
    tried = judge.try_texts(packs, Role(role.value), lines)
    if as_json:
        say.json(tried)
        return
    for one in tried:
        typer.echo(f"{one['text']}\n    {', '.join(one['hits']) or '-'}")


@app.command("schema")
def schema() -> None:
    """Print the JSON Schema of packs, for editors."""
    from eslbot.judge import editor

    typer.echo(editor.render(), nl=False)


def _input() -> list[str]:
    return [raw.rstrip("\r\n") for raw in typer.get_text_stream("stdin", "utf-8", "replace")]


