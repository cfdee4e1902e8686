"""The console in a real browser, before a real service on the embedded switch: what a supervisor, an agent and an
auditor do in it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.stage import Stage
from tests.browser.window import Window, looked_at

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
Make = Callable[..., Window]
NOTICE = ["severe-promise", 2, 0.5]
PROMISE = ["severe-promise", 4, 4.0]
ANSWER = ["severe-promise", 3, 2.5]
COPIED = """() => {
    const words = document.getElementById('words'), data = new DataTransfer();
    getSelection().selectAllChildren(words);
    words.dispatchEvent(new ClipboardEvent('copy', {clipboardData: data, bubbles: true, cancelable: true}));
    return data.getData('text/plain'); }"""
"""What a copy of all that was said puts on the clipboard."""
expect.set_options(timeout=20_000)


@pytest.fixture(autouse=True)
def _ended(stage: Stage) -> Iterator[None]:
    """Each test has the wall for itself, also where the one before it failed in mid-call."""
    yield
    stage.tell("hang_up_all", {})


def place(stage: Stage, *agent: Any, ends: float | None = None) -> str:
    call: str = stage.tell("place", {"agent": list(agent), "customer": [ANSWER], "ends": ends})["call"]
    return call


def live(page: Any) -> None:
    """Its address is there before its script, and keys are for the script."""
    expect(page.locator("#link")).to_have_attribute("data-state", "up")


def test_a_supervisor_signs_in_sees_a_call_reads_its_words_and_mutes_it_by_button_and_by_key(
    stage: Stage, window: Make,
) -> None:
    page = window().sign_in("sup")
    expect(page.locator("#empty")).to_have_text("当前没有通话。")
    call = place(stage, NOTICE, PROMISE)
    row = page.locator(f'a.call[href="/calls/{call}"]')
    expect(row).to_contain_text("seat1")
    expect(row).to_have_attribute("data-worst", "3")
    expect(page.locator("#alerts li").first).to_contain_text("严重")
    expect(page).to_have_title(re.compile(r"^\(\d+\) "))
    row.click()
    expect(page.locator("#finals")).to_contain_text("稳赚不赔")
    expect(page.locator("#finals .said-line[data-weight='3'] mark").first).to_be_visible()
    expect(page.locator("#hits")).to_contain_text("广告法")
    expect(page.locator("#acts-done")).to_contain_text("静音坐席")
    stage.until(lambda: not stage.tell("muted", call)["muted"], "the rule's mute did not end")
    page.locator("[data-verb=mute]").click()
    expect(page.locator("#flags")).to_contain_text("已静音")
    assert stage.tell("muted", call)["muted"]
    expect(page.locator("#acts-done li").first).to_contain_text("sup")
    page.keyboard.press("u")
    stage.until(lambda: not stage.tell("muted", call)["muted"], "not unmuted by its key")
    page.locator("[data-verb=hangup]").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="取消", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("[data-verb=hangup]")).to_be_focused()
    page.locator("[data-verb=hangup]").click()
    page.get_by_role("dialog").get_by_role("button", name="挂断", exact=True).click()
    expect(page.locator("#gone")).to_contain_text("通话已结束", timeout=40_000)


def test_an_alert_that_was_seen_is_gone_from_every_window(stage: Stage, window: Make) -> None:
    one, other = window().sign_in("sup"), window(language="en").sign_in("sup")
    call = place(stage, NOTICE, PROMISE, ends=9.0)
    mine = lambda page: page.locator(f'#alerts li:has(a[href="/calls/{call}"])')  # noqa: E731
    expect(mine(one)).to_have_count(1)
    expect(mine(other)).to_contain_text("Severe")
    mine(one).get_by_role("button").click()
    expect(mine(one)).to_have_count(0)
    expect(mine(other)).to_have_count(0)


def test_a_call_is_seen_on_through_a_reload_and_a_restart_of_the_service(stage: Stage, window: Make) -> None:
    page = window().sign_in("sup")
    call = place(stage, NOTICE, PROMISE)
    page.goto(f"{stage.url}/calls/{call}")
    expect(page.locator("#hits li")).not_to_have_count(0)
    expect(page.locator("#finals")).to_contain_text("稳赚不赔")
    page.reload()
    expect(page.locator("#finals")).to_contain_text("稳赚不赔")
    stage.end()
    expect(page.locator("#link")).not_to_have_attribute("data-state", "up")
    stage.start()
    expect(page.locator("#link")).to_have_attribute("data-state", "up", timeout=40_000)
    expect(page.locator("#hits")).to_contain_text("严重", timeout=40_000)
    expect(page.locator("#who")).to_have_text("seat1")
    page.keyboard.press("m")
    expect(page.locator("#flags")).to_contain_text("已静音")
    stage.tell("hang_up", call)
    expect(page.locator("#gone")).to_be_visible(timeout=40_000)


def test_a_recording_is_played_and_a_word_takes_to_where_it_was_said(stage: Stage, window: Make) -> None:
    call = place(stage, NOTICE, PROMISE, ends=8.0)
    made = window()
    page = made.sign_in("qa")
    link = page.locator(f'a[href^="/recordings/{call}"]')

    def listed() -> bool:
        page.goto(f"{stage.url}/recordings?state=complete")
        return link.count() == 1

    stage.until(listed, "it is not in the list", 60.0)
    ranges: list[str] = []
    page.on("request", lambda one: ranges.append(one.headers.get("range", "")) if "/audio" in one.url else None)
    link.click()
    expect(page.locator("#words")).to_contain_text("稳")
    audio = lambda what: page.evaluate(f"document.getElementById('audio').{what}")  # noqa: E731
    stage.until(lambda: (audio("duration") or 0) > 5, "its length is not known")
    word = page.locator("#words .word", has_text="赚").first
    start = float(page.evaluate(
        "JSON.parse(document.getElementById('page').textContent).recording.words"
        ".flatMap((said) => said.words).find((word) => word[0].includes('赚'))[1]"))
    word.click()
    stage.until(lambda: start + 0.2 < audio("currentTime") < start + 4, "the word did not take there")
    assert audio("error") is None
    assert any(each.startswith("bytes=") for each in ranges)
    assert page.locator("#hits li").count() >= 1
    assert looked_at(page, "the player") == []
    page.keyboard.press("Space")
    stage.until(lambda: audio("paused"), "not paused by its key")
    first = page.locator("#words button.at").first
    first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#words button.at").nth(1)).to_be_focused()
    page.keyboard.press("Space")                       # a button's own
    stage.until(lambda: not audio("paused"), "a line's time does not play")
    expect(page.locator("#words button.at[tabindex='0']")).to_have_count(1)
    copied = page.evaluate(COPIED).splitlines()
    assert len(copied) == page.locator("#words li").count()
    assert re.fullmatch(r"0:\d\d (坐席|客户)：.+", copied[0])
    assert not any(b"RIFF" in file.read_bytes() for file in stage.directory.rglob("*") if file.is_file())


def test_nobody_sees_or_does_what_is_not_theirs(stage: Stage, window: Make) -> None:
    call = place(stage, NOTICE)
    supervisor = window().sign_in("sup")
    expect(supervisor.locator(f'a.call[href="/calls/{call}"]')).to_contain_text("seat1")
    south = window().sign_in("south")
    expect(south.locator("#link")).to_have_attribute("data-state", "up")
    expect(south.locator("#empty")).to_have_text("当前没有通话。")
    south.goto(f"{stage.url}/calls/{call}")
    expect(south.locator("#gone")).to_contain_text("无权查看")
    post = f"""async (verb) => (await fetch('/calls/{call}/' + verb, {{method: 'POST', body: '{{}}',
        headers: {{'Content-Type': 'application/json',
                   'X-CSRF-Token': JSON.parse(document.getElementById('page').textContent).csrf}}}})).status"""
    assert south.evaluate(post, "mute") == 404
    auditor = window().sign_in("aud")
    expect(auditor).to_have_url(re.compile("/recordings$"))
    assert auditor.evaluate(post, "mute") == 403
    assert auditor.goto(f"{stage.url}/calls/{call}").status == 403  # type: ignore[union-attr]
    agent = window().sign_in("seat1")
    assert agent.evaluate(post, "hangup") == 403
    assert not stage.tell("muted", call)["muted"]
    stage.tell("hang_up", call)


def test_an_agent_reads_its_own_words_checklist_and_reminder(stage: Stage, window: Make) -> None:
    agent = window().sign_in("seat1")
    expect(agent).to_have_url(re.compile("/mine$"))
    expect(agent.locator("#gone-text")).to_have_text("您当前没有通话。")
    call = place(stage, PROMISE)
    expect(agent.locator("#items li")).not_to_have_count(0)
    expect(agent.locator("#talk")).to_contain_text("稳赚不赔")
    expect(agent.locator("#items")).to_contain_text("漏说", timeout=40_000)
    expect(agent.locator("#reminder p")).not_to_be_empty()
    stage.tell("hang_up", call)
    expect(agent.locator("#gone-text")).to_be_visible(timeout=40_000)
    agent.reload()
    expect(agent.locator("tbody")).to_contain_text("严重")


def test_everything_can_be_reached_by_keys_alone(stage: Stage, window: Make) -> None:
    call = place(stage, NOTICE)
    made = window(language="en")
    page = made.page
    page.goto(f"{stage.url}/sign-in")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("sup")
    page.keyboard.press("Tab")
    expect(page.locator("#password")).to_be_focused()
    page.keyboard.type("correct horse battery")
    page.keyboard.press("Enter")
    row = page.locator(f'a.call[href="/calls/{call}"]')
    expect(row).to_be_visible()                       # so its script runs, and hears keys
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#filter")).to_be_focused()
    page.keyboard.type("nobody")
    expect(page.locator("#empty")).to_have_text("No call fits the filter.")
    page.keyboard.press("Escape")
    expect(page.locator("#filter")).to_have_value("")
    expect(page.locator("#filter")).not_to_be_focused()
    expect(page.locator("a.call")).to_have_count(1)   # whatever an earlier test left has ended
    expect(row).to_be_visible()
    page.keyboard.press("j")
    expect(row).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/calls/{call}$"))
    expect(page.locator("[data-verb=mute]")).to_be_enabled()
    page.keyboard.press("h")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("g")
    expect(page).to_have_url(re.compile("/$"))
    live(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Take over")
    page.get_by_role("dialog").get_by_role("link", name="Help").press("Enter")
    expect(page).to_have_url(re.compile("/help$"))
    live(page)
    page.get_by_label("Single keys do something").press("Space")
    page.keyboard.press("g")
    page.wait_for_timeout(300)
    expect(page).to_have_url(re.compile("/help$"))
    stage.tell("hang_up", call)


def test_a_key_counts_as_soon_as_a_dialog_has_closed(stage: Stage, window: Make) -> None:
    """Until the next frame its button still has the focus."""
    page = window().sign_in("sup")
    live(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.evaluate("""() => {
        document.querySelector('dialog').close();
        const pressed = new KeyboardEvent('keydown', {key: '/', bubbles: true, cancelable: true});
        document.activeElement.dispatchEvent(pressed); }""")
    expect(page.locator("#filter")).to_be_focused()
