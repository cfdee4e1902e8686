"""Bare Vosk, for comparison: `python -m tests.bench.bare`. So many calls' legs decoded in this process and nothing
else done, a piece of each leg in turn as they would arrive, as fast as it goes. Prints JSON: seconds of processor a
second of all calls, and the words found in each leg. With `--voice` only what plain voice activity lets through is
decoded, with `--partials` a partial is asked for after each piece, as a server does."""

import argparse
import json
import resource
from pathlib import Path

import numpy as np
import vosk

from eslbot.listen.voice import VoiceGate
from eslbot.service.measuring.feeder import APART
from eslbot.service.measuring.talk import RATE


def legs(stereo: bytes, calls: int, seconds: float) -> list[bytes]:
    """Both legs of each call, each call elsewhere in the talk, as the feeder has them."""
    both = np.frombuffer(stereo, "<i2").reshape(-1, 2)
    cut = [np.roll(both, -round(n * APART * RATE), axis=0)[: int(seconds * RATE)] for n in range(calls)]
    return [one[:, side].tobytes() for one in cut for side in (0, 1)]


def gated(leg: bytes) -> bytes:
    """What voice activity lets through where nobody tells it that words are unfinished."""
    gate = VoiceGate(RATE)
    frame = RATE // 50 * 2
    return b"".join(
        pcm for at in range(0, len(leg), frame) for _, pcm in gate.feed(leg[at : at + frame], at // 2, settled=True)
    )


def decode(model: vosk.Model, audio: list[bytes], piece: float, partials: bool) -> tuple[float, list[list[str]]]:
    """Seconds of processor, and each leg's words."""
    recognisers = [vosk.KaldiRecognizer(model, RATE) for _ in audio]
    for one in recognisers:
        one.SetWords(True)
    words: list[list[str]] = [[] for _ in audio]
    size = int(piece * RATE) * 2
    before = resource.getrusage(resource.RUSAGE_SELF)
    for at in range(0, max(map(len, audio)), size):
        for number, leg in enumerate(audio):
            if at >= len(leg):
                continue
            if recognisers[number].AcceptWaveform(leg[at : at + size]):
                words[number] += json.loads(recognisers[number].Result())["text"].split()
            elif partials:
                recognisers[number].PartialResult()
    for number, one in enumerate(recognisers):
        words[number] += json.loads(one.FinalResult())["text"].split()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, words


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True)
    parser.add_argument("--talk", type=Path, required=True)
    parser.add_argument("--calls", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--piece", type=float, default=0.1)
    parser.add_argument("--voice", action="store_true")
    parser.add_argument("--partials", action="store_true")
    options = parser.parse_args()
    vosk.SetLogLevel(-1)
    model = vosk.Model(options.model)
    audio = legs(options.talk.read_bytes(), options.calls, options.seconds)
    if options.voice:
        audio = [gated(leg) for leg in audio]
    spent, words = decode(model, audio, options.piece, options.partials)
    print(json.dumps({"cores": spent / options.seconds, "words": words}))


if __name__ == "__main__":
    main()
