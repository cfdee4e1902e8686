"""Killed by SIGKILL at every line of the journal in turn, before and after it is written, and started again: the call
went on, no act reached the switch twice, the closing played, and the recording is whole."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import gevent
import gevent.pool
import pytest

from eslbot.record.reader import Recording
from eslbot.sim import Switch
from eslbot.store.store import Store
from tests.faults.house import ends, keep_packs
from tests.service.rig import ANSWER, PROMISE, RATE, Rig, line, overhear, party

AT_ONCE = 5
"""Victims that run side by side."""
ENDS = 12.0
"""Seconds from the bridge to the agent's hanging up."""
STEPS = 28
"""A call of this kind writes fewer lines than this."""
MORE = 3
"""Lines by which a call may have more than another: so far past the first that had none to die at it is tried on."""
ACTS = ("uuid_audio {c} start", "uuid_displace {c} start", "uuid_setvar {c} transfer_after_bridge", "uuid_kill")


@contextmanager
def life(rig: Rig, step: int, when: str) -> Iterator[subprocess.Popen[bytes]]:
    log = (rig.directory / f"{when}-{step}.log").open("wb")
    victim = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.victim", str(rig.directory / "eslbot.toml"), str(step), when],
        env={**os.environ, "PASSWORD": rig.switch.password}, stdout=log, stderr=log,
    )
    try:
        yield victim
    finally:
        victim.kill()
        while victim.poll() is None:
            gevent.sleep(0.01)
        log.close()


def killed_at(directory: Path, step: int, when: str) -> str | None:
    """One call with one death. None: the call had fewer steps. Else what is wrong, or an empty string."""
    directory.mkdir()
    with Switch(closing="tone_stream://%(1000,0,1200)") as switch:
        rig, received = Rig(directory, switch), overhear(switch)
        keep_packs(rig)
        with life(rig, step, when) as first:
            switch.wait(lambda: switch.connections >= 2 or first.poll() is not None, 90.0, "it did not connect")
            gevent.sleep(1.5)  # the recogniser loads; a call that it misses dies of fewer lines, which is counted below
            bridged = time.time()
            agent = party(line(PROMISE, 0.1), hangs_up_at=ENDS)
            call = switch.place(agent, party(line(ANSWER, 0.2)))
            switch.wait(lambda: first.poll() is not None or call.customer.gone, 40.0, "neither died")
            died = first.poll() is not None
        if not died:
            return None
        lasts = ENDS
        agent.hangs_up_at = None
        switch.wait(lambda: switch.connections == 0, 10.0, "the dead are still connected")
        with life(rig, 0, "after"):
            switch.wait(lambda: switch.connections >= 2, 90.0, "it did not connect again")
            if not call.agent.gone:
                lasts = ends(agent, ENDS)
            switch.wait(lambda: call.customer.gone, 40.0, "the call did not end")
            deadline = gevent.Timeout(60.0, False)
            with deadline:
                while list((directory / "journal").iterdir()) or list((directory / "live").iterdir()):
                    gevent.sleep(0.05)
            gevent.sleep(0.3)
        return judged(rig, received, call.customer.uuid, bridged + lasts, f"{when} line {step}")


def judged(rig: Rig, received: list[str], customer: str, hung_up: float, name: str) -> str:
    """What is wrong, or an empty string. `hung_up`: when the agent did, seconds since the epoch."""
    wrong = [
        f"{act} was sent {count} times"
        for act in ACTS
        if (count := sum(act.format(c=customer) in command for command in received)) > (2 if "setvar" in act else 1)
    ]
    store = Store.open_readonly(f"sqlite:///{rig.directory}/eslbot.db")
    rows = store.recordings.find()
    if len(rows) != 1:
        return f"{name}: {len(rows)} recordings"
    recording = Recording(rows[0], rig.directory / "recordings", [rig.identity])
    if not recording.verify().whole:
        wrong.append("the recording is not whole")
    early = hung_up - rows[0].started - recording.end / RATE  # one that began after the death began late
    if early > 0.5:
        wrong.append(f"the recording ends {early} s before the agent hung up")
    if list((rig.directory / "journal").iterdir()):
        wrong.append("the journal was not settled")
    if rig.switch.core.legs:
        wrong.append("a leg was left behind")
    return "; ".join([name, *wrong]) if wrong else ""


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_a_death_at_any_line_of_the_journal_repeats_nothing_and_loses_nothing(tmp_path: Path) -> None:
    pool = gevent.pool.Pool(AT_ONCE)
    cases = [(step, when) for step in range(1, STEPS) for when in ("before", "after")]
    fewest = STEPS

    def tried(case: tuple[int, str]) -> str | None:
        nonlocal fewest
        if case[0] > fewest + MORE:
            return None
        result = killed_at(tmp_path / f"{case[1]}-{case[0]}", *case)
        if result is None:
            fewest = min(fewest, case[0])
        return result

    results = pool.map(tried, cases)
    # once more and alone, since this machine may have been busy with others; there a second look costs half a minute
    wrong = [case for case, result in zip(cases, results, strict=True) if result]
    assert [again for case in wrong if (again := killed_at(tmp_path / f"{case[1]}-{case[0]}-again", *case))] == []
    died = [case for case, result in zip(cases, results, strict=True) if result is not None]
    assert len(died) >= 16
    assert results[-1] is None, "raise STEPS: a call writes more lines than were tried"
