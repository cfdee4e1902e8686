"""Every act of the console by its button or its key, and what the three on the line hear of it on the switch; and who
is offered none, and refused where they ask all the same."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from eslbot.supervise.web.pages import ACTS, OF_MASKING
from tests.browser.stage import Stage
from tests.browser.window import Window

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
Make = Callable[..., Window]
PHONE = "1900"
EACH = {"agent": {"customer"}, "customer": {"agent"}}
POST = """async ([call, verb]) => (await fetch(`/calls/${call}/${verb}`, {method: 'POST', body: '{"phone": "1900"}',
    headers: {'Content-Type': 'application/json',
              'X-CSRF-Token': JSON.parse(document.getElementById('page').textContent).csrf}})).status"""
expect.set_options(timeout=30_000)


def hears(stage: Stage, call: str, **who: set[str]) -> None:
    """Wait until each hears these, and nobody else."""
    told: dict[str, Any] = {}

    def so() -> bool:
        told.update(stage.tell("heard", call))
        return all(set(told[name]) == wanted for name, wanted in who.items())

    try:
        stage.until(so, "")
    except AssertionError:
        pytest.fail(f"they hear {told}, not {who}")


def opened(stage: Stage, window: Make, verb: str, **options: Any) -> tuple[str, Any]:
    """A call in which both hum, on its page, once that act can be done."""
    call: str = stage.tell("hum", "1001")["call"]
    page = window(**options).sign_in("sup")
    page.goto(f"{stage.url}/calls/{call}")
    expect(page.locator(f"[data-verb={verb}]")).to_be_enabled()
    return call, page


def test_a_supervisor_listens_whispers_barges_and_leaves_and_each_is_heard_by_who_should(
    stage: Stage, window: Make,
) -> None:
    call, page = opened(stage, window, "listen")
    hears(stage, call, **EACH)
    page.keyboard.press("l")                                       # no phone was given: it is asked for
    expect(page.locator("#phone")).to_be_focused()
    expect(page.locator("#toast")).to_contain_text("话机")
    stage.tell("expect", PHONE)
    page.locator("#phone").fill(PHONE)
    page.locator("[data-verb=listen]").click()
    expect(page.locator("#flags")).to_contain_text("通话内：sup")
    expect(page.locator("[data-verb=listen]")).to_have_attribute("aria-pressed", "true")
    hears(stage, call, **EACH, supervisor={"agent", "customer"})
    page.keyboard.press("w")
    expect(page.locator("[data-verb=whisper]")).to_have_attribute("aria-pressed", "true")
    hears(stage, call, agent={"customer", "supervisor"}, customer={"agent"}, supervisor={"agent", "customer"})
    page.locator("[data-verb=barge]").click()
    expect(page.locator("[data-verb=barge]")).to_have_attribute("aria-pressed", "true")
    hears(stage, call, agent={"customer", "supervisor"}, customer={"agent", "supervisor"})
    for kind in ("旁听", "密语", "插话"):
        expect(page.locator("#acts-done")).to_contain_text(kind)
    page.keyboard.press("x")
    expect(page.locator("#flags")).not_to_contain_text("通话内")
    expect(page.locator("[data-verb=leave]")).to_be_disabled()
    hears(stage, call, **EACH)
    stage.tell("hang_up", call)


def test_a_supervisor_takes_a_call_over_once_they_said_so_and_the_agent_is_out_of_it(
    stage: Stage, window: Make,
) -> None:
    call, page = opened(stage, window, "takeover", language="en")
    stage.tell("expect", PHONE)
    page.locator("#phone").fill(PHONE)
    page.locator("[data-verb=takeover]").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("The agent is taken out of it")
    hears(stage, call, **EACH)
    dialog.get_by_role("button", name="Take over", exact=True).click()
    hears(stage, call, customer={"supervisor"}, supervisor={"customer"})
    expect(page.locator("#acts-done")).to_contain_text("Take over")
    stage.tell("hang_up", call)
    expect(page.locator("#gone")).to_be_visible(timeout=60_000)


def test_a_mute_by_button_is_heard_as_one_and_its_end_by_key_too(stage: Stage, window: Make) -> None:
    call, page = opened(stage, window, "mute")
    hears(stage, call, **EACH)
    expect(page.locator("[data-verb=unmute]")).to_be_disabled()
    page.locator("[data-verb=mute]").click()
    expect(page.locator("#flags")).to_contain_text("已静音")
    hears(stage, call, customer=set(), agent={"customer"})
    expect(page.locator("[data-verb=unmute]")).to_be_enabled()
    page.keyboard.press("u")
    hears(stage, call, **EACH)
    expect(page.locator("#flags")).not_to_contain_text("已静音")
    stage.tell("hang_up", call)


def test_a_correction_is_chosen_and_played_to_the_customer(stage: Stage, window: Make) -> None:
    call: str = stage.tell("place", {"agent": [], "customer": []})["call"]
    page = window().sign_in("sup")
    page.goto(f"{stage.url}/calls/{call}")
    expect(page.locator("[data-verb=correct]")).to_be_enabled()
    assert stage.tell("loud", call)["customer"] < 0.001
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("select")).to_be_focused()
    dialog.locator("select").select_option("correction")
    dialog.get_by_role("button", name="更正", exact=True).click()
    stage.until(lambda: stage.tell("loud", call)["customer"] > 0.01, "the customer heard no correction")
    expect(page.locator("#acts-done")).to_contain_text("sup")
    stage.tell("hang_up", call)


def test_a_call_that_is_hung_up_while_it_is_open_says_so_and_nothing_can_be_done_in_it(
    stage: Stage, window: Make,
) -> None:
    call, page = opened(stage, window, "hangup")
    page.keyboard.press("h")
    page.get_by_role("dialog").get_by_role("button", name="挂断", exact=True).click()
    expect(page.locator("#gone")).to_contain_text("通话已结束", timeout=60_000)
    expect(page.locator("#gone a")).to_have_count(2)
    expect(page.locator("#flags")).to_contain_text("已结束")
    expect(page.locator("[data-verb]:enabled")).to_have_count(0)
    assert page.locator("[data-since]").count() == 0              # no clock goes on
    assert call in page.url


def test_whoever_may_not_act_is_offered_no_button_and_refused_each_request(stage: Stage, window: Make) -> None:
    call, supervisor = opened(stage, window, "mute")
    for name, path, theirs in (("qa", f"/calls/{call}", set()), ("aud", "/recordings", set()),
                               ("seat1", "/mine", OF_MASKING)):
        page = window().sign_in(name)
        page.goto(stage.url + path)
        if name != "aud":
            expect(page.locator("#body")).to_be_visible()
        offered = page.locator("[data-verb]").evaluate_all("(all) => all.map((one) => one.dataset.verb)")
        assert set(offered) == theirs
        for verb in [verb for group in ACTS for verb, _ in group if verb not in theirs]:
            assert page.evaluate(POST, [call, verb]) == 403, f"{name}: {verb}"
    hears(stage, call, **EACH)
    expect(supervisor.locator("#acts-done li").filter(has_text=re.compile("静音坐席|旁听|插话"))).to_have_count(0)
    stage.tell("hang_up", call)
