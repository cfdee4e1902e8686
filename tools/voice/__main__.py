"""The maker's command line: build, evaluate, dialogues. Knows arguments and progress bars only."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from eslbot import data, prompts
from eslbot.espeak import EspeakError
from tools.voice import dialogues, evaluate, model, text

QUICK = {"hours": 1.0, "epochs": 8}
"""`build --quick`: what CI trains."""


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; gives the exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        return int(chosen.run(chosen) or 0)
    except (EspeakError, prompts.PromptError, OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.voice", description="Makes eslbot's small voice models.")
    commands = parser.add_subparsers(required=True)
    build = commands.add_parser("build", help="train a model and write its directory")
    build.add_argument("--language", choices=text.LANGUAGES, required=True)
    build.add_argument("--hours", type=float, default=model.Plan("zh").hours, help="of synthetic speech (%(default)s)")
    build.add_argument("--epochs", type=int, default=model.Plan("zh").epochs, help="(%(default)s)")
    build.add_argument("--seed", type=int, default=model.Plan("zh").seed, help="of clips and training (%(default)s)")
    build.add_argument("--quick", action="store_true", help="for CI: {hours:g} hour, {epochs} epochs".format(**QUICK))
    build.add_argument("-o", dest="directory", type=Path, required=True, metavar="DIR")
    build.set_defaults(run=_build)
    judge = commands.add_parser("evaluate", help="print a model's accuracy table")
    judge.add_argument("directory", type=Path, metavar="MODELDIR")
    judge.add_argument("--rounds", type=int, default=3, help="how often every sentence is said (%(default)s)")
    judge.add_argument("--seed", type=int, default=1000)
    judge.add_argument("--bound", type=float, help="exit with 1 when a word error rate (percent) is above this")
    judge.add_argument("--errors", action="store_true", help="print what was misheard")
    judge.set_defaults(run=_evaluate)
    speak = commands.add_parser("dialogues", help="render the demo's dialogues and the prompts anew")
    speak.add_argument("-o", dest="directory", type=Path, default=data.ROOT, metavar="DIR")
    speak.set_defaults(run=_dialogues)
    return parser


def _build(chosen: argparse.Namespace) -> None:
    settings = QUICK if chosen.quick else {"hours": chosen.hours, "epochs": chosen.epochs}
    plan = model.Plan(chosen.language, float(settings["hours"]), int(settings["epochs"]), chosen.seed)
    with _bars() as progress:
        model.build(plan, chosen.directory, progress)


def _evaluate(chosen: argparse.Namespace) -> int:
    language = evaluate.language_of(chosen.directory)
    with _bars() as progress:
        table = evaluate.evaluate(chosen.directory, language, chosen.rounds, chosen.seed, progress)
    print(table.markdown)
    for said, heard in table.missed if chosen.errors else ():
        print(f"{said} -> {heard}")
    worst = 100 * table.worst
    if chosen.bound is not None and worst > chosen.bound:
        print(f"error: a word error rate of {worst:.2f} % is above the bound of {chosen.bound:g} %", file=sys.stderr)
        return 1
    return 0


def _dialogues(chosen: argparse.Namespace) -> None:
    for language in text.LANGUAGES:
        dialogues.render(language, chosen.directory / "dialogues" / language, print)
        directory = chosen.directory / "prompts" / language
        for prompt in prompts.render(data.prompts(language) / "prompts.toml", directory):
            print(prompt.path)


@contextmanager
def _bars() -> Iterator[Callable[[str, float], None]]:
    """A bar a stage; a stage is told by the first word of its name."""
    with Progress(TextColumn("{task.description:<24}"), BarColumn(), TimeElapsedColumn()) as shown:
        tasks = {}

        def progress(stage: str, share: float) -> None:
            first = stage.split()[0]
            if first not in tasks:
                tasks[first] = shown.add_task(stage, total=1.0)
            shown.update(tasks[first], description=stage, completed=share)

        yield progress


if __name__ == "__main__":
    sys.exit(main())
