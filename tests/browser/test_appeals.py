"""An appeal in a real browser, from the violation to the decision: filed by its agent, denied to a supervisor, decided
by quality; by keyboard alone, in both languages."""

import re
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from eslbot.store.account_rows import TokenRow
from eslbot.store.accounts import AccountStore
from eslbot.store.chain import Entry
from eslbot.supervise import secrets
from eslbot.supervise.access import Permission
from tests.browser.contested import contest
from tests.browser.stage import Stage
from tests.browser.window import Window, looked_at

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
Make = Callable[..., Window]
ANSWER = ["severe-promise", 3, 2.5]
expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def contested(stage: Stage, chromium: Any) -> str:
    """The address of a violation in a call that has ended, as its agent's page has it."""
    window = Window(chromium, stage.url)
    page = window.sign_in("seat1")
    found = contest(stage, page, [ANSWER])
    window.close()
    return found


def token(stage: Stage, name: str) -> str:
    store = AccountStore(f"sqlite:///{stage.directory}/eslbot.db")
    number, secret = secrets.new_token()
    row = TokenRow(number, name, secrets.digest(secret), "test", tuple(Permission), 0.0, None)
    store.add_token(row, Entry("token-made", "test", subject=number))
    store.close()
    return secret


def status(stage: Stage, path: str, name: str, body: bytes | None = None) -> int:
    headers = {"Authorization": f"Bearer {token(stage, name)}", "Content-Type": "application/json"}
    try:
        with urllib.request.urlopen(
                urllib.request.Request(stage.url + path, data=body, headers=headers), timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_an_agent_contests_a_violation_by_keyboard_a_supervisor_is_denied_and_quality_decides(
    stage: Stage, window: Make, contested: str,
) -> None:
    agent = window().sign_in("seat1")
    link = agent.locator(f'table a[href="{contested}"]').first
    expect(link).to_be_visible()
    link.focus()
    agent.keyboard.press("Enter")
    expect(agent.locator(".quoted")).to_contain_text("稳赚")
    agent.locator("#reason").focus()
    agent.keyboard.type("<b>我说的是不保证</b>")
    agent.keyboard.press("Tab")
    agent.keyboard.press("Enter")
    expect(agent.locator(".written")).to_have_text("<b>我说的是不保证</b>")
    expect(agent.get_by_role("button", name="撤回申诉")).to_be_visible()
    assert looked_at(agent, contested) == []

    supervisor = window().sign_in("sup")
    expect(supervisor.locator("nav")).not_to_contain_text("申诉")
    for path in ("/appeals", contested):
        answer = supervisor.goto(stage.url + path)
        assert answer is not None
        assert answer.status == 403
        assert "不保证" not in supervisor.content()
    name = contested.rpartition("/")[2]
    for who in ("sup", "aud"):
        assert status(stage, f"/api/v1/appeals/{name}", who) == 403
        assert status(stage, f"/api/v1/appeals/{name}/decide", who, b'{"outcome":"upheld","reason":"x"}') == 403
    assert status(stage, f"/api/v1/appeals/{name}/decide", "seat1", b'{"outcome":"upheld","reason":"x"}') == 403

    quality = window(language="en").sign_in("qa")
    quality.goto(stage.url)
    expect(quality.locator("nav .badge").last).to_have_text("1")
    quality.get_by_role("link", name=re.compile("Appeals")).click()
    expect(quality).to_have_title(re.compile(r"^\(1\) Appeals"))
    assert looked_at(quality, "/appeals") == []
    quality.locator(f'a[href="{contested}"]').click()
    expect(quality.locator(".written")).to_have_text("<b>我说的是不保证</b>")
    assert looked_at(quality, contested) == []
    quality.get_by_role("link", name="Hear it in the recording").click()
    stage.until(lambda: quality.evaluate("document.getElementById('audio').currentTime") > 1, "not at its place")
    quality.go_back()
    quality.get_by_role("radio", name=re.compile("Uphold")).focus()
    quality.keyboard.press("Space")
    quality.keyboard.press("Tab")
    quality.keyboard.type("He said that it is not guaranteed.")
    quality.keyboard.press("Tab")
    quality.keyboard.press("Enter")
    expect(quality.locator("#answer-title")).to_have_text("Overturned")
    expect(quality.locator("form[action$=decide]")).to_have_count(0)

    agent.reload()
    expect(agent.locator("#answer-title")).to_have_text("已撤销")
    expect(agent.locator(".side")).to_contain_text("He said that it is not guaranteed.")
    agent.goto(f"{stage.url}/mine")
    expect(agent.locator("tr", has=agent.locator(f'a[href="{contested}"]'))).to_contain_text("已撤销")
    assert looked_at(agent, "/mine") == []
    quality.get_by_role("link", name="Hear it in the recording").click()
    expect(quality.locator("#hits")).to_contain_text("Overturned on appeal")
