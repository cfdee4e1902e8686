"""A mask as people see it: on the call's page, to the agent, forgotten; and in the player, where it is silent."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.stage import Stage
from tests.browser.window import Window, looked_at

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
MORE = """\
[mask]
longest = "45s"
back = "1s"
"""
Make = Callable[..., Window]
NOTICE, SECRET, BYE = ["severe-promise", 2, 0.5], ["severe-promise", 4, 14.0], ["severe-promise", 6, 36.0]
"""What is said before the mask, in it, and after it: far apart, for a busy machine."""
HIDDEN = """[...document.querySelectorAll('#finals li')]
    .some((line) => Number(line.dataset.start) > 12 && line.querySelector('.masked'))"""
"""Whether the second of them is a mark."""
LISTEN = """async ([silent, loud]) => {
    const audio = document.getElementById('audio'), context = new AudioContext(), analyser = context.createAnalyser();
    context.createMediaElementSource(audio).connect(analyser).connect(context.destination);
    await context.resume();
    const samples = new Float32Array(analyser.fftSize);
    const peak = ([from, until]) => new Promise((done) => {
        let found = 0, frames = 0;
        audio.currentTime = from;
        audio.play();
        const look = () => {
            if (!audio.seeking && audio.currentTime > from + 0.4) {
                analyser.getFloatTimeDomainData(samples);
                found = Math.max(found, ...samples.map(Math.abs));
                frames += 1;
            }
            if (audio.currentTime < until) { requestAnimationFrame(look); return; }
            audio.pause();
            done(frames ? found : -1);
        };
        look();
    });
    return [await peak(silent), await peak(loud)];
}"""
"""The loudest that the page's player gives out in each of two spans (seconds of sound); -1: nothing was looked at."""
expect.set_options(timeout=40_000)


def test_what_is_said_in_a_mask_is_a_mark_on_the_page_and_silence_in_the_player(stage: Stage, window: Make) -> None:
    page = window().sign_in("sup")
    call: str = stage.tell("place", {"agent": [NOTICE, SECRET, BYE], "customer": [], "ends": 41.0})["call"]
    page.goto(f"{stage.url}/calls/{call}")
    expect(page.locator("[data-verb=mask]")).to_be_enabled()
    expect(page.locator("[data-verb=unmask]")).to_be_disabled()
    page.keyboard.press("p")
    expect(page.locator("#flags")).to_contain_text("遮蔽中")
    expect(page.locator("#acts-done li").first).to_contain_text("遮蔽")
    expect(page.locator("[data-verb=mask]")).to_be_disabled()
    stage.until(lambda: page.evaluate(HIDDEN), "what was said in the mask is no mark", 60.0)
    expect(page.locator("#finals .text .masked").first).to_have_text("已遮蔽")
    page.locator("[data-verb=unmask]").click()
    expect(page.locator("#flags")).not_to_contain_text("遮蔽中")
    expect(page.locator("#finals")).to_contain_text("再见")
    assert "稳赚不赔" not in page.locator("body").inner_text()
    live = [text.partition("(")[0].replace(" ", "").strip()    # without what is read aloud of a violation
            for text in page.locator("#finals .text").all_inner_texts()]
    expect(page.locator("#gone")).to_be_visible(timeout=60_000)

    link = page.locator(f'a[href^="/recordings/{call}"]')

    def listed() -> bool:
        page.goto(f"{stage.url}/recordings?state=complete")
        return link.count() == 1

    stage.until(listed, "it is not in the list", 60.0)
    link.click()
    expect(page.locator("#words .note")).to_contain_text("已遮蔽")
    expect(page.locator("#words .text .masked").first).to_have_text("已遮蔽")
    expect(page.locator("#track .masked")).to_have_count(1)
    assert "稳赚不赔" not in page.locator("body").inner_text()
    assert looked_at(page, "the player") == []
    recording: Any = page.evaluate("JSON.parse(document.getElementById('page').textContent).recording")
    [mask], first = recording["masks"], recording["first"]
    silent = [mask["start"] - first, mask["end"] - first]
    bye = next(said for said in recording["words"] if "再见" in said["text"])
    kept = [said["text"].replace(" ", "").replace("[masked]", "已遮蔽") for said in recording["words"]]
    assert live == kept    # the page shows no more than the recording keeps
    assert silent[0] < silent[1] < bye["start"] - first
    stage.until(lambda: page.evaluate("document.getElementById('audio').readyState > 0"), "the sound does not load")
    in_mask, after = page.evaluate(LISTEN, [[silent[0], min(silent[1], silent[0] + 8)], [
        bye["start"] - first - 0.4, bye["end"] - first]])
    assert in_mask == 0
    assert after > 0.01


def test_an_agent_masks_their_own_call_and_a_mask_that_was_forgotten_lifts_itself_and_is_told_of(
    stage: Stage, window: Make,
) -> None:
    call: str = stage.tell("place", {"agent": [NOTICE], "customer": []})["call"]
    agent, supervisor = window().sign_in("seat1"), window().sign_in("sup")
    expect(agent.locator("[data-verb=mask]")).to_be_enabled()
    agent.keyboard.press("p")
    expect(agent.locator("#flags")).to_contain_text("遮蔽中")
    expect(supervisor.locator(f'a.call[href="/calls/{call}"] .flags')).to_contain_text("遮蔽中")
    told = supervisor.locator("#alerts li", has_text="遮蔽忘记结束")
    expect(told).to_have_count(1, timeout=90_000)
    expect(supervisor.locator("#told")).to_contain_text("遮蔽忘记结束")
    expect(agent.locator("#flags")).not_to_contain_text("遮蔽中")
    expect(agent.locator("#acts-done")).to_contain_text("结束遮蔽")
    told.get_by_role("button", name="确认").click()
    expect(told).to_have_count(0)
    stage.tell("hang_up", call)
