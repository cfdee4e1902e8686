"""How often somebody may ask, which host they may ask for, how an answer that goes on learns that they are gone, and
that no other site has our pages do anything."""

import re

import pytest
from flask import Blueprint

from eslbot.supervise import remembered
from eslbot.supervise.access import Staff
from eslbot.supervise.web import WebOptions, api, needs, still_here
from eslbot.supervise.web.operations import OPERATIONS
from tests.supervise.web.console_rig import ConsoleRig
from tests.supervise.web.rig import WebRig

LOOKS = []
pages = Blueprint("pages", __name__)


@pages.get("/api/who")
@needs()
def who():
    LOOKS.append(still_here())
    return {"here": LOOKS[-1]()}


@pytest.fixture
def made(tmp_path):
    rigs = []

    def make(**options):
        rigs.append(WebRig(tmp_path, {}, [pages], WebOptions(**options)))
        rigs[-1].add("lead", Staff.SUPERVISOR)
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.stop()
        assert rig.failures == []


def test_a_person_and_a_stranger_may_ask_so_often_in_a_minute(made):
    web = made(requests_per_minute=5, strangers_per_minute=3)
    lead = web.token("lead")
    client = web.app.test_client()
    assert [client.get("/api/who", headers=lead).status_code for _ in range(6)] == [200] * 5 + [429]
    answers = [client.get("/api/who") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [401] * 3 + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 61
    assert client.get("/static/none").status_code == 404   # files are not counted


def test_made_up_cookies_from_an_address_that_has_asked_enough_are_not_even_looked_up(made, monkeypatch):
    web = made(strangers_per_minute=5)
    lead = web.client("lead")
    looked = []
    sessions_of = web.accounts._store.sessions_of
    monkeypatch.setattr(web.accounts._store, "sessions_of", lambda ids: looked.append(ids) or sessions_of(ids))
    statuses = []
    for number in range(20):
        stranger = web.app.test_client()
        stranger.set_cookie("eslbot", f"{number:043}")
        statuses.append(stranger.get("/api/who").status_code)
    assert statuses[-10:] == [429] * 10
    assert len(looked) <= 5
    assert lead.get("/api/who").status_code == 200   # from the same address, and known


def test_tokens_that_are_guessed_are_throttled_and_a_good_one_from_elsewhere_is_not(made):
    web = made(wrong_per_minute=3)
    client = web.app.test_client()
    bad = {"Authorization": "Bearer eslbot_abcdefgh_" + "x" * 43}
    assert [client.get("/api/who", headers=bad).status_code for _ in range(4)] == [401] * 3 + [429]
    assert client.get("/api/who", headers=web.token("lead")).status_code == 429
    elsewhere = {"REMOTE_ADDR": "10.0.0.9"}
    assert client.get("/api/who", headers=web.token("lead"), environ_base=elsewhere).status_code == 200


def test_a_request_for_another_host_is_refused(made):
    web = made(hosts=("bot.example",))
    client = web.app.test_client()
    assert client.get("/sign-in", headers={"Host": "bot.example:8443"}).status_code == 200
    assert client.get("/sign-in", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("2001:db8::1", "2001:db8:0:0:ffff::2", True), ("2001:db8::1", "2001:db8:0:1::1", False),
     ("10.0.0.1", "::ffff:10.0.0.1", True), ("10.0.0.1", "10.0.0.2", False)],
)
def test_who_has_a_whole_network_is_counted_as_one(made, one, other, same):
    web = made(strangers_per_minute=1)
    client = web.app.test_client()
    assert client.get("/api/who", environ_base={"REMOTE_ADDR": one}).status_code == 401
    assert client.get("/api/who", environ_base={"REMOTE_ADDR": other}).status_code == (429 if same else 401)


@pytest.mark.parametrize("header", ["Basic d2VpOnBhc3N3b3Jk", "Bearer", "Bearer ", "bearer nonsense"])
def test_an_authorization_that_is_no_token_is_nobodys_even_beside_a_good_cookie(made, header):
    web = made()
    client = web.client("lead")
    assert client.get("/api/who").status_code == 200
    assert client.get("/api/who", headers={"Authorization": header}).status_code == 401


def test_an_answer_that_goes_on_learns_that_who_asked_is_signed_out_or_may_less(made, monkeypatch):
    monkeypatch.setattr(remembered, "FRESH", 0.0)
    web = made()
    client = web.client("lead")
    LOOKS.clear()
    assert client.get("/api/who").json == {"here": True}
    assert web.app.test_client().get("/api/who", headers=web.token("lead")).json == {"here": True}
    assert [look() for look in LOOKS] == [True, True]   # outside of a request
    web.accounts.run(lambda store: store.change("lead", teams=("north",)))
    assert [look() for look in LOOKS] == [False, False]
    web.accounts.run(lambda store: store.change("lead", teams=()))
    assert [look() for look in LOOKS] == [True, True]
    client.post("/sign-out")
    assert [look() for look in LOOKS] == [False, True]
    web.accounts.run(lambda store: store.change("lead", disabled=True))
    assert [look() for look in LOOKS] == [False, False]


def test_a_form_that_is_too_large_is_not_read(made):
    web = made()
    answer = web.client().post("/sign-in", data={"name": "x" * 100_000})
    assert answer.status_code == 413
    assert web.client().post("/sign-in", headers={"Transfer-Encoding": "chunked"}).status_code == 411


def test_no_request_that_changes_anything_is_taken_without_our_own_pages_token(tmp_path):
    asked = []
    handlers = {operation.verb: lambda args, person: asked.append(args) or {} for operation in OPERATIONS}
    rig = ConsoleRig(tmp_path)
    rig.web.frame.handlers.update(handlers)
    rig.web.app.register_blueprint(api.blueprint())
    try:
        rig.web.add("boss")
        client = rig.web.client("boss")
        ours = {"X-CSRF-Token": client.environ_base.pop("HTTP_X_CSRF_TOKEN")}
        tried = 0
        for rule in rig.web.app.url_map.iter_rules():
            path = re.sub("<[^>]*>", "x", rule.rule)
            for method in rule.methods - {"GET", "HEAD", "OPTIONS"}:
                for headers in ({}, {"X-CSRF-Token": "0" * 64}, {**ours, "Origin": "https://evil.example"},
                                {**ours, "Sec-Fetch-Site": "cross-site"}):
                    answer = client.open(path, method=method, headers=headers, data={"name": "x", "reason": "x"})
                    assert answer.status_code == 403, (method, path, headers)
                    tried += 1
        assert tried > 100   # all of the API's, and the pages' own
        assert asked == rig.asked == []
    finally:
        rig.stop()
