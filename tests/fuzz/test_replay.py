"""Every input that ever broke a target, and every seed, once more: in seconds, without atheris."""

from pathlib import Path

import pytest

from tests.fuzz.__main__ import files
from tests.fuzz.targets import NAMES, target


@pytest.mark.parametrize("name", NAMES)
def test_the_seeds_break_nothing(name: str) -> None:
    for seed in target(name).seeds():
        target(name).one(seed)


@pytest.mark.parametrize(
    ("name", "file"), [pytest.param(name, file, id=f"{name}-{file.name}") for name in NAMES for file in files(name)],
)
def test_what_was_found_once_stays_mended(name: str, file: Path) -> None:
    target(name).one(file.read_bytes())
