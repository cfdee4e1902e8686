"""Which language a page speaks."""

import pytest

from eslbot.supervise.web.language import COOKIE, WORDS
from tests.supervise.web.rig import WebRig


def test_the_frames_own_words_are_there_in_both_languages() -> None:
    assert WORDS["zh"].keys() == WORDS["en"].keys()
    assert all(text for words in WORDS.values() for text in words.values())


@pytest.mark.parametrize(
    ("cookie", "asks", "speaks"),
    [("", "", "zh"), ("", "en-GB,en;q=0.9", "en"), ("", "fr", "zh"), ("en", "zh", "en"), ("zh", "en", "zh"),
     ("xx", "en", "en")],
)
def test_what_was_chosen_comes_before_what_the_browser_asks_for_and_that_before_the_house(
    web: WebRig, cookie: str, asks: str, speaks: str,
) -> None:
    browser = web.client()
    if cookie:
        browser.set_cookie(COOKIE, cookie)
    page = browser.get("/sign-in", headers={"Accept-Language": asks}).get_data(as_text=True)
    assert WORDS[speaks]["password"] in page
