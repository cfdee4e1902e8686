"""How long after the frame that decided a mute the customer still hears the agent, measured in what the customer's
phone heard, on a real FreeSWITCH with many calls up:

    python -m tests.bench.mute_latency --calls 30 [--freeswitch PATH]

Both are places on the agent's own speech: the deciding frame's, found by laying the recording over the speech, and the
last one the customer heard, found by laying what its phone heard over it. So no two clocks are compared."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eslbot import data
from eslbot.record.keys import Identity, new_identity, recipient
from eslbot.record.reader import Recording
from eslbot.sim.dialogue import load as load_dialogue
from eslbot.store.store import Store
from tests.conformance.processes import find, modules_of
from tests.conformance.real import RealRig

RATE = 8000
FRAME = RATE // 50
PACK = """
pack: bench
version: "1"
language: zh
rules:
  - {id: promise, title: t, says: agent, any: [稳赚不赔], severity: severe, confirm: agreed, actions: [{mute: 2s}]}
"""
Pcm = NDArray[np.float64]


def speech(delay: float) -> Pcm:
    """What an agent says: ordinary talk, the promise, and on and on. `delay`: seconds before it begins."""
    play = load_dialogue(data.dialogues("zh") / "severe-promise")
    lines = sorted(play.agent.lines, key=lambda line: line.at)
    order = [lines[0], lines[2], lines[1], lines[0], lines[2]]
    pause = np.zeros(RATE // 2)
    parts = [np.zeros(int(delay * RATE))]
    for line in order:
        parts += [line.pcm.astype(np.float64) / 32768, pause]
    return np.concatenate(parts)


def answers(delay: float) -> Pcm:
    """A customer who speaks about half the time."""
    play = load_dialogue(data.dialogues("zh") / "severe-promise")
    parts = [np.zeros(int(delay * RATE))]
    for _ in range(4):
        for line in play.customer.lines:
            parts += [line.pcm.astype(np.float64) / 32768, np.zeros(2 * RATE)]
    return np.concatenate(parts)


@contextmanager
def service(directory: Path, port: int, identity: Identity, fast: Path) -> Iterator[Path]:
    """eslbot in a process of its own. Yields its log once it is ready."""
    (directory / "bench.yaml").write_text(PACK)
    (directory / "eslbot.toml").write_text(
        f'[[switch]]\nname = "pbx"\nport = {port}\n[roles]\nagent = \'10\\d+\'\ncustomer = \'9\\d+\'\n'
        f'[audio]\nspool = "{fast}/spool"\n[record]\nrecipients = ["{recipient(identity)}"]\nlive = "{fast}/live"\n'
        '[judge]\npacks = ["./bench.yaml"]\n[watch]\nlisten = "127.0.0.1:0"\n[web]\n'
        'enabled = false\n[log]\nformat = "json"\n'
    )
    log = directory / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "eslbot", "run", "-c", str(directory / "eslbot.toml")], stdout=out, stderr=out,
            env={**os.environ, "ESLBOT_ESL_PASSWORD": "rig-secret"},
        )
        try:
            until = time.monotonic() + 60
            while not all(word in log.read_text() for word in ('"SwitchUp"', '"ready"')):
                if time.monotonic() > until or process.poll() is not None:
                    raise SystemExit(f"eslbot did not start: {log.read_text()[-800:]}")
                time.sleep(0.1)
            yield log
        finally:
            process.terminate()
            process.wait(60)


def lag(said: Pcm, heard: Pcm, most: int = 4 * RATE) -> int:
    """Where in `heard` the first sample of `said` lies, by correlation, at most so many samples away from its start;
    negative where it had begun before. (The speech repeats itself, so further away the likeness would mislead.)"""
    size = 1 << int(np.ceil(np.log2(len(heard) + len(said))))
    likeness = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(said, size)), size)
    return int(np.argmax(np.concatenate([likeness[-most:], likeness[:most]]))) - most


def last_heard(heard: Pcm, said: Pcm, near: int) -> float:
    """The sample of `said` after which the customer heard nothing of it for a second, near that sample; infinite where
    it went on hearing it for a second more."""
    shift = lag(said[: near - RATE // 4], heard)
    for at in range(near - RATE // 2, near + RATE, FRAME // 4):
        here = heard[at + shift : at + shift + RATE]
        spoken = said[at : at + RATE]
        if len(here) and len(spoken) and np.abs(here).max() < 0.002 and np.abs(spoken).max() > 0.02:
            return at
    return float("inf")


def measure(calls: int, binary: Path) -> list[tuple[float, float | None]]:
    """Of each call that was muted: milliseconds in what the customer heard, and from the deciding frame's arrival to
    the switch's answer as eslbot itself saw it."""
    identity = new_identity()
    with tempfile.TemporaryDirectory() as slow, tempfile.TemporaryDirectory(dir="/dev/shm") as fast:
        directory = Path(slow)
        rig = RealRig(binary, modules_of(binary, None), Path(fast) / "fs", data.prompts("zh").parent)
        try:
            with service(directory, rig.pbx.place.socket_port, identity, Path(fast)) as log:
                said = {}
                placed = []
                for i in range(calls):
                    agent = speech(1.0 + 0.37 * (i % 10) + 0.25 * max(0, calls - i))
                    call = rig.place(agent, answers(0.8 + 0.11 * i))
                    said[call.customer.uuid] = agent
                    placed.append(call)
                time.sleep(max(len(one) for one in said.values()) / RATE - 4.0)
                heard = {call.customer.uuid: rig.heard(call.customer) for call in placed}
                for call in placed:
                    rig.api(f"uuid_kill {call.customer.uuid}")
                time.sleep(3.0)
                decided = deciding(log)
                troubles = unheard(log)
                if troubles:
                    print(f"not as it should be: {troubles}")
            answered = first_answers(directory)
            return [
                (latency(directory, identity, uuid, said[uuid], heard[uuid], decided[uuid]), answered.get(uuid))
                for uuid in said if uuid in decided
            ]
        finally:
            rig.stop()


def unheard(log: Path) -> dict[str, int]:
    """What the service complained of, by kind: audio that was lost or late, recognisers that went."""
    found: dict[str, int] = {}
    for row in (json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")):
        if row["level"] in ("warning", "error"):
            kind = " ".join(str(row[name]) for name in ("event", "reason", "state", "where") if name in row)
            found[kind] = found.get(kind, 0) + 1
    return found


def deciding(log: Path) -> dict[str, int]:
    """The deciding frame's end of each call's first mute, in samples of the recording."""
    found: dict[str, int] = {}
    for row in (json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")):
        if row["event"] == "Violated" and row["confirm"] != "partial":
            found.setdefault(row["call"], row["decided"])
    return found


def first_answers(directory: Path) -> dict[str, float]:
    """Of each call's first mute: milliseconds from the deciding frame's arrival to the switch's answer."""
    rows = Store.open_readonly(f"sqlite:///{directory}/eslbot.db").acts.find(kind="mute")
    first: dict[str, float] = {}
    for row in sorted(rows, key=lambda row: row.at):
        if row.latency is not None:
            first.setdefault(row.call, row.latency * 1000)
    return first


def latency(directory: Path, identity: Identity, uuid: str, said: Pcm, heard: Pcm, decided: int) -> float:
    """Milliseconds of the agent's speech that the customer heard beyond the deciding frame."""
    [row] = Store.open_readonly(f"sqlite:///{directory}/eslbot.db").recordings.find(call=uuid)
    recording = Recording(row, directory / "recordings", [identity])
    stereo = np.frombuffer(recording.read(0, recording.end), "<i2").reshape(-1, 2)
    agent = stereo[:, 1].astype(np.float64) / 32768
    offset = lag(said[: decided + 2 * RATE], agent)
    place = decided - offset
    return (last_heard(heard, said, place) - place) * 1000 / RATE


def quantile(found: list[float], share: float) -> float:
    """Of sorted values, the least that so great a share does not pass."""
    return found[max(0, int(np.ceil(share * len(found))) - 1)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=30)
    parser.add_argument("--freeswitch", default=None, help="binary; else ESLBOT_FREESWITCH or PATH")
    options = parser.parse_args()
    both = measure(options.calls, find(options.freeswitch))
    found, answered = sorted(heard for heard, _ in both), sorted(one for _, one in both if one is not None)
    if not found:
        raise SystemExit("no call was muted")
    middle, tail = quantile(found, 0.5), quantile(found, 0.95)
    print(
        f"{len(found)} of {options.calls} calls muted; after the deciding frame the customer heard the agent for"
        f" p50 {middle:.0f} ms, p95 {tail:.0f} ms, at most {found[-1]:.0f} ms"
        f" ({os.cpu_count()} cores, which also ran both switches)"
    )
    if answered:
        print(
            "of that, from the frame's arrival to the switch's answer, as eslbot saw it:"
            f" p50 {quantile(answered, 0.5):.0f} ms, p95 {quantile(answered, 0.95):.0f} ms,"
            f" at most {answered[-1]:.0f} ms"
        )


if __name__ == "__main__":
    main()
