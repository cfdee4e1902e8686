"""A page that stays open all day: what it says when the service is gone, when its reader's session ends, when there is
a second one of it; that what it reads aloud is what is new; and the language that goes with an account."""

import re
import signal
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.stage import PASSWORD, Stage
from tests.browser.window import Window

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
MORE = """\
[reasons]
acts = ["correct"]
"""
Make = Callable[..., Window]
NOTICE, PROMISE = ["severe-promise", 2, 0.5], ["severe-promise", 4, 5.0]
COUNT_TONES = """window.tones = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...given) { window.tones += 1; return start.apply(this, given); };"""
TOLD = """() => { window.told = [];
    for (const place of document.querySelectorAll('[aria-live=polite], [role=status], [role=log]'))
        new MutationObserver((all) => all.forEach((one) => one.addedNodes.forEach((node) => {
            if (node.textContent) window.told.push(node.textContent); })))
            .observe(place, {childList: true, subtree: true, characterData: true}); }"""
"""Notes each piece of text that comes into what a screen reader reads by itself."""
expect.set_options(timeout=30_000)


def place(stage: Stage, *agent: Any) -> str:
    call: str = stage.tell("place", {"agent": list(agent), "customer": []})["call"]
    return call


def live(page: Any) -> None:
    expect(page.locator("#link")).to_have_attribute("data-state", "up")


def test_a_service_that_says_nothing_any_more_is_told_of_until_it_is_back(stage: Stage, window: Make) -> None:
    call = place(stage, NOTICE)
    page = window().sign_in("sup")
    page.goto(f"{stage.url}/calls/{call}")
    live(page)
    expect(page.locator("#time")).to_have_text(re.compile(r"\d:\d\d"))
    expect(page.locator("#lost")).to_be_empty()
    stage.send(signal.SIGSTOP)
    try:
        expect(page.locator("#lost")).to_contain_text(re.compile(r"连接已断开.*\d\d:\d\d:\d\d"))
        expect(page.locator("#link")).to_contain_text("未连接")
        before = page.locator("#time").text_content()
        page.wait_for_timeout(2_500)                 # two beats of its clock
        assert page.locator("#time").text_content() == before
    finally:
        stage.send(signal.SIGCONT)
    live(page)
    expect(page.locator("#lost")).to_be_empty()
    expect(page.locator("#time")).not_to_have_text(before or "")
    stage.tell("hang_up", call)


def test_a_session_that_ends_leads_to_the_sign_in_and_from_there_back_to_the_call(stage: Stage, window: Make) -> None:
    call = place(stage, NOTICE)
    page = window().sign_in("south")
    page.goto(f"{stage.url}/calls/{call}")
    live(page)
    stage.sign_out("south")
    expect(page).to_have_url(re.compile("/sign-in"))
    expect(page.get_by_role("alert")).to_contain_text("登录已到期")
    page.fill("#name", "south")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/calls/{call}$"))
    stage.tell("hang_up", call)


def test_what_is_read_aloud_is_what_is_new_and_no_more(stage: Stage, window: Make) -> None:
    call = place(stage, NOTICE, PROMISE)
    page = window().sign_in("sup")
    page.goto(f"{stage.url}/calls/{call}")
    expect(page.locator("#finals li")).not_to_have_count(0)
    first = page.locator("#finals li .text").first.text_content()
    page.evaluate(TOLD)
    expect(page.locator("#hits li").first).to_contain_text("严重")
    expect(page.locator("#finals")).to_contain_text("稳赚不赔")
    page.locator("[data-verb=mute]").click()
    expect(page.locator("#acts-done")).to_contain_text("sup")
    told = page.evaluate("window.told")
    assert any("稳赚不赔" in text for text in told)
    assert not any(first in text for text in told)
    assert sum("guaranteed-return" in text for text in told) <= 2   # once, and once more when it is sure
    stage.tell("hang_up", call)


def test_an_alert_sounds_in_one_of_two_tabs_and_stands_in_both_titles(stage: Stage, window: Make) -> None:
    made = window()
    made.context.add_init_script(COUNT_TONES)
    one = made.sign_in("sup")
    other = made.open()
    other.goto(stage.url)
    for page in (one, other):
        live(page)
        page.locator("h1").click()                  # no sound before that
    call = place(stage, NOTICE, PROMISE)
    for page in (one, other):
        expect(page.locator(f'#alerts li:has(a[href="/calls/{call}"])')).to_have_count(1)
        expect(page).to_have_title(re.compile(r"^\(\d+\) "))
        expect(page.locator("#unseen")).to_be_visible()
    tones = lambda: sum(page.evaluate("window.tones") for page in (one, other))  # noqa: E731
    stage.until(lambda: tones() == 2, "a severe alert is two tones")
    stage.tell("hang_up", call)


def test_what_somebody_writes_outlives_their_session_and_they_go_on_once_they_have_signed_in_beside_it(
    stage: Stage, window: Make,
) -> None:
    call, made = place(stage, NOTICE), window()
    page = made.sign_in("sup")
    page.goto(f"{stage.url}/calls/{call}")
    expect(page.locator("[data-verb=correct]")).to_be_enabled()
    page.keyboard.press("c")
    page.get_by_role("dialog").locator("textarea").fill("客户要求更正")
    stage.sign_out("sup")
    expect(page.locator("#lost a")).to_have_attribute("target", "_blank")
    expect(page.get_by_role("dialog").locator("textarea")).to_have_value("客户要求更正")
    beside = made.open()
    beside.goto(f"{stage.url}/sign-in")
    beside.fill("#name", "sup")
    beside.fill("#password", PASSWORD)
    beside.keyboard.press("Enter")
    live(page)
    expect(page.locator("#lost")).to_be_empty()
    page.get_by_role("dialog").get_by_role("button", name="更正", exact=True).click()
    expect(page.locator("#acts-done")).to_contain_text("sup")
    page.locator("#account summary").press("Enter")     # a form of the page is of the new session, too
    page.get_by_role("button", name="退出登录").press("Enter")
    expect(page).to_have_url(re.compile("/sign-in$"))
    stage.tell("hang_up", call)


def test_a_pointer_that_is_left_on_the_wall_does_not_hold_its_order_for_ever(stage: Stage, window: Make) -> None:
    call = place(stage, NOTICE)
    page = window().sign_in("sup")
    page.locator(f'a.call[href="/calls/{call}"]').hover()
    expect(page.locator("#held")).to_be_visible()
    expect(page.locator("#held")).to_be_hidden()
    stage.tell("hang_up", call)


def test_what_is_looked_for_stands_when_one_comes_back_from_a_call(stage: Stage, window: Make) -> None:
    call = place(stage, NOTICE)
    page = window().sign_in("sup")
    page.locator("#filter").fill("seat1")
    page.locator(f'a.call[href="/calls/{call}"]').click()
    expect(page.locator("#who")).to_have_text("seat1")
    expect(page).to_have_title(re.compile("seat1"))
    page.go_back()
    expect(page.locator("#filter")).to_have_value("seat1")
    expect(page.locator(f'a.call[href="/calls/{call}"]')).to_be_visible()
    page.locator("#filter").fill("nobody of that name")
    expect(page.locator("#found")).to_have_text("没有符合筛选条件的通话。")
    stage.tell("hang_up", call)


def test_a_language_goes_with_the_account_and_its_menu_is_reached_by_keys(stage: Stage, window: Make) -> None:
    page = window().sign_in("aud")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.locator("#account summary").press("Enter")
    expect(page.locator("#theme")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#theme")).to_be_hidden()
    expect(page.locator("#account summary")).to_be_focused()
    page.locator("#account summary").press("Enter")
    page.get_by_role("button", name="English").press("Enter")
    expect(page.locator("h1")).to_have_text("Recordings")
    other = window()
    elsewhere = other.sign_in("aud")
    expect(elsewhere.locator("h1")).to_have_text("Recordings")
    other.page.goto(f"{stage.url}/sign-in?language=zh")     # of this browser: the account's stands over it
    elsewhere.goto(f"{stage.url}/recordings")
    expect(elsewhere.locator("h1")).to_have_text("Recordings")
