"""A directory with a configuration and a key, and the command line run in this process."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from eslbot.cli.app import main

HERE = Path(__file__).parent


@dataclass
class Said:
    """What a command line came to."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def eslbot(capfd, monkeypatch):
    """Runs one command line."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("ESLBOT_ESL_PASSWORD", raising=False)

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Said(code, out, err)

    return run


@pytest.fixture
def made(tmp_path, eslbot):
    """What `eslbot init` makes, with its live places inside it."""
    directory = tmp_path / "made"
    assert eslbot("init", directory).code == 0
    file = directory / "eslbot.toml"
    text = file.read_text()
    file.write_text(text.replace("/dev/shm/eslbot", str(tmp_path / "shm")).replace('# live = "', 'live = "'))
    return file
