"""Looks at the model, and measures it for some seconds with two calls out of a spool of its own, as `eslbot bench` does
with more. What it writes lies in temporary directories and is gone after."""

import os
import tempfile
from pathlib import Path

from eslbot import data
from eslbot.config import Settings
from eslbot.doctor.verdicts.model import USUAL, ModelSeen, ServerSeen
from eslbot.judge import Packs
from eslbot.listen import models
from eslbot.listen.client import Connection, Lost, address
from eslbot.listen.recogniser import RecogniserOptions
from eslbot.service.measuring.load import Load, Measured
from eslbot.service.measuring.talk import two_way

CALLS, SECONDS = 2, 4.0
WITHIN = 3.0
"""Seconds for a server to take a connection."""


def look(settings: Settings, allocator: str) -> ModelSeen | None:
    """None where vosk-servers do it. `allocator`: why the workers go without theirs; it is asked of a process, which
    gevent starts from its own thread only. Blocks."""
    section = settings.recogniser
    name = section.local_model
    if name is None:
        return None
    try:
        directory = models.find(name)
        return ModelSeen(name, "", models.rate(directory), name in data.MODELS, section.resample, section.workers,
                         os.cpu_count() or 1, allocator)
    except (models.ModelError, OSError, UnicodeDecodeError) as error:
        return ModelSeen(name, str(error))


def measure(settings: Settings, packs: Packs) -> Measured:
    """Waits in this greenlet, some ten seconds and what the model takes to load. Raises RecogniserError, RuntimeError
    for a recogniser that does not get ready, OSError."""
    section = settings.recogniser
    assert section.local_model is not None
    directory = models.find(section.local_model)
    options = RecogniserOptions(directory, rate=USUAL, resample=section.resample, workers=section.workers)
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory() as slow, tempfile.TemporaryDirectory(dir=memory) as fast:
        talk = Path(fast) / "talk"
        talk.write_bytes(two_way(settings.judge.language))
        with Load(Path(slow), Path(fast), packs, options) as load:
            return load.measure(CALLS, talk, SECONDS)


def knock(url: str) -> ServerSeen:
    """Whether a vosk-server takes a connection. Waits in this greenlet."""
    try:
        Connection(address(url), USUAL, WITHIN).close()
    except (Lost, ValueError) as error:
        return ServerSeen(url, f"takes no connection: {error}")
    return ServerSeen(url)
