"""Every suite is run before a change lands: what is behind a marker, and what the Makefile runs, stands in .ci/run, or
here with why it does not. And how .ci/run tells of its steps."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OUTSIDE = {"conformance": "wants a FreeSWITCH", "bench": "says how fast it is, and holds it to nothing"}
"""Targets, or markers, that no landing waits for."""


def recipes() -> dict[str, tuple[list[str], str]]:
    """Prerequisites and recipe of each target that a person may type."""
    text = (ROOT / "Makefile").read_text().replace("\\\n", " ")
    found = re.findall(r"^([a-z-]+):([^#\n=]*)(?:##.*)?\n((?:\t.*\n)*)", text, re.MULTILINE)
    return {name: (before.split(), recipe) for name, before, recipe in found}


def made() -> set[str]:
    """What .ci/run makes, and what that needs."""
    steps = re.sub(r"#.*", "", (ROOT / ".ci/run").read_text())
    every, left = recipes(), re.findall(r"\bmake (?:--silent )?([a-z-]+)", steps)
    found: set[str] = set()
    while left:
        name = left.pop()
        if name not in found and name != "ci":
            found.add(name)
            left += [before for before in every[name][0] if before in every]
    return found


def test_each_target_that_runs_tests_is_made_before_a_change_lands() -> None:
    testing = {name for name, (_, recipe) in recipes().items() if "-m pytest" in recipe}
    assert {"tests", "voice-check"} <= testing
    assert testing - made() == OUTSIDE.keys()


def test_each_marker_is_asked_for_by_a_target_that_is_made() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    markers = {marker.partition(":")[0] for marker in settings["markers"]}
    left_out = set(re.findall(r"not (\w+)", settings["addopts"]))
    assert markers == left_out | {"conformance"}
    asked = {name for target in made() for name in re.findall(r" -m (\w+)", recipes()[target][1])}
    assert left_out - asked - OUTSIDE.keys() == set()


@pytest.mark.parametrize("what", ["style", "types", "layers", "tests"])
def test_what_a_newcomer_types_is_all_that_needs_nothing_more(what: str) -> None:
    assert what in recipes()["test"][0]


def stub(place: Path, name: str, script: str) -> None:
    (place / name).write_text(f"#!/bin/sh\n{script}\n")
    (place / name).chmod(0o755)


def begun(directory: Path, script: str) -> "subprocess.Popen[str]":
    """A run of .ci/run in which `make` is that script; nothing is installed."""
    for place in (".ci", ".venv/bin", "bin"):
        (directory / place).mkdir(parents=True)
    shutil.copy(ROOT / ".ci/run", directory / ".ci/run")
    (directory / ".venv/bin/python").symlink_to(sys.executable)
    stub(directory / "bin", "make", script)
    stub(directory / "bin", "apt-get", "")
    environ = {**os.environ, "PATH": f"{directory / 'bin'}:{os.environ['PATH']}"}
    pipe = subprocess.PIPE
    return subprocess.Popen([directory / ".ci/run"], env=environ, text=True, stdout=pipe, stderr=pipe)


def landed(directory: Path, script: str) -> tuple[int, str, str]:
    """Exit code, output and errors of such a run."""
    run = begun(directory, script)
    out, err = run.communicate(timeout=60)
    return run.returncode, out, err


def test_each_step_says_what_it_said_and_how_long_it_took(tmp_path: Path) -> None:
    script = 'case "$*" in *demo*) echo "{}";; *) echo "one of $1"; sleep 0.1; echo "two of $1";; esac'
    code, out, err = landed(tmp_path, script)
    assert code == 0, out + err
    for name in ("test", "faults", "test-browser", "test-services", "voice-check"):
        assert re.search(rf"^== .*make {name}.*: \d+ s\none of {name}\ntwo of {name}$", out, re.MULTILINE)
    assert re.search(r"^== demo: \d+ s$", out, re.MULTILINE)


def test_a_step_that_fails_is_told_with_its_output_and_nothing_new_begins(tmp_path: Path) -> None:
    fails = f'if [ "$1" = test ]; then echo wrong >&2; touch {tmp_path}/over; exit 3; fi'
    waits = f'[ "$1" = ready ] || while [ ! -e {tmp_path}/over ]; do sleep 0.05; done; sleep 1; echo "{{}}"'
    code, out, _ = landed(tmp_path, f"{fails}; {waits}")
    assert code == 1
    assert re.search(r"^== make test .*: \d+ s, FAILED with exit code 3\nwrong$", out, re.MULTILINE)
    for later in ("-- demo", "make faults", "make test-browser"):
        assert later not in out
    assert out.endswith("make test ARGS=--reruns 2 -rfER ended with 3\n")


def test_a_demo_that_prints_no_json_is_a_failure(tmp_path: Path) -> None:
    code, out, _ = landed(tmp_path, "echo nothing of the kind")
    assert code == 1
    assert re.search(r"^== demo: \d+ s, FAILED with exit code 1$", out, re.MULTILINE)


def test_an_interrupt_ends_what_goes_on(tmp_path: Path) -> None:
    script = f'case "$*" in *test*|*voice*) trap "echo x >> {tmp_path}/ended; exit 1" INT; echo x >> {tmp_path}/here;'
    run = begun(tmp_path, f"{script} while :; do sleep 0.05; done;; esac")
    assert run.stdout is not None
    lines = iter(run.stdout.readline, "")
    assert next(line for line in lines if "voice-check" in line)
    while not (tmp_path / "here").exists() or len((tmp_path / "here").read_text()) < 6:
        time.sleep(0.02)
    run.send_signal(signal.SIGTERM)
    assert run.wait(30) == 130
    assert (tmp_path / "ended").read_text() == "x\n" * 3
    run.communicate()
