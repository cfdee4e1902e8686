from pathlib import Path

from eslbot.cli.reference import render
from tests.cli.test_app import COMMANDS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"


def test_the_page_is_what_the_commands_say():
    assert PAGE.read_text("utf-8") == render(), "run python -m eslbot.cli.reference > docs/reference/cli.md"


def test_every_command_is_on_the_page():
    for command in COMMANDS:
        assert "\n## eslbot " + " ".join(command) in render()
