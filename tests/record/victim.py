"""A process that records one call from a source that keeps everything, and tells each step on standard output before it
is killed: `python -m tests.record.victim DIRECTORY FIRST_WORD SAMPLES`. Not a test; test_vault.py kills it."""

import sys
import time
from pathlib import Path

import gevent

from eslbot.greenlets import Greenlets
from eslbot.record.vault import Vault, VaultOptions
from eslbot.store import Store
from tests.record.rig import CALL, IDENTITY, SECOND, STARTED, frame

STEP = 800


def tell(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def main(directory: Path, word: int, samples: int) -> None:
    group = Greenlets()
    store = Store(f"sqlite:///{directory / 'eslbot.db'}", group)
    options = VaultOptions(directory / "recordings", (str(IDENTITY.recipient), str(SECOND.recipient)),
                           directory / "live")
    done = gevent.event.Event()
    vault = Vault(options, store.recordings, group, time.time, lambda call, at: tell("durable", at),
                  lambda call, reason: tell("failed", reason), lambda row: done.set())
    one = vault.open(CALL, "pbx1", 8000, STARTED)
    tell("open", one.samples)
    for at in range(one.samples, samples, STEP):
        one.take(frame(at, min(STEP, samples - at)))
        one.say({"n": word, "text": "word " * 20})
        tell("said", word)
        word += 1
        gevent.sleep(0.001)
    one.close()
    done.wait()
    tell("closed")
    store.stop()
    group.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
