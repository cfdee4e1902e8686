"""rules repin: a pack that takes rules of a former version of a shipped one; what has changed, and the file written
with the version that ships. Knows what to print; what has changed the judge says."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from eslbot.cli import say
from eslbot.cli.options import AsJson

_SIGNS = {"new": "+", "gone": "-", "changed": "~"}


def repin(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Your pack.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="NEW", help="Write it there, with the versions that ship.")
    ] = None,
    version: Annotated[str, typer.Option("--as", metavar="VERSION", help="Its own new version; with -o.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show what has changed in the shipped packs that a pack of yours takes rules of, and write it anew. Nothing comes
    into force: replay the new file and publish it."""
    from eslbot import judge
    from eslbot.judge.outdated import NotRepinned, changes, repinned, taken

    if (output is None) != (not version):
        say.fail("-o NEW and --as VERSION go together: other rules are another version", say.USAGE)
    try:
        entries = taken(file)
        found = [(one, changes(one, file)) for one in entries]
        if output is not None:
            with output.open("x", encoding="utf-8") as out:
                out.write(repinned(file, version))
    except judge.PackErrors as error:
        say.fail(error, say.USAGE)
    except NotRepinned as error:
        say.fail(error)
    except OSError as error:
        say.fail(f"{error.filename}: {error.strerror}")
    if as_json:
        say.json([{**asdict(one), "changes": [asdict(change) for change in more]} for one, more in found])
    else:
        if not entries:
            typer.echo(f"{file}: takes nothing of a former version")
        for one, more in found:
            same = "" if more else ": the same rules"
            typer.echo(f"{file}:{one.line}: {one.pack} {one.version} -> {one.now}{same}")
            for change in more:
                typer.echo(f"  {_SIGNS[change.how]} {change.rule}")
                for sign, told, other in (("-", change.before, change.after), ("+", change.after, change.before)):
                    for about, sentence in (each for each in told if each not in other):
                        typer.echo(f"      {sign} {about}: {sentence}")
    if output is not None:
        problems = judge.check([output])
        if problems:
            say.fail(judge.PackErrors(problems), say.USAGE)
        typer.echo(f"{output}: written; next:\n  eslbot replay --pack {output} --against {file} --report report.json\n"
                   f"  eslbot rules publish {output} --report report.json", err=True)
