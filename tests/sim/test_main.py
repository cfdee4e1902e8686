"""The embedded switch as a process of its own."""

import json
import signal
import subprocess
import sys
from pathlib import Path

from eslbot.sim.sound import tone, write_wav
from tests.sim.client import Client


def test_it_runs_in_a_process_of_its_own_by_a_script(tmp_path: Path) -> None:
    write_wav(tmp_path / "x.wav", tone(440, 0, 4000, 8000), 8000)
    script = tmp_path / "script.json"
    script.write_text(json.dumps({
        "calls": [
            {"agent": {"wav": "x.wav"}, "customer": {"tone": 700}, "first": "customer", "hangs_up": {"agent": 3}},
            {"at": 1, "agent": {}, "customer": {}, "hangs_up": {"customer": 1}},
        ],
        "faults": [{"at": 2, "do": "sever"}],
    }))  # fmt: skip
    command = [sys.executable, "-m", "eslbot.sim", "--speed", "5", "--password", "p", "--script", str(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [json.loads(process.stdout.readline())]
        with Client(told[0]["port"], "p") as client:
            assert client.ask("api version").startswith("FreeSWITCH")
        while sum("ended" in one for one in told) < 2:
            told.append(json.loads(process.stdout.readline()))
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert [next(iter(one)) for one in told if "fault" not in one][:2] == ["port", "bridged"]
    assert {"fault": "sever"} in told
    assert told[1]["bridged"]["first"] == "customer"


def test_a_script_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    script.write_text('{"faults": [{"at": 1, "do": "explode"}]}')
    command = [sys.executable, "-m", "eslbot.sim", "--script", str(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert "explode" in done.stderr
    assert "script.json" in done.stderr
