"""The recogniser: whether the model loads, whether its rate is the calls', and how many calls it carries here."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eslbot.doctor.findings import Finding, error, good, hint, warning
from eslbot.service.measuring.limits import MOST_CORES, too_much

if TYPE_CHECKING:
    from eslbot.service.measuring.load import Measured

USUAL = 8000
"""Samples a second of a telephone call."""


@dataclass(frozen=True, slots=True)
class ModelSeen:
    """A local model."""

    name: str
    """As configured."""
    problem: str = ""
    """Why it is none."""
    rate: int = 0
    shipped: bool = False
    """It understands the synthetic voice only."""
    resample: bool = False
    workers: int = 1
    cores: int = 1
    allocator: str = ""
    """Why the workers go without theirs."""


@dataclass(frozen=True, slots=True)
class ServerSeen:
    """A vosk-server."""

    url: str
    problem: str = ""


def judge(seen: ModelSeen) -> Iterator[Finding]:
    """Before anything is measured."""
    if seen.problem:
        yield error("model.there", seen.problem, "eslbot model fetch URL --sha256 HEX, then [recogniser] model",
                    seen.name)
        return
    if seen.rate != USUAL and not seen.resample:
        yield error("model.rate", f"made for {seen.rate} Hz, and telephone calls have {USUAL}: it takes no call",
                    "[recogniser] resample = true, or a model for 8000 Hz", seen.name)
    elif seen.rate != USUAL:
        yield hint("model.rate", f"made for {seen.rate} Hz; calls of {USUAL} Hz are converted, which adds nothing that "
                   "was not heard", "a model for 8000 Hz, where there is one", seen.name)
    else:
        yield good("model.rate", f"{seen.rate} Hz, as telephone calls have", seen.name)
    if seen.shipped:
        yield warning("model.voice", "it understands the demo's synthetic voice only, and no person",
                      "eslbot model fetch URL --sha256 HEX, then [recogniser] model", seen.name)
    if seen.allocator:
        yield hint("model.allocator", f"the workers go without their allocator, and decode slower: {seen.allocator}",
                   "apt install libatomic1, and restart eslbot", seen.name)
    if seen.workers > seen.cores:
        yield hint("model.workers", f"{seen.workers} workers on {seen.cores} cores", f"[recogniser] workers = "
                   f"{max(1, seen.cores - 1)}", seen.name)


def judge_measured(seen: ModelSeen, found: "Measured") -> Iterator[Finding]:
    """What so few calls cost, and how many that makes."""
    why = too_much(found, seen.cores)
    if why:
        yield error("model.speed", f"{found.calls} calls are too much already: {why}", "a smaller model, or a fleet: "
                    "[recogniser] url (docs/how-to/sizing.md)", seen.name)
        return
    words = found.words / found.seconds / max(found.recogniser, 0.001)
    carries = carried(found, seen.cores, seen.workers)
    told = f"{words:.0f} words a second of a core; about {carries} calls at once, reckoned from {found.calls}"
    yield good("model.speed", f"{told}: `eslbot bench` measures it", seen.name)


def carried(found: "Measured", cores: int, workers: int) -> int:
    """Calls that the machine carries if each costs what these did: all of it within MOST_CORES of the cores, and what
    the recogniser takes within what its workers have, each of them one core at most."""
    all_of_it = MOST_CORES * cores / max(found.cores / found.calls, 1e-6)
    workers_alone = MOST_CORES * min(workers, cores) / max(found.recogniser / found.calls, 1e-6)
    return math.floor(min(all_of_it, workers_alone))


def judge_server(seen: ServerSeen) -> Iterator[Finding]:
    if seen.problem:
        yield error("model.server", seen.problem, "is the vosk-server up? [recogniser] url", seen.url)
    else:
        yield good("model.server", "takes connections", seen.url)
