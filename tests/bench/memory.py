"""Memory over an hour of talk, faster than life: `python -m tests.bench.memory`. Voice activity, recogniser, judge and
sealed recording are the real ones, and each call is given all of the hour; only the spool is left out, whose size the
switch decides (its holes have tests of their own)."""

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import gc  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
import uuid  # noqa: E402
from pathlib import Path  # noqa: E402

import gevent  # noqa: E402

from eslbot import data  # noqa: E402
from eslbot.judge import load as packs  # noqa: E402
from eslbot.listen.pace import Pace  # noqa: E402
from eslbot.listen.recogniser import RecogniserOptions  # noqa: E402
from eslbot.model.audio import AudioFrame  # noqa: E402
from eslbot.model.call import CallId, LegId  # noqa: E402
from eslbot.model.orders import Listen  # noqa: E402
from eslbot.service.measuring.load import Load  # noqa: E402
from eslbot.service.measuring.talk import RATE, two_way  # noqa: E402

PIECE = RATE * 4 // 2
PATIENT = Pace(late_after=600, shed_after=900, answer_within=600, finish_within=600)
"""Nothing is late where time runs as fast as it can."""


def resident(pid: int | str = "self") -> float:
    """Mebibytes that a process occupies."""
    line = next(one for one in Path(f"/proc/{pid}/status").read_text().splitlines() if one.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=3)
    parser.add_argument("--minutes", type=int, default=60)
    options = parser.parse_args()
    talk = two_way("zh")
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory() as slow, tempfile.TemporaryDirectory(dir=memory) as fast:
        recogniser = RecogniserOptions(data.model("demo-zh"), workers=1, pace=PATIENT)
        with Load(Path(slow), Path(fast), packs(["cn-marketing"]), recogniser) as load:
            calls = [CallId(str(uuid.uuid4())) for _ in range(options.calls)]
            gc.collect()
            alone = resident()
            print(f"  before any call: service {alone:6.1f} MiB", flush=True)
            for call in calls:
                load.ears.listen(Listen(f"{call}#1", call, LegId(call), "bench", RATE, True))
            assert load.recogniser.pool is not None
            [worker] = load.recogniser.pool.pids.values()
            begun = time.monotonic()
            for minute in range(options.minutes + 1):
                if minute in (0, 1, 5, 10, 20, 30, 40, 50, options.minutes):
                    gc.collect()
                    held, ours = sum(map(_size, Path(fast).rglob("*"))), resident()
                    print(f"  after {minute:3} minutes of {options.calls} calls: service {ours:6.1f} MiB"
                          f" ({(ours - alone) / options.calls * 1024:5.0f} KiB a call),"
                          f" recogniser {resident(worker):6.1f} MiB, in memory files {held:6.2f} MiB", flush=True)
                if minute < options.minutes:
                    _minute(load, calls, talk, minute)
            print(f"  ({time.monotonic() - begun:.0f} s for it all; troubles: {load.troubles or 'none'})")


def _minute(load: Load, calls: list[CallId], talk: bytes, minute: int) -> None:
    for at in range(minute * 60 * RATE * 4, (minute + 1) * 60 * RATE * 4, PIECE):
        for number, call in enumerate(calls):
            place = (at + number * 7 * RATE * 4) % (len(talk) - PIECE)
            place -= place % 4
            load.ears.sink.on_frame(AudioFrame(call, at // 4, RATE, talk[place : place + PIECE]))
        while any(load.ears.waiting(call) > RATE for call in calls):
            gevent.sleep(0.002)
        gevent.sleep(0)


def _size(path: Path) -> float:
    return path.stat().st_blocks * 512 / 1048576 if path.is_file() else 0.0


if __name__ == "__main__":
    main()
