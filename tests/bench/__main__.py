"""One page of ratios: `python -m tests.bench` (make bench). Everything is measured here and now, one after another, on
this machine; nothing is asserted, so that a busy machine gives worse numbers and not a failure.

    --calls 30 --seconds 12        of talk, for the ratios of listening
    --freeswitch PATH              also how fast a mute is heard, and a supervisor is in
    --vosk-server PATH             alphacep's asr_server.py (needs websockets below 13 in PYTHONPATH of its own)
    --growth [N ...]               also 1, 10, 30, 100 calls, or so many
    --picture FILE.svg             of that growth
    --hour                         also memory over an hour of talk (some minutes)
    --quick                        few events and a minute for the hour: to see that it works, not for the figures
"""

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from eslbot import data  # noqa: E402
from eslbot.judge import load as packs  # noqa: E402
from eslbot.listen import tuning  # noqa: E402
from eslbot.listen.recogniser import RecogniserOptions  # noqa: E402
from eslbot.service.measuring.load import Load  # noqa: E402
from eslbot.service.measuring.talk import two_way  # noqa: E402
from tests.bench.picture import svg  # noqa: E402

MODEL = data.model("demo-zh")
JOINING = "From a supervisor's command to the call in their ear"
GROWTH = (1, 10, 30, 100)
"""Calls."""


def machine() -> str:
    """Cores and processor family, no name."""
    lines = [line.partition(":") for line in Path("/proc/cpuinfo").read_text().splitlines()]
    info = {key.strip(): value.strip() for key, _, value in lines}
    family = f"family {info.get('cpu family', '?')} model {info.get('model', '?')}"
    return f"{os.cpu_count()} cores, {info.get('vendor_id', '?')} {family}"


def bare(talk: Path, calls: int, seconds: float, *more: str, environment: dict[str, str] | None = None,
         ) -> dict[str, Any]:
    """Bare Vosk as installed, in a process of its own; or in another environment."""
    command = [sys.executable, "-m", "tests.bench.bare", "--model", str(MODEL), "--talk", str(talk),
               "--calls", str(calls), "--seconds", str(seconds), *more]  # fmt: skip
    told = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment).stdout
    found: dict[str, Any] = json.loads(told)
    return found


def stock(talk: Path, calls: int, seconds: float, server: str, piece: float) -> dict[str, Any]:
    """Stock vosk-server, fed both legs without gaps."""
    from tests.bench.bare import legs
    from tests.bench.server import cost

    environment = {"VOSK_SERVER_PORT": "27931", "VOSK_SERVER_INTERFACE": "127.0.0.1",
                   "PYTHONPATH": os.environ.get("VOSK_SERVER_PYTHONPATH", "")}  # fmt: skip
    spent, words = cost([sys.executable, server, str(MODEL)], 27931, legs(talk.read_bytes(), calls, seconds), piece,
                        environment)  # fmt: skip
    return {"cores": spent / seconds, "words": words}


def different(one: list[list[str]], other: list[list[str]]) -> tuple[int, int]:
    """Words of which one leg's list has more than the other's, and words in all."""
    from difflib import SequenceMatcher

    matched = sum(sum(b.size for b in SequenceMatcher(None, a, b, False).get_matching_blocks())
                  for a, b in zip(one, other, strict=True))  # fmt: skip
    total = sum(map(len, one))
    return total - matched + sum(map(len, other)) - matched, total


def listening(options: argparse.Namespace, talk: Path, load: Load) -> None:
    calls, seconds = options.calls, options.seconds
    base = bare(talk, calls, seconds)
    rows: list[tuple[str, float, str]] = [("bare vosk, both legs without gaps, 100 ms at a time", base["cores"], "")]
    gated = bare(talk, calls, seconds, "--voice")
    odd, total = different(base["words"], gated["words"])
    rows.append(("bare vosk behind voice activity", gated["cores"], f"{odd} of {total} words differ"))
    tuned = bare(talk, calls, seconds, environment=tuning.for_this_machine())
    odd, total = different(base["words"], tuned["words"])
    rows.append(("bare vosk with our workers' allocator and kernels", tuned["cores"], f"{odd} of {total} words differ"))
    found = load.measure(calls, talk, seconds)
    rows.append(("all of ours, in real time", found.cores, f"recogniser {found.recogniser:.3f}, service"
                 f" {found.service:.3f}; lag p50 {found.lag(0.5) * 1000:.0f}, p95 {found.lag(0.95) * 1000:.0f} ms;"
                 f" not heard {found.lost:.1f} s"))  # fmt: skip
    if options.vosk_server:
        for piece in (0.02, 0.1):
            one = stock(talk, calls, seconds, options.vosk_server, piece)
            odd, total = different(base["words"], one["words"])
            rows.append((f"stock vosk-server, {piece * 1000:.0f} ms at a time", one["cores"],
                         f"{odd} of {total} words differ"))  # fmt: skip
    print(f"\nListening to {calls} calls, two-way talk, each speaks half the time: cores, and ratio to bare vosk")
    for name, cores, more in rows:
        print(f"  {name:<52} {cores:6.3f}  {cores / base['cores']:5.2f} x  {more}")


def growth(options: argparse.Namespace, talk: Path, load: Load) -> None:
    print("\nHow cost grows: calls, service cores, recogniser cores, ms of a core a call, lag p50, p95")
    rows = []
    for calls in options.growth or GROWTH:
        found = load.measure(calls, talk, options.seconds)
        rows.append((calls, found.service, found.recogniser))
        print(f"  {calls:4} {found.service:7.3f} {found.recogniser:7.3f} {found.cores / calls * 1000:7.1f}"
              f" {found.lag(0.5) * 1000:6.0f} {found.lag(0.95) * 1000:6.0f}"
              f"{f'   not heard {found.lost:.0f} s' if found.lost else ''}", flush=True)  # fmt: skip
    if options.picture:
        options.picture.write_text(svg(rows, os.cpu_count() or 1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=12.0)
    parser.add_argument("--freeswitch", default=os.environ.get("ESLBOT_FREESWITCH"))
    parser.add_argument("--vosk-server", default=os.environ.get("VOSK_SERVER"))
    parser.add_argument("--growth", nargs="*", type=int)
    parser.add_argument("--picture", type=Path, help="with --growth: an SVG of it")
    parser.add_argument("--hour", action="store_true")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    print(f"eslbot's ratios on {machine()}; model demo-zh")
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory() as slow, tempfile.TemporaryDirectory(dir=memory) as fast:
        talk = Path(fast) / "talk"
        talk.write_bytes(two_way("zh"))
        with Load(Path(slow), Path(fast), packs(["cn-marketing"]), RecogniserOptions(MODEL)) as load:
            listening(options, talk, load)
            if options.growth is not None:
                growth(options, talk, load)
    failed = [module for title, module, arguments in others(options) if not _run(title, module, arguments)]
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")


def others(options: argparse.Namespace) -> list[tuple[str, str, tuple[str, ...]]]:
    """Title, module and arguments of what is measured in a process of its own."""
    quick = options.quick
    found: list[tuple[str, str, tuple[str, ...]]] = [
        ("Reading the event socket", "events", ("--times", "1", "--rounds", "1") if quick else ()),
        ("Sealing", "sealing", ("--rows", "50") if quick else ()),
        ("The console, 200 calls up", "console",
         ("--calls", "3", "--marks", "3", "--viewers", "1", "--no-browser") if quick else ()),
        ("A crowd beside the calls", "crowd", ("--calls", "12", "--marks", "1", "--people", "4", "--settle", "0.5",
                                               "--only", "socket") if quick else ()),
        ("Acts that people ask for", "acts", ("--calls", "3") if quick else ()),
        (JOINING, "joining", ("--times", "1") if quick else ()),
    ]
    if options.hour:
        found.append(
            ("Memory over an hour of talk", "memory", ("--calls", "1", "--minutes", "1") if quick else ()))
    if options.freeswitch:
        found.append(("How fast a mute is, in what the customer heard on a real FreeSWITCH", "mute_latency",
                      ("--calls", str(options.calls), "--freeswitch", options.freeswitch)))  # fmt: skip
        found.append((f"{JOINING}, on a real FreeSWITCH", "joining", ("--freeswitch", options.freeswitch)))
    return found


def _run(title: str, module: str, arguments: tuple[str, ...]) -> bool:
    print(f"\n{title}", flush=True)
    return subprocess.run([sys.executable, "-m", f"tests.bench.{module}", *arguments], check=False).returncode == 0


if __name__ == "__main__":
    main()
