"""rules check, rules try: for those who write rule packs. Knows no call; the judge's own words do the work."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from eslbot.cli import say
from eslbot.cli.options import AsJson
from eslbot.cli.rules_measure import measure

app = typer.Typer(no_args_is_help=True, help="Rule packs: check them, try them on sentences, measure them.")
app.command("measure")(measure)


class Speaker(StrEnum):
    """Whose words they are."""

    AGENT = "agent"
    CUSTOMER = "customer"


@app.command("check")
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Packs: files, or shipped names.")],
    as_json: AsJson = False,
) -> None:
    """Tell everything that is wrong with packs, each with file, line and rule. Exit code 2 if anything is."""
    from eslbot import judge

    problems = judge.check(files, base=Path.cwd())
    if as_json:
        say.json([{"file": p.file, "line": p.line, "rule": p.rule, "text": p.text} for p in problems])
    else:
        for problem in problems:
            typer.echo(str(problem))
    if problems:
        raise typer.Exit(say.USAGE)
    if not as_json:
        typer.echo(f"{', '.join(files)}: good")


@app.command("try")
def try_(
    texts: Annotated[list[str], typer.Argument(metavar="TEXT...", help="Sentences; - reads lines of input.")],
    pack: Annotated[list[str], typer.Option("--pack", metavar="PACK", help="File or shipped name; repeatable.")],
    role: Annotated[Speaker, typer.Option("--role", help="Who says it.")] = Speaker.AGENT,
    as_json: AsJson = False,
) -> None:
    """Which rules find their words in each sentence."""
    from eslbot import judge
    from eslbot.model.call import Role

    lines = [line for text in texts for line in (_input() if text == "-" else [text])]
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


def _input() -> list[str]:
    return [line for line in (raw.rstrip("\r\n") for raw in typer.get_text_stream("stdin")) if line]
