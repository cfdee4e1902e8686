"""The frame over real accounts: who gets in, what a forged request gets, and what every answer carries."""

import pytest
from flask import Blueprint

from eslbot.supervise.access import Permission, Staff
from eslbot.supervise.web import ask, current, needs
from tests.supervise.web.rig import PASSWORD, WebRig

pages = Blueprint("pages", __name__)


@pages.get("/")
@needs()
def home():
    return {"who": current().who, "role": current().role.value}


@pages.get("/api/calls")
@needs(Permission.SEE)
def calls():
    return ask("calls")


@pages.post("/api/mute")
@needs(Permission.ACT)
def mute():
    return {"done": True}


@pages.get("/api/broken")
@needs()
def broken():
    raise ZeroDivisionError("a customer's words")


@pytest.fixture
def web(tmp_path):
    rig = WebRig(tmp_path, {"calls": lambda args, person: {"calls": [], "for": person.name}}, [pages])
    yield rig
    rig.stop()


def test_nobody_is_shown_the_sign_in_and_comes_back_to_where_they_went(web):
    web.add("lead")
    client = web.client()
    answer = client.get("/?call=a%26b")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/%3Fcall%3Da%2526b")
    answer = web.sign_in(client, "Lead ", next="/?call=a%26b")
    assert answer.location == "/?call=a%26b"
    assert client.get("/").json == {"who": "account:lead", "role": "admin"}


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:x"])
def test_the_sign_in_leads_to_no_other_host(web, target):
    web.add("lead")
    assert web.sign_in(web.client(), "lead", next=target).location == "/"


def test_a_program_without_a_token_is_told_so(web):
    answer = web.client().get("/api/calls")
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json["title"] == "Unauthorized"


def test_a_view_asks_a_handler_as_the_person_and_a_role_that_may_not_is_denied(web):
    web.add("lead", Staff.SUPERVISOR)
    web.add("an", Staff.AUDITOR)
    assert web.client("lead").get("/api/calls").json == {"calls": [], "for": "lead"}
    auditor = web.client("an")
    answer = auditor.get("/api/calls")
    assert (answer.status_code, answer.json["detail"]) == (403, "an (auditor) may not do this: it takes calls:see")
    assert auditor.post("/api/mute", headers={"X-CSRF-Token": "0" * 64}).status_code == 403
    for _ in range(50):
        auditor.get("/api/calls?secret=4711")
    refused = [(row.what, row.who, row.subject, row.detail) for row in web.audited]
    assert refused[:2] == [("refused", "account:an", "pages.calls", "not allowed"),
                           ("refused", "account:an", "pages.mute", "forged")]
    assert len(refused) == 20


def test_a_token_does_what_its_scopes_allow_and_needs_no_form(web):
    web.add("lead", Staff.SUPERVISOR)
    client = web.client()
    assert client.post("/api/mute", headers=web.token("lead", Permission.ACT)).json == {"done": True}
    assert client.post("/api/mute", headers=web.token("lead", Permission.SEE)).status_code == 403
    assert client.get("/api/calls", headers={"Authorization": "Bearer eslbot_abcdefgh_" + "x" * 43}).status_code == 401


def test_a_token_that_has_ended_lets_nobody_in(web):
    web.add("lead")
    assert web.client().get("/api/calls", headers=web.token("lead", until=web.clock() - 1)).status_code == 401


def test_a_forged_request_is_refused(web):
    web.add("lead", Staff.SUPERVISOR)
    client = web.client("lead")
    assert client.post("/api/mute").status_code == 200
    for forged in (
        {"X-CSRF-Token": ""}, {"X-CSRF-Token": "0" * 64}, {"Origin": "https://evil.example"}, {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
    ):
        assert client.post("/api/mute", headers=forged).status_code == 403, forged
    other = web.client("lead").environ_base["HTTP_X_CSRF_TOKEN"]
    assert client.post("/api/mute", headers={"X-CSRF-Token": other}).status_code == 403


def test_a_forged_sign_in_is_refused(web):
    web.add("lead")
    client = web.client()
    data = {"name": "lead", "password": PASSWORD}
    assert client.post("/sign-in", data=data).status_code == 403
    client.get("/sign-in")
    assert client.post("/sign-in", data={**data, "csrf": "0" * 64}).status_code == 403
    assert client.get("/").status_code == 303


def test_a_session_that_was_there_before_the_sign_in_is_not_the_one_after(web):
    web.add("lead")
    client = web.client()
    client.set_cookie("eslbot", "planted-by-somebody-else")
    web.sign_in(client, "lead")
    first = web.cookie(client)
    assert first != "planted-by-somebody-else"
    web.sign_in(client, "lead")
    assert web.cookie(client) != first
    stale = web.client()
    stale.set_cookie("eslbot", first)
    assert stale.get("/").status_code == 303


def test_every_answer_carries_what_keeps_a_browser_ours(web):
    for answer in (web.client().get("/sign-in"), web.client().get("/api/none"), web.client().get("/static/none")):
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert web.client().get("/sign-in").headers["Cache-Control"] == "no-store"


def test_a_cookie_is_its_hosts_alone_and_not_a_scripts(web):
    web.add("lead")
    plain = web.sign_in(web.client(), "lead").headers.getlist("Set-Cookie")
    assert any(one.startswith("eslbot=") and "HttpOnly" in one and "SameSite=Strict" in one for one in plain)
    web.app.config["PREFERRED_URL_SCHEME"] = "https"
    sealed = web.sign_in(web.client(), "lead").headers.getlist("Set-Cookie")
    [cookie] = [one for one in sealed if one.startswith("__Host-eslbot=")]
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_what_fails_inside_is_told_and_says_nothing_of_it(web):
    web.add("lead")
    answer = web.client("lead").get("/api/broken")
    assert answer.status_code == 500
    assert "words" not in answer.get_data(as_text=True)
    assert [type(error) for _, error in web.failures] == [ZeroDivisionError]


def test_a_password_set_by_somebody_else_is_changed_before_anything_else(web):
    web.add("lead", must_change=True)
    client = web.client("lead")
    assert client.get("/").location == "/password"
    assert client.get("/api/calls").status_code == 403
    wrong = {"old": "wrong", "new": "a better one, longer", "again": "a better one, longer"}
    assert client.post("/password", data=wrong).status_code == 403
    assert client.post("/password", data={**wrong, "old": PASSWORD, "again": "another"}).status_code == 400
    other = web.client("lead")
    assert client.post("/password", data={**wrong, "old": PASSWORD}).location == "/"
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 303


def test_out_is_out(web):
    web.add("lead")
    client = web.client("lead")
    kept = web.cookie(client)
    assert client.post("/sign-out").location == "/sign-in"
    stale = web.client()
    stale.set_cookie("eslbot", kept)
    assert stale.get("/").status_code == 303


def test_the_page_speaks_the_readers_language(web):
    client = web.client()
    assert 'lang="en"' in client.get("/sign-in", headers={"Accept-Language": "en-GB,en"}).get_data(as_text=True)
    assert 'lang="zh-CN"' in client.get("/sign-in", headers={"Accept-Language": "zh-CN"}).get_data(as_text=True)
    assert 'lang="zh-CN"' in client.get("/sign-in", headers={"Accept-Language": "fr"}).get_data(as_text=True)
    assert client.get("/sign-in?language=en&next=/mine").location == "/sign-in?next=%2Fmine"
    assert 'lang="en"' in client.get("/sign-in", headers={"Accept-Language": "zh"}).get_data(as_text=True)


def test_a_query_of_bytes_that_are_no_text_is_refused_and_fails_nothing(web):
    for path in ("/sign-in", "/", "/api/calls"):
        answer = web.client().get(path, environ_overrides={"QUERY_STRING": "next=\xd9u"})
        assert answer.status_code == 400
    assert web.client().get("/sign-in", environ_overrides={"QUERY_STRING": "next=/\xe4\xbd\xa0"}).status_code == 200
    assert not web.failures


def test_an_accounts_own_language_goes_with_it_to_another_browser_and_before_the_browsers(web):
    web.add("lead", language="en")
    first = web.client("lead")
    read = lambda client: client.get("/password", headers={"Accept-Language": "zh"}).get_data(as_text=True)  # noqa: E731
    assert 'lang="en"' in read(first)
    assert first.post("/language", data={"language": "zh", "next": "/password"}).location == "/password"
    assert 'lang="zh-CN"' in read(first)
    other = web.client("lead")
    assert 'lang="zh-CN"' in other.get("/password", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert web.accounts.run(lambda store: store.user("lead")).language == "zh"


def test_a_language_there_is_none_of_changes_nothing_and_nobody_chooses_for_an_account_without_its_session(web):
    web.add("lead", language="en")
    client = web.client("lead")
    client.post("/language", data={"language": "fr"})
    assert web.client().post("/language", data={"language": "zh"}).status_code == 403
    assert web.accounts.run(lambda store: store.user("lead")).language == "en"
