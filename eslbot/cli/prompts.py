"""prompts list, prompts render: what is spoken to agents and customers. Knows where prompts lie, not when they play."""

from pathlib import Path
from typing import Annotated

import typer

from eslbot.cli import say
from eslbot.cli.options import AsJson

app = typer.Typer(no_args_is_help=True, help="Spoken prompts.")
Language = Annotated[str, typer.Option("--language", metavar="zh|en", help="Of the shipped prompts.")]


@app.command("list")
def list_(language: Language = "zh", as_json: AsJson = False) -> None:
    """The shipped prompts, what they say and where they are."""
    from eslbot import prompts

    try:
        found = [{"name": p.name, "text": p.text, "path": str(p.path)} for p in prompts.shipped(language)]
    except prompts.PromptError as error:
        say.fail(error, say.USAGE)
    if as_json:
        say.json(found)
    else:
        say.table({"name": "name", "text": "text", "path": "file"}, found, "none")


@app.command("render")
def render(
    texts: Annotated[
        Path | None, typer.Argument(metavar="[PROMPTS.TOML]", help="What to say; absent: the shipped texts.")
    ] = None,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Where the WAVs go.")] = Path("prompts"),
    language: Language = "zh",
    rate: Annotated[int, typer.Option("--rate", metavar="HZ", help="8000 or 16000.")] = 8000,
    voice: Annotated[str | None, typer.Option("--voice", help="An espeak-ng voice; absent: the language's.")] = None,
) -> None:
    """Make WAVs of prompts with espeak-ng."""
    from eslbot import data, prompts

    try:
        source = texts if texts is not None else data.prompts(language) / "prompts.toml"
        wanted = prompts.read_texts(source)
        count = len(wanted.prompts) + len(wanted.tones)
        done: list[str] = []
        with say.progress("prompts") as told:

            def rendered(prompt: prompts.Prompt) -> None:
                done.append(str(prompt.path))
                told(len(done), count)

            prompts.render(source, output, rate=rate, voice=voice, progress=rendered)
    except (prompts.PromptError, ValueError) as error:
        say.fail(error)
    for path in done:
        typer.echo(path)


@app.command("copy")
def copy(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="What the switch calls eslbot_prompts.")],
) -> None:
    """Put the shipped prompts of every language where FreeSWITCH can read them: DIR/LANGUAGE/NAME.wav."""
    import shutil

    from eslbot import prompts

    for language in prompts.VOICES:
        try:
            (directory / language).mkdir(parents=True, exist_ok=True)
            for prompt in prompts.shipped(language):
                typer.echo(shutil.copyfile(prompt.path, directory / language / prompt.path.name))
        except (OSError, prompts.PromptError) as error:
            say.fail(error)
