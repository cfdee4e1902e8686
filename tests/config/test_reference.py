from pathlib import Path

from eslbot.config.reference import render
from eslbot.config.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "config.md"


def test_the_page_is_what_the_settings_say():
    assert PAGE.read_text("utf-8") == render(), "run python -m eslbot.config.reference > docs/reference/config.md"


def test_every_setting_has_a_meaning():
    for row in render().splitlines():
        if row.startswith("| `"):
            assert row.split(" | ")[2].strip(" |"), row


def test_every_section_is_on_the_page():
    for name, field in Settings.model_fields.items():
        if name != "node":
            assert f"[{field.alias or name}]" in render()


def test_a_period_is_shown_as_one_would_write_it_and_a_duration_too() -> None:
    assert '| `lasts` | `"12h"` |' in render()
    assert '| `ring` | `"20s"` |' in render()
