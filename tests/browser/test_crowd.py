"""The console before 200 calls that all talk: how smooth it stays is measured and shown; and every page, in both themes
and languages and on a telephone's width, held against axe-core's rules and against what a page may ask for."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.chatter import agent_of
from tests.browser.stage import Process
from tests.browser.window import Window, looked_at

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
CALLS = int(os.environ.get("ESLBOT_CROWD", "200"))
ONE = "/calls/00000003-1111-4111-8111-111111111111"
WATCH = """() => { window.told = {tasks: [], frames: []};
  new PerformanceObserver((list) => list.getEntries().forEach((one) => told.tasks.push(one.duration)))
    .observe({type: 'longtask'});
  let last = performance.now();
  const frame = (at) => { told.frames.push(at - last); last = at; requestAnimationFrame(frame); };
  requestAnimationFrame(frame); }"""


class Crowd:
    def __init__(self, directory: Path, calls: int, language: str) -> None:
        self.process = Process("tests.browser.crowd", str(directory), "--calls", str(calls), "--language", language)
        self.url = f"http://127.0.0.1:{self.process.first['port']}"

    def stats(self) -> dict[str, float]:
        return self.process.ask("stats")


@pytest.fixture
def crowd(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Crowd]:
    made = Crowd(tmp_path, *request.param)
    yield made
    made.process.stop()


@pytest.mark.parametrize("crowd", [(CALLS, "zh")], indirect=True)
def test_the_wall_of_200_calls_shows_them_all_and_its_work_is_measured(
    chromium: Any, crowd: Crowd, capsys: pytest.CaptureFixture[str],
) -> None:
    window = Window(chromium, crowd.url)
    page = window.sign_in("sup")
    expect(page.locator("#calls > li")).to_have_count(CALLS, timeout=30_000)
    shown = page.locator("#calls > li").first.locator(".said")
    before, first = shown.text_content(), crowd.stats()
    page.evaluate(WATCH)
    page.wait_for_timeout(15_000)
    told, last = page.evaluate("() => window.told"), crowd.stats()
    assert shown.text_content() != before
    assert page.locator("#calls > li").count() == CALLS
    frames, tasks = sorted(told["frames"]), told["tasks"]
    seconds = last["at"] - first["at"]
    result = {
        "calls": CALLS, "seconds": round(seconds, 1),
        "messages_a_second": round((last["number"] - first["number"]) / seconds),
        "frame_ms": {"median": round(frames[len(frames) // 2], 1), "p95": round(frames[int(len(frames) * 0.95)], 1)},
        "long_tasks": len(tasks), "longest_task_ms": round(max(tasks, default=0.0)),
        "service_cpu_a_second": round((last["cpu"] - first["cpu"]) / seconds, 3),
        "feed_us_a_hypothesis": round(1e6 * (last["seconds"] - first["seconds"]) / (last["given"] - first["given"]), 1),
    }
    with capsys.disabled():
        print("\n" + json.dumps(result))
    # The order stands by severity, whatever moved meanwhile.
    worst = page.evaluate("() => [...document.querySelectorAll('a.call')].map((one) => Number(one.dataset.worst))")
    assert worst == sorted(worst, reverse=True)
    page.locator("#filter").fill("…0007")
    expect(page.locator("#calls > li")).to_have_count(1)
    assert window.wrong == []
    window.close()


@pytest.mark.parametrize(("language", "theme", "width", "crowd"), [
    ("zh", "light", 1280, (12, "zh")), ("en", "dark", 390, (12, "en"))], indirect=["crowd"])
def test_every_page_is_fit_for_everybody(chromium: Any, crowd: Crowd, language: str, theme: str, width: int) -> None:
    faults: list[str] = []
    window = Window(chromium, crowd.url, language, theme, width)
    page = window.page
    page.goto(f"{crowd.url}/sign-in")
    faults += looked_at(page, "/sign-in")
    window.sign_in("sup")
    for path in ("/", ONE, "/calls/none", "/alerts", "/recordings", "/help", "/password", "/nothing"):
        page.goto(crowd.url + path)
        page.wait_for_timeout(2_500)
        faults += looked_at(page, path)
    page.goto(crowd.url + ONE)
    expect(page.locator("[data-verb=hangup]")).to_be_enabled()
    page.locator("[data-verb=hangup]").click()
    faults += looked_at(page, "the dialog")
    assert faults == []
    assert window.wrong == []
    window.close()
    agent = Window(chromium, crowd.url, language, theme, width)
    page = agent.sign_in(agent_of(2))
    expect(page.locator("#items li")).not_to_have_count(0)
    assert looked_at(page, "/mine") == []
    assert agent.wrong == []
    agent.close()


@pytest.mark.parametrize("crowd", [(6, "en")], indirect=True)
def test_markup_in_names_words_rules_and_alerts_is_shown_as_it_was_said(chromium: Any, crowd: Crowd) -> None:
    call = crowd.process.ask("evil 4")["call"]
    asked: list[str] = []
    window = Window(chromium, crowd.url, "en")
    page = window.sign_in("sup")
    page.on("request", lambda one: asked.append(one.url))
    expect(page.locator("a.call").first).to_contain_text("<img src=/evil")
    expect(page.locator("#alerts")).to_contain_text("<script>")
    page.goto(f"{crowd.url}/calls/{call}")
    for where in ("#who", "#team", "#finals mark", "#hits", "#acts-done"):
        expect(page.locator(where).first).to_contain_text("<img src=/evil")
    page.goto(f"{crowd.url}/alerts")
    expect(page.locator("#alerts")).to_contain_text("<img src=/evil")
    assert page.locator("img").count() == 0
    assert not [url for url in asked if "evil" in url]
    assert "evil" not in page.title()
    assert window.wrong == []
    window.close()
