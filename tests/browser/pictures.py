"""The pictures of the console in the docs, made anew: `python -m tests.browser.pictures DIRECTORY`. The wall and a call
are of the crowd, the player is of a real recording on the stage. To be looked at before they are kept."""

import argparse
import io
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chatter import agent_of
from tests.browser.contested import contest
from tests.browser.stage import Process, Stage
from tests.browser.window import Window, launched

VIOLATED = "/calls/00000009-1111-4111-8111-111111111111"
LOOKS = (("zh", "light"), ("en", "dark"))
CUSTOMER = [["severe-promise", 3, 7.0], ["severe-promise", 5, 16.0]]


def keep(page: Any, out: Path, name: str, language: str, theme: str) -> None:
    """As a WebP of few colours: sharp, and small."""
    file = out / f"console-{name}-{language}{'-dark' if theme == 'dark' else ''}.webp"
    image = Image.open(io.BytesIO(page.screenshot()))
    image.convert("RGB").save(file, "WEBP", quality=72, method=6)
    print(file, file.stat().st_size)


def of_crowd(browser: Browser, out: Path, language: str, theme: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        crowd = Process("tests.browser.crowd", directory, "--calls", "40", "--language", language)
        try:
            url = f"http://127.0.0.1:{crowd.first['port']}"
            window = Window(browser, url, language, theme)
            page = window.page
            page.goto(f"{url}/sign-in")
            keep(page, out, "sign-in", language, theme)
            window.sign_in("sup")
            time.sleep(18)
            keep(page, out, "calls", language, theme)
            page.goto(url + VIOLATED)
            time.sleep(20)
            keep(page, out, "call", language, theme)
            window.close()
            agent = Window(browser, url, language, theme)
            page = agent.sign_in(agent_of(2))
            time.sleep(8)
            keep(page, out, "agent", language, theme)
            agent.close()
        finally:
            crowd.stop()


def of_stage(browser: Browser, out: Path) -> None:
    """Two calls of a real service: one is masked while a card's number would be said, and played afterwards."""
    with tempfile.TemporaryDirectory() as directory:
        stage = Stage(Path(directory))
        try:
            stage.people()
            stage.start()
            lines = [["severe-promise", 1, 0.5], ["severe-promise", 2, 3.5], ["severe-promise", 4, 9.0],
                     ["severe-promise", 6, 19.0], ["severe-promise", 1, 24.0]]
            call = stage.tell("place", {"agent": lines, "customer": CUSTOMER, "ends": 30.0})["call"]
            window = Window(browser, stage.url)
            page = window.sign_in("sup")
            page.goto(f"{stage.url}/calls/{call}")
            page.locator("#finals", has_text="风险").wait_for()
            page.keyboard.press("p")
            page.locator("#finals .masked").first.wait_for()
            keep(page, out, "masked", "zh", "light")
            page.keyboard.press("o")
            page.locator("#gone").wait_for(timeout=60_000)
            window.close()
            for language, theme in LOOKS:
                window = Window(browser, stage.url, language, theme)
                page = window.sign_in("qa")
                page.goto(f"{stage.url}/recordings")
                keep(page, out, "recordings", language, theme)
                page.goto(f"{stage.url}/recordings/{call}")
                page.locator("#words .word").nth(12).click()
                time.sleep(1.5)
                page.keyboard.press("Space")
                keep(page, out, "player", language, theme)
                window.close()
        finally:
            stage.stop()


def of_appeal(browser: Browser, out: Path) -> None:
    """A violation whose agent contests it, as the agent and as whoever decides has it."""
    with tempfile.TemporaryDirectory() as directory:
        stage = Stage(Path(directory))
        try:
            stage.people()
            stage.start()
            agent = Window(browser, stage.url)
            page = agent.sign_in("seat1")
            contest(stage, page, CUSTOMER)
            page.fill("#reason", "客户问的是“有没有稳赚不赔的产品”，我是在重复他的问题。")
            keep(page, out, "appealing", "zh", "light")
            page.locator("form[action$=file] button.main").click()
            page.locator(".written").wait_for()
            for language, theme in LOOKS:
                window = Window(browser, stage.url, language, theme)
                shown = window.sign_in("qa")
                shown.goto(page.url)
                shown.wait_for_timeout(300)
                keep(shown, out, "appeal", language, theme)
                window.close()
            agent.close()
        finally:
            stage.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = launched(playwright)
        for language, theme in LOOKS:
            of_crowd(browser, out, language, theme)
        of_stage(browser, out)
        of_appeal(browser, out)
        browser.close()


if __name__ == "__main__":
    main()
