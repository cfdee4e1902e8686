"""The pages of appeals, over handlers that answer by the book: what is shown, what is asked, and what is escaped."""

from typing import Any

import pytest

from eslbot.supervise.access import NoSuch, Permission, Person
from eslbot.supervise.wire import Refused
from tests.supervise.web.console_rig import ConsoleRig

EVIL = "</textarea><script>alert(1)</script>"
VIOLATION = {
    "id": "5f", "call": "aaaaaaaa-0000-4000-8000-000000000001", "at": 1.0, "rule": "promise", "title": EVIL,
    "pack": "p", "version": "1", "severity": "severe", "confirm": "final", "role": "agent", "start": 1, "end": 2,
    "agent": "seat1", "law_source": "广告法 25; 26", "law_sure": "P; S", "retracted": None, "team": "north",
    "appeal": None, "overturned": False,
}
NEW: dict[str, Any] = {
    "id": "5f", "state": None, "filed": None, "due": None, "overdue": False, "closed": None, "closed_by": "",
    "violation": VIOLATION, "until": 9.0, "words": EVIL, "said": f"before {EVIL} after", "reason": "", "answer": "",
    "sealed": "", "may": ["file"], "barred": "", "detail": "", "part": 1, "second": 1.5,
}
OPEN = {**NEW, "state": "open", "filed": 2.0, "due": 8.0, "reason": EVIL, "may": ["decide"]}


class Pages:
    """`shown` is what the handler of one appeal answers; `asked` what the forms came to."""

    def __init__(self, rig: ConsoleRig) -> None:
        self.rig, self.shown, self.refused = rig, NEW, ""
        self.asked: list[tuple[str, dict[str, Any]]] = []
        handlers: Any = rig.web.frame.handlers
        handlers["appeals"] = self._list
        handlers["appeal"] = self._one
        for verb, who in (("appeal_file", Permission.OWN), ("appeal_withdraw", Permission.OWN),
                          ("appeal_decide", Permission.APPEALS)):
            handlers[verb] = self._step(verb, who)
        rig.people()

    def _list(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        person.needs(Permission.APPEALS, Permission.OWN)
        return {"appeals": [OPEN] if args["state"] == "open" else [], "next": None, "open": 1}

    def _one(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        person.needs(Permission.APPEALS, Permission.OWN)
        if args["appeal"] != "5f":
            raise NoSuch("there is no appeal")
        return self.shown

    def _step(self, verb: str, who: Permission) -> Any:
        def handler(args: dict[str, Any], person: Person) -> dict[str, Any]:
            person.needs(who)
            if self.refused:
                raise Refused(self.refused)
            self.asked.append((verb, args))
            return OPEN

        return handler

    def get(self, who: str, path: str = "/appeals/5f") -> tuple[int, str]:
        answer = self.rig.web.client(who).get(path)
        return answer.status_code, answer.get_data(as_text=True)

    def post(self, who: str, step: str, **form: str) -> tuple[int, str]:
        answer = self.rig.web.client(who).post(f"/appeals/5f/{step}", data=form)
        return answer.status_code, answer.get_data(as_text=True)


@pytest.fixture
def pages(console: ConsoleRig) -> Pages:
    return Pages(console)


def test_an_agent_has_a_form_quality_has_another_and_neither_has_the_others(pages: Pages) -> None:
    _, agent = pages.get("seat1")
    assert 'action="/appeals/5f/file"' in agent
    assert "/decide" not in agent
    assert "/recordings/" not in agent   # an agent plays none
    pages.shown = OPEN
    _, quality = pages.get("qa")
    assert 'action="/appeals/5f/decide"' in quality
    assert "/file" not in quality
    assert f"/recordings/{VIOLATION['call']}?part=1&amp;at=1.5" in quality
    pages.shown = {**OPEN, "may": [], "barred": "acted", "detail": "you acted"}
    _, barred = pages.get("qa")
    assert "/decide" not in barred


def test_what_was_said_and_written_is_text(pages: Pages) -> None:
    pages.shown = OPEN
    for who, path in (("qa", "/appeals/5f"), ("qa", "/appeals"), ("seat1", "/appeals/5f")):
        status, shown = pages.get(who, path)
        assert status == 200
        assert "&lt;script&gt;alert" in shown
        assert "<script>alert" not in shown


def test_the_words_are_marked_in_what_was_said(pages: Pages) -> None:
    pages.shown = {**NEW, "words": "稳赚", "said": "这个产品稳赚不赔"}
    assert '这个产品<mark class="w3">稳赚</mark>不赔</blockquote>' in pages.get("seat1")[1]
    pages.shown = {**NEW, "words": "稳赚", "said": ""}
    assert '><mark class="w3">稳赚</mark></blockquote>' in pages.get("seat1")[1]


def test_a_form_comes_to_its_handler_and_back_to_the_page(pages: Pages) -> None:
    assert pages.post("seat1", "file", reason="words")[0] == 303
    assert pages.post("seat1", "withdraw")[0] == 303
    assert pages.post("qa", "decide", outcome="upheld", reason="why")[0] == 303
    assert [(verb, {name: args[name] for name in args if args[name]}) for verb, args in pages.asked] == [
        ("appeal_file", {"violation": "5f", "reason": "words"}), ("appeal_withdraw", {"appeal": "5f"}),
        ("appeal_decide", {"appeal": "5f", "reason": "why", "outcome": "upheld"})]


def test_what_is_refused_is_said_above_the_form_which_keeps_what_was_written(pages: Pages) -> None:
    pages.refused = "this violation could be appealed until 2026-12-02"
    status, said = pages.post("seat1", "file", reason="my " + EVIL)
    assert status == 409
    assert "until 2026-12-02" in said
    assert "my &lt;/textarea&gt;" in said
    pages.refused = ""
    assert pages.post("seat1", "file", reason="x" * 501)[0] == 409
    assert pages.asked == []


def test_who_may_neither_appeal_nor_decide_is_denied_by_address_too(pages: Pages) -> None:
    for who in ("sup", "aud", "other"):
        assert [pages.get(who, path)[0] for path in ("/appeals", "/appeals/5f")] == [403, 403]
        assert pages.post(who, "decide", outcome="upheld", reason="x")[0] == 403
    assert pages.post("seat1", "decide", outcome="upheld", reason="x")[0] == 403
    assert pages.post("qa", "file", reason="x")[0] == 403
    assert pages.asked == []
    assert pages.get("qa", "/appeals/none")[0] == 404
    assert pages.post("qa", "erase")[0] == 404


def test_a_form_of_another_site_does_nothing(pages: Pages) -> None:
    client = pages.rig.web.client("qa")
    del client.environ_base["HTTP_X_CSRF_TOKEN"]
    assert client.post("/appeals/5f/decide", data={"outcome": "upheld", "reason": "x"}).status_code == 403
    assert pages.asked == []


def test_the_menu_tells_who_decides_how_many_wait(pages: Pages, console: ConsoleRig) -> None:
    object.__setattr__(console.parts, "waiting", lambda person: 3 if person.may(Permission.APPEALS) else 0)
    assert '<span class="badge" aria-hidden="true">3</span>' in pages.get("qa", "/help")[1]
    assert 'href="/appeals"' not in pages.get("sup", "/help")[1]
    assert 'aria-hidden="true">3' not in pages.get("sup", "/help")[1]


@pytest.mark.parametrize(("sealed", "shown"), [("no-key", "no key for it"), ("erased", "was erased"),
                                               ("broken <b>", "broken &lt;b&gt;")])
def test_what_cannot_be_opened_is_told(pages: Pages, sealed: str, shown: str) -> None:
    pages.shown = {**OPEN, "words": "", "said": "", "reason": "", "sealed": sealed}
    client = pages.rig.web.client("qa")
    assert shown in client.get("/appeals/5f", headers={"Accept-Language": "en"}).get_data(as_text=True)
