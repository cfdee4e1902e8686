from pathlib import Path

from eslbot.supervise.web.reference import render

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "api.md"


def test_the_page_is_what_the_code_says():
    assert PAGE.read_text() == render()
