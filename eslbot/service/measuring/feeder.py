"""Plays the switch's part towards a spool: `python -m eslbot.service.measuring.feeder`, a process of its own, so that
what it costs is not counted as ours. Lets each call's file grow by 20 ms every 20 ms, as FreeSWITCH does, each call in
a phase of its own. Knows files and time, and nothing of what reads them."""

import argparse
import os
import sys
import time
from pathlib import Path

from eslbot.model.audio import BYTES_PER_SAMPLE

FRAME = 0.02
SLOTS = 5
"""Phases within a frame that calls are spread over."""
APART = 7.3
"""Seconds of the talk by which one call is ahead of the one before, so that not all say the same at once."""


def feed(files: list[int], talk: bytes, rate: int, seconds: float, begin: float) -> None:
    """Write `seconds` of talk into each file in real time, from `begin` on (time.monotonic)."""
    size = round(rate * FRAME) * BYTES_PER_SAMPLE
    frames = len(talk) // size
    ring = [talk[n * size : (n + 1) * size] for n in range(frames)]
    places = [round(n * APART / FRAME) for n in range(len(files))]
    for number in range(round(seconds / FRAME)):
        for slot in range(SLOTS):
            wait = begin + phase(slot) + (number + 1) * FRAME - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            for n in range(slot, len(files), SLOTS):
                os.write(files[n], ring[(places[n] + number) % frames])


def phase(call: int) -> float:
    """Seconds after `begin` at which a call's first sample is spoken."""
    return call % SLOTS * FRAME / SLOTS


def main(arguments: list[str] | None = None) -> None:
    """Says when it begins (time.monotonic) on a line of its own, then feeds."""
    parser = argparse.ArgumentParser(prog="python -m eslbot.service.measuring.feeder")
    parser.add_argument("--talk", type=Path, required=True, help="stereo s16le")
    parser.add_argument("--rate", type=int, default=8000)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("files", nargs="+", type=Path)
    options = parser.parse_args(arguments)
    files = [os.open(path, os.O_WRONLY | os.O_APPEND) for path in options.files]
    talk = options.talk.read_bytes()
    begin = time.monotonic() + 0.1
    sys.stdout.write(f"{begin}\n")
    sys.stdout.flush()
    feed(files, talk, options.rate, options.seconds, begin)


if __name__ == "__main__":
    main()
