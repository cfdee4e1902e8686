"""The demo, whole: the embedded switch, the real service, the shipped voices, as a person types it."""

import json
import os
import signal
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eslbot import data
from eslbot.cli.demo_stage import PLAYS
from eslbot.sim import dialogue
from eslbot.sim.sound import read_wav

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path, str]:
    """What `eslbot demo --json` printed, where it was run, and its timeline."""
    directory = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "eslbot", "demo", "--json"]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout), directory, done.stderr


def of(found: dict[str, Any], kind: str, dialogue_name: str) -> list[dict[str, Any]]:
    return [row for row in found[kind] if row["dialogue"] == dialogue_name]


def test_nothing_is_found_against_the_lawful_call(shown: tuple[dict[str, Any], Path, str]) -> None:
    assert of(shown[0], "violations", "clean") == []


def test_the_missing_notice_is_found_and_the_agent_reminded(shown: tuple[dict[str, Any], Path, str]) -> None:
    found = of(shown[0], "violations", "missing-disclosure")
    assert "recording-notice" in {row["rule"] for row in found}
    acts = {(row["kind"], row["outcome"], row["rule"]) for row in of(shown[0], "acts", "missing-disclosure")}
    assert ("remind", "done", "recording-notice") in acts


def test_the_severe_promise_is_muted_and_let_go(shown: tuple[dict[str, Any], Path, str]) -> None:
    (found,) = of(shown[0], "violations", "severe-promise")
    assert (found["rule"], found["severity"]) == ("guaranteed-return", "severe")
    assert found["law_source"].startswith("广告法")
    acts = [(row["kind"], row["outcome"]) for row in of(shown[0], "acts", "severe-promise")]
    assert ("mute", "done") in acts
    assert ("unmute", "done") in acts


def test_the_customer_did_not_hear_what_the_muted_agent_said(shown: tuple[dict[str, Any], Path, str]) -> None:
    found, directory, _ = shown
    (violation,) = of(found, "violations", "severe-promise")
    after = violation["end"] + 4000  # half a second past the words, within the mute of three
    heard, _ = read_wav(directory / of(found, "wavs", "severe-promise")[0]["customer_heard"])
    agent = dialogue.load(data.dialogues("zh") / "severe-promise").agent
    said = agent.samples(0, after, 4000, 8000).astype(float)
    assert np.abs(said).max() > 1000, "the agent was speaking then"
    assert _alike(said, heard[after - 2000 : after + 8000].astype(float)) < 0.5
    before = agent.samples(0, 8000, 4000, 8000).astype(float)
    assert _alike(before, heard[6000:16000].astype(float)) > 0.9


def _alike(piece: np.ndarray, whole: np.ndarray) -> float:
    """The best normalised correlation of a piece with any place in the whole."""
    products = np.correlate(whole, piece, "valid")
    power = np.convolve(whole**2, np.ones(len(piece)), "valid")
    return float((products / np.sqrt(power * (piece**2).sum() + 1e-9)).max())


def test_closings_are_played_to_those_who_are_there(shown: tuple[dict[str, Any], Path, str]) -> None:
    outcomes = {row["dialogue"]: row["outcome"] for row in shown[0]["closings"]}
    assert outcomes == {"clean": "played", "missing-disclosure": "impossible", "severe-promise": "played"}


def test_recordings_were_opened_and_verified(shown: tuple[dict[str, Any], Path, str]) -> None:
    found, directory, _ = shown
    assert [row["dialogue"] for row in found["recordings"]] == list(PLAYS)
    for row in found["recordings"]:
        assert row["verified"]
        assert row["state"] == "complete"
        with wave.open(str(directory / row["wav"])) as sound:
            assert (sound.getnchannels(), sound.getframerate()) == (2, 8000)
            assert sound.getnframes() == row["samples_verified"] > 8000 * 15


def test_the_object_holds_what_was_promised(shown: tuple[dict[str, Any], Path, str]) -> None:
    found, directory, timeline = shown
    assert {"calls", "violations", "acts", "closings", "recordings", "wavs", "metrics"} <= set(found)
    assert found["wrong"] == []
    names = {sample["name"] for sample in found["metrics"]}
    assert {"eslbot_calls_total", "eslbot_words_total", "eslbot_acts_total", "eslbot_closings_total"} <= names
    assert all((directory / path).exists() for row in found["wavs"] for path in list(row.values())[1:])
    assert "muted" in timeline
    assert "稳赚不赔" in timeline


def test_the_words_stay_out_of_the_log(shown: tuple[dict[str, Any], Path, str]) -> None:
    log = (shown[1] / "demo-out" / "eslbot.log").read_text()
    assert "guaranteed-return" in log
    assert "稳赚不赔" not in log


def test_an_interrupted_demo_leaves_nothing_behind(tmp_path: Path) -> None:
    environ = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-u", "-m", "eslbot", "demo", "--language", "en"]
    with subprocess.Popen(command, cwd=tmp_path, env=environ, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            if "bridged" in line:
                break
        left = [path.name for path in tmp_path.glob("eslbot-demo-*")]
        assert left, "it works in the temporary directory"
        demo.send_signal(signal.SIGINT)
        assert demo.wait(30) == 130
    assert not list(tmp_path.glob("eslbot-demo-*"))
