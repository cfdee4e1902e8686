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
    assert rig.switch.connections == 0
    assert not (rig.directory / "eslbot.sock").exists()
