"""How soon an act that a person asks for is at the switch, with many calls up: from the handler's call (what a button,
the API and the command line all come to) to the command's arrival in another process that plays the switch.

    python -m tests.bench.acts --calls 200

Both processes read one monotonic clock. The embedded switch moves every frame of all legs in one greenlet, so what is
measured is at most what a real switch would see."""

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import contextlib  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

import gevent  # noqa: E402

SECRET = "bench"
VERBS = {
    # verb -> how the command begins that it comes to
    "mute": "sched_api ", "unmute": "uuid_audio ", "listen": "originate ", "hangup": "uuid_kill ",
}


def switch(calls: int) -> None:
    """The other process: so many calls; then a line for each command that comes, with its time."""
    from eslbot.sim import Party, Switch

    with Switch(password=SECRET) as made:
        placed = 0
        for number in range(calls):
            made.place(Party(keeps=False), Party(keeps=False), agent_number=str(1000 + number),
                       customer_number=str(90000 + number), timeout=60.0)
            placed += 1
        answer = made.core.api

        def api(text: str) -> str:
            if text.startswith(tuple(VERBS.values())):
                print(json.dumps([time.monotonic(), text[:120]]), flush=True)
            return answer(text)

        made.core.api = api  # type: ignore[method-assign]
        print(json.dumps({"port": made.port, "calls": placed}), flush=True)
        gevent.get_hub().threadpool.apply(sys.stdin.read)


def measure(calls: int) -> dict[str, list[float]]:
    """Seconds from handler to wire, by verb, each call once."""
    from eslbot.config import load
    from eslbot.record.keys import new_identity, recipient
    from eslbot.service import Service
    from eslbot.supervise.access import unix
    from eslbot.supervise.wire import Refused

    command = [sys.executable, "-m", "tests.bench.acts", "--switch", "--calls", str(calls)]
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory() as slow, tempfile.TemporaryDirectory(dir=memory) as fast, subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        ready = json.loads(other.stdout.readline())
        came: list[tuple[float, str]] = []
        file = Path(slow) / "eslbot.toml"
        file.write_text(
            f'[[switch]]\nname = "pbx"\nport = {ready["port"]}\npassword_env = "PASSWORD"\n'
            "[roles]\nagent = '1\\d{3}'\ncustomer = '9\\d+'\n"
            f'[audio]\nspool = "{fast}/spool"\n[audio.fork]\nlisten = "127.0.0.1:0"\n'
            f'[record]\nrecipients = ["{recipient(new_identity())}"]\nlive = "{fast}/live"\n'
            '[watch]\nlisten = "127.0.0.1:0"\n[web]\nenabled = false\n[judge]\npacks = ["cn-marketing"]\n')
        service = Service(load(file, {"PASSWORD": SECRET, **os.environ}))
        service.start()
        until = time.monotonic() + 120
        while sum(state.actable and state.heard for state in service.desk.states()) < calls:
            if time.monotonic() > until:
                raise SystemExit(f"only {len(service.desk.states())} calls were taken up")
            gevent.sleep(0.1)

        def read() -> None:
            for line in other.stdout or ():
                came.append(tuple(json.loads(line)))

        reader = gevent.spawn(read)
        took: dict[str, list[float]] = {verb: [] for verb in VERBS}
        root = unix("root")
        for verb, begins in VERBS.items():
            for state in service.desk.states()[:calls]:
                before, seen = time.monotonic(), len(came)
                with contextlib.suppress(Refused):  # the switch's answer may be late on a busy machine
                    service.front.handlers[verb]({"call": state.id, "phone": "1900", "seconds": 600}, root)
                with gevent.Timeout(5.0, SystemExit(f"{verb}: nothing came")):
                    while not any(text.startswith(begins) for _, text in came[seen:]):
                        gevent.sleep(0.001)
                took[verb].append(next(at for at, text in came[seen:] if text.startswith(begins)) - before)
        other.stdin.close()
        other.terminate()
        reader.join(timeout=5)
        service.stop()
        return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--switch", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.switch:
        switch(options.calls)
        return
    took = measure(options.calls)
    print(f"From a handler's call to the switch's wire, {options.calls} calls up: ms, p50, p95, most")
    for verb, seconds in took.items():
        times = sorted(seconds)
        shown = (times[len(times) // 2], times[int(len(times) * 0.95)], times[-1])
        print(f"  {verb:<10} " + " ".join(f"{one * 1000:7.1f}" for one in shown), flush=True)


if __name__ == "__main__":
    main()
