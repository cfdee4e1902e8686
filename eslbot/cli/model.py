"""model list, fetch, path: the recogniser's models. Knows how they are brought here, not how they listen."""

from pathlib import Path
from typing import Annotated

import typer

from eslbot.cli import say
from eslbot.cli.options import AsJson

app = typer.Typer(no_args_is_help=True, help="Speech recognition models.")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """The models known by name."""
    from dataclasses import asdict

    from eslbot.listen import models

    rows = [asdict(entry) | {"shipped": not entry.url} for entry in models.catalogue()]
    if as_json:
        say.json(rows)
    else:
        say.table(
            {"name": "name", "language": "language", "rate": "rate", "shipped": "shipped", "about": "about"},
            rows,
            "no model is known by name",
        )


@app.command("fetch")
def fetch(
    url: Annotated[str, typer.Argument(metavar="URL", help="Of an archive (.zip, .tar.gz) with a Vosk model in it.")],
    sha256: Annotated[str, typer.Option("--sha256", metavar="HEX", help="The archive's digest.")],
    into: Annotated[Path, typer.Option("--into", metavar="DIR", help="Where models are kept.")] = Path("models"),
) -> None:
    """Bring a model: goes on where an earlier try stopped, checks the digest, unpacks. Prints its directory."""
    from eslbot.listen import models

    try:
        with say.progress(url.rpartition("/")[2], in_bytes=True) as told:
            directory = models.fetch(url, sha256, into, told)
    except (models.ModelError, OSError) as error:
        say.fail(error)
    typer.echo(str(directory))


@app.command("path")
def path(name: Annotated[str, typer.Argument(metavar="NAME", help="A shipped name or a directory.")]) -> None:
    """Where a model is."""
    from eslbot.listen import models

    try:
        typer.echo(str(models.find(name)))
    except models.ModelError as error:
        say.fail(error)
