"""The console's pages: who gets which, what their buttons do, and that nothing anybody said becomes markup."""

import re
from html.parser import HTMLParser

import orjson
import pytest

from eslbot.store.rows import AlertRow, StayRow, ViolationRow
from eslbot.supervise.web.texts import catalogue
from tests.supervise.web.console_rig import ConsoleRig
from tests.words import CALL

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(1)>'\"{{7*7}}"


class Elements(HTMLParser):
    """What a browser would make of a page, roughly."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def data_of(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="page">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data: dict[str, object] = orjson.loads(found[1])
    return data


@pytest.mark.parametrize(("name", "paths"), [
    ("sup", {"/": 200, "/mine": 403, "/alerts": 200, "/recordings": 200, "/help": 200, f"/calls/{CALL}": 200}),
    ("seat1", {"/": 303, "/mine": 200, "/alerts": 403, "/recordings": 403, "/help": 200, f"/calls/{CALL}": 403}),
    ("aud", {"/": 303, "/mine": 403, "/alerts": 403, "/recordings": 200, "/help": 200, f"/calls/{CALL}": 403}),
    (None, {"/": 303, "/mine": 303, "/alerts": 303, "/recordings": 303, "/help": 303, "/live/allowed": 303}),
])
def test_each_role_gets_its_own_pages(console: ConsoleRig, name: str | None, paths: dict[str, int]) -> None:
    console.people()
    client = console.web.client(name)
    assert {path: client.get(path).status_code for path in paths} == paths


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_has_no_script_or_style_of_its_own_and_asks_no_other_host(console: ConsoleRig, language: str) -> None:
    console.people()
    client = console.web.client("sup")
    client.set_cookie("eslbot-language", language)
    for path in ("/", f"/calls/{CALL}", "/alerts", "/recordings", "/help"):
        for tag, attributes in Elements(client.get(path).get_data(as_text=True)).found:
            assert tag != "style"
            assert not any(name.startswith("on") or name == "style" for name in attributes)
            if tag == "script":
                assert attributes.get("src", "").startswith("/static/") or attributes["type"] == "application/json"  # type: ignore[union-attr]
            for name in ("src", "href", "action"):
                assert (attributes.get(name) or "/").startswith(("/", "#"))


def test_a_page_is_in_the_language_and_the_colours_that_were_chosen(console: ConsoleRig) -> None:
    console.people()
    client = console.web.client("sup")
    assert 'lang="en"' in client.get("/", headers={"Accept-Language": "en"}).get_data(as_text=True)
    client.set_cookie("eslbot-language", "zh")
    client.set_cookie("eslbot-theme", "dark")
    page = client.get("/").get_data(as_text=True)
    assert '<html lang="zh-CN" data-theme="dark">' in page
    client.set_cookie("eslbot-theme", '"><script>')
    assert "data-theme" not in client.get("/").get_data(as_text=True).split("<head>")[0]


def test_markup_in_stored_texts_stays_text(console: ConsoleRig) -> None:
    console.people()
    store = console.store
    store.stays.put(StayRow(CALL, 1, "leg", 90.0, "seat1", "north"))
    store.alerts.put(AlertRow(
        "1", CALL, 95.0, "violation", "severe", EVIL, detail=EVIL, acknowledged=96.0, acknowledged_by=EVIL))
    store.violations.put(ViolationRow("h", CALL, 95.0, EVIL, EVIL, EVIL, "1", "severe", "final", "agent", 0, 0, 0, 1,
                                      agent="seat1", team="north"))
    store.flush(30)
    for name, path in (("sup", "/alerts"), ("seat1", "/mine"), ("sup", f"/calls/{EVIL.replace('/', '')}")):
        page = console.web.client(name).get(path).get_data(as_text=True)
        elements = Elements(page)
        assert "img" not in [tag for tag, _ in elements.found]
        assert sum(tag == "script" for tag, _ in elements.found) == 2
        assert "49" not in re.findall(r"\{\{.*?\}\}|\b49\b", elements.text)
    assert "onerror=alert" in Elements(console.web.client("sup").get("/alerts").get_data(as_text=True)).text


def test_data_for_scripts_cannot_end_its_element(console: ConsoleRig) -> None:
    console.people()
    page = console.web.client("sup").get(f"/calls/{EVIL.replace('/', '')[:60]}").get_data(as_text=True)
    assert data_of(page)["focus"] == EVIL.replace("/", "")[:60]


@pytest.mark.parametrize("given", [{"id": "x" * 501}, {"reason": "a\0b"}, {"phone": "1" * 60_000}])
def test_what_the_journal_should_not_keep_reaches_no_handler(console: ConsoleRig, given: dict[str, str]) -> None:
    console.people()
    assert console.web.client("sup").post(f"/calls/{CALL}/mute", json=given).status_code == 409
    assert console.asked == []


def test_a_button_asks_the_handler_as_the_person_and_says_what_it_answers(console: ConsoleRig) -> None:
    console.people()
    client = console.web.client("sup")
    asked = {"seconds": 5, "reason": EVIL, "id": "1", "call": "other", "by": "x"}
    answer = client.post(f"/calls/{CALL}/mute", json=asked)
    assert answer.json == {"done": ["mute"]}
    assert console.asked == [("mute", {"call": CALL, "seconds": 5, "reason": EVIL, "id": "1"}, "sup")]
    assert client.post("/alerts/a%2Fb%231/seen").status_code == 200
    assert console.asked[-1] == ("acknowledge", {"alert": "a/b#1"}, "sup")


def test_a_button_does_nothing_for_who_may_not_press_it(console: ConsoleRig) -> None:
    console.people()
    for name in ("seat1", "qa", "aud"):
        assert console.web.client(name).post(f"/calls/{CALL}/mute", json={}).status_code == 403
        assert console.web.client(name).post("/alerts/1/seen", json={}).status_code == 403
    client = console.web.client("sup")
    assert client.post(f"/calls/{CALL}/shadow", json={"on": True}).status_code == 404
    assert client.post(f"/calls/{CALL}/whisper", json={}, headers={"Accept": "application/json"}).status_code == 409
    del client.environ_base["HTTP_X_CSRF_TOKEN"]
    assert client.post(f"/calls/{CALL}/mute", json={}).status_code == 403
    assert console.asked == []


def test_a_page_offers_the_acts_that_the_service_has_and_the_person_may_do(console: ConsoleRig) -> None:
    console.people()
    page = Elements(console.web.client("sup").get(f"/calls/{CALL}").get_data(as_text=True))
    offered = [found["data-verb"] for _, found in page.found if "data-verb" in found]
    assert offered == ["mute", "unmute", "listen", "hangup"]
    assert any(found.get("id") == "phone" for _, found in page.found)
    page = Elements(console.web.client("qa").get(f"/calls/{CALL}").get_data(as_text=True))
    assert not any("data-verb" in found for _, found in page.found)


def test_an_agent_finds_the_violations_of_the_last_weeks_and_none_of_anybody_else(console: ConsoleRig) -> None:
    console.people()
    store = console.store
    found = [("seat1", 50.0, None), ("seat1", 60.0, 61.0), ("seat2", 50.0, None)]
    for n, (agent, started, retracted) in enumerate(found):
        store.violations.put(ViolationRow(
            f"h{n}", f"call-{n}", started, "r", f"Title {n}", "p", "1", "severe", "final", "agent", 0, 0, 0, 1,
            retracted=retracted, agent=agent, team="north"))
    store.flush(30)
    page = console.web.client("seat1").get("/mine").get_data(as_text=True)
    assert [f"Title {n}" in page for n in range(3)] == [True, False, False]


def test_a_team_sees_its_own_alerts(console: ConsoleRig) -> None:
    console.people()
    console.store.stays.put(StayRow(CALL, 1, "leg", 90.0, "seat1", "north"))
    console.store.alerts.put(AlertRow("1", CALL, 95.0, "violation", "severe", "promise"))
    console.store.alerts.put(AlertRow("2", "", 95.0, "backup-failed", "severe"))
    console.store.flush(30)
    rows = lambda name: console.web.client(name).get("/alerts").get_data(as_text=True).count("data-seen=")  # noqa: E731
    assert (rows("sup"), rows("other")) == (2, 0)


@pytest.mark.parametrize(("name", "theirs", "others"), [
    ("sup", ["act.mute", "act.listen", "help.key-filter", "help.key-play"], []),
    ("qa", ["help.key-filter", "help.key-play"], ["act.mute", "act.listen"]),
    ("aud", ["help.key-play"], ["act.mute", "help.key-filter"]),
    ("seat1", ["help.key-help"], ["act.mute", "help.key-filter", "help.key-play"]),
])
def test_the_help_lists_the_keys_that_are_the_readers_own(
    console: ConsoleRig, name: str, theirs: list[str], others: list[str],
) -> None:
    console.people()
    page = console.web.client(name).get("/help", headers={"Accept-Language": "en"}).get_data(as_text=True)
    said = page.split("<dl", 1)[1].split('id="single"')[0]
    texts = catalogue("en")
    assert [key for key in theirs if f"<dd>{texts[key]}</dd>" not in said] == []
    assert [key for key in others if f"<dd>{texts[key]}</dd>" in said] == []
