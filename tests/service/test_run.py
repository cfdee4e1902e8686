"""A service in a process of its own ends when it is told to, and says so."""

import json
import os
import signal
import subprocess
import sys

import gevent

from tests.service.rig import Rig


def test_sigterm_ends_it_with_zero_and_nothing_is_left_running(rig: Rig) -> None:
    log = rig.directory / "log"
    with log.open("wb") as out:
        service = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.victim", str(rig.directory / "eslbot.toml"), "0", "after"],
            env={**os.environ, "PASSWORD": rig.switch.password}, stdout=out, stderr=out,
        )
    try:
        rig.switch.wait(lambda: rig.switch.connections >= 2 or service.poll() is not None, 90.0, "it did not connect")
        service.send_signal(signal.SIGTERM)
        rig.switch.wait(lambda: service.poll() is not None, 60.0, "it did not end")
    finally:
        service.kill()
        while service.poll() is None:
            gevent.sleep(0.01)
    assert service.returncode == 0
    events = [json.loads(entry)["event"] for entry in log.read_text().splitlines()]
    assert "started" in events
    assert any(event.startswith("ending") for event in events)
    rig.switch.wait(lambda: rig.switch.connections == 0, 10.0, "the switch still has its connections")
    assert not (rig.directory / "eslbot.sock").exists()


PACK = """
pack: mine
version: "{version}"
language: zh
rules:
  - {{id: promise, says: agent, any: [{phrase}], severity: severe}}
"""


def test_sighup_takes_the_packs_anew_and_a_broken_one_leaves_the_old_in_force(rig: Rig) -> None:
    file, log = rig.directory / "mine.yaml", rig.directory / "log"
    file.write_text(PACK.format(version="1", phrase="保本"))
    rig.__init__(rig.directory, rig.switch, judge={"packs": ["./mine.yaml"]})  # type: ignore[misc]
    with log.open("wb") as out:
        service = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.victim", str(rig.directory / "eslbot.toml"), "0", "after"],
            env={**os.environ, "PASSWORD": rig.switch.password}, stdout=out, stderr=out,
        )

    def told(event: str) -> list[dict[str, object]]:
        lines = [line for line in log.read_text().splitlines() if line.startswith("{")]
        return [entry for entry in map(json.loads, lines) if str(entry["event"]).startswith(event)]

    try:
        rig.switch.wait(lambda: told("started") or service.poll() is not None, 90.0, "it did not start")
        file.write_text(PACK.format(version="2", phrase="保息"))
        service.send_signal(signal.SIGHUP)
        rig.switch.wait(lambda: told("packs in force"), 60.0, "it did not take them")
        file.write_text(PACK.format(version="3", phrase="保息").replace("severe", "sever"))
        service.send_signal(signal.SIGHUP)
        rig.switch.wait(lambda: told("the packs cannot be loaded"), 60.0, "it did not tell")
        rig.switch.wait(lambda: told("alert"), 10.0, "nobody was told")
    finally:
        service.kill()
        while service.poll() is None:
            gevent.sleep(0.01)
    assert told("packs in force")[0]["packs"] == ["mine 2"]
    assert "mine.yaml:6: rule promise" in str(told("the packs cannot be loaded")[0]["first"])
    assert told("alert")[0]["kind"] == "packs-broken"
