"""bench: how many calls this machine carries with a model. Knows which numbers are tried; service/measuring/load.py
measures, service/measuring/limits.py says what is too much."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from eslbot.cli import say
from eslbot.cli.options import AsJson

STEPS = (1, 3, 5, 10, 15, 20, 30, 40, 60, 80, 100, 130, 160, 200, 250, 300, 400, 500, 700, 1000)
"""Calls, tried in this order until it is too much."""

PACKS = {"zh": "cn-marketing", "en": "us-telemarketing"}
"""What each language's talk is judged by."""


def bench(
    model: Annotated[str, typer.Option("--model", metavar="DIR", help="A Vosk model: a directory or a shipped name.")],
    language: Annotated[str, typer.Option("--language", metavar="zh|en", help="Of the talk that is played.")] = "zh",
    seconds: Annotated[float, typer.Option("--seconds", min=2.0, help="How long each number of calls talks.")] = 15.0,
    calls: Annotated[
        int | None, typer.Option("--calls", min=1, help="Measure this many, instead of trying more and more.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Recogniser processes; absent: one less than cores.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """How many calls does this machine carry with that model? Listens to more and more, in real time, until words come
    late. What the switch itself needs comes on top, where it runs on this machine."""
    if language not in PACKS:
        say.fail("--language: zh or en", say.USAGE)
    from eslbot.listen.models import ModelError
    from eslbot.listen.recogniser import RecogniserError

    try:
        rows, why = _measured(model, language, seconds, (calls,) if calls else STEPS, workers)
    except (ModelError, RecogniserError, RuntimeError) as error:
        say.fail(error)
    cores = os.cpu_count() or 1
    carried = max((row["calls"] for row in rows if not row["why"]), default=0)
    if as_json:
        say.json({"model": model, "cores": cores, "calls": carried, "why": why, "steps": rows})
        return
    say.table({"calls": "calls", "service": "service, cores", "recogniser": "recogniser, cores", "p50": "p50 ms",
               "p95": "p95 ms", "lost": "not heard, s", "why": "too much because"}, rows, "nothing was measured")
    more = f"; {why}" if why else ", and perhaps more"
    typer.echo(f"{cores} cores carry {carried} calls with {model}{more}")


def _measured(
    model: str, language: str, seconds: float, steps: tuple[int, ...], workers: int | None
) -> tuple[list[dict[str, Any]], str]:
    """A row for each number of calls, and why the last was too much. Raises ModelError, RecogniserError."""
    from eslbot.judge import load as packs
    from eslbot.listen import models
    from eslbot.listen.recogniser import RecogniserOptions
    from eslbot.service.measuring.limits import too_much
    from eslbot.service.measuring.load import Load
    from eslbot.service.measuring.talk import two_way

    rate = 8000
    directory = models.find(model)
    options = RecogniserOptions(directory, rate=rate, resample=models.rate(directory) != rate)
    if workers:
        options = replace(options, workers=workers)
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as slow, tempfile.TemporaryDirectory(dir=memory) as fast:
        talk = Path(fast) / "talk"
        talk.write_bytes(two_way(language))
        rules = packs([PACKS[language]])
        with Load(Path(slow), Path(fast), rules, options) as load:
            for count in steps:
                with say.progress(f"{count} calls") as told:
                    found = load.measure(count, talk, seconds, partial(_show, told, seconds))
                why = too_much(found, os.cpu_count() or 1)
                rows.append({
                    "calls": count, "service": round(found.service, 3), "recogniser": round(found.recogniser, 3),
                    "p50": _ms(found.lag(0.5)), "p95": _ms(found.lag(0.95)), "lost": round(found.lost, 1),
                    "words": found.words, "why": why,
                })
                if why:
                    return rows, why
    return rows, ""


def _show(told: Callable[[int, int | None], None], seconds: float, past: float) -> None:
    told(int(past), int(seconds))


def _ms(seconds: float) -> int | None:
    return None if seconds == float("inf") else round(seconds * 1000)
