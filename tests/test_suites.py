"""Every suite is run before a change lands: what is behind a marker, and what the Makefile runs, stands in .ci/run, or
here with why it does not."""

import re
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
