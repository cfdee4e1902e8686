"""What is answered where something is refused or goes wrong: to a program, to a person, to nobody yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Blueprint

from eslbot.store.engine import StoreProblem
from eslbot.supervise.access import Denied, Hidden, NoSuch, Staff
from eslbot.supervise.accounts import NotLetIn, TooMany
from eslbot.supervise.web import asking
from eslbot.supervise.wire import Refused
from tests.supervise.web.rig import WebRig

FAILURES = {
    "unknown": (asking.Unknown("who?"), 401), "not-let-in": (NotLetIn("not you"), 403),
    "too-many": (TooMany(7.2), 429), "denied": (Denied("not yours"), 403), "no-such": (NoSuch("not there"), 404),
    "hidden": (Hidden("not there", "6f9619ff"), 404),
    "refused": (Refused("not <now>"), 409), "store": (StoreProblem("the store is away"), 503),
    "inside": (ZeroDivisionError("a secret of ours"), 500),
}
HTML = {"Accept": "text/html"}


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[WebRig]:
    failing = Blueprint("failing", __name__)

    @failing.route("/fail/<what>", methods=["GET", "POST"])
    @failing.route("/api/fail/<what>", methods=["GET", "POST"], endpoint="program")
    def fail(what: str) -> str:
        raise FAILURES[what][0]

    rig = WebRig(tmp_path, blueprints=[failing])
    yield rig
    rig.stop()


def test_what_somebody_may_not_do_or_see_is_audited_and_what_is_not_there_is_not(rig: WebRig) -> None:
    rig.add("lead", Staff.SUPERVISOR)
    lead = rig.token("lead")
    said = [rig.client().get(f"/api/fail/{what}", headers=lead).data for what in ("denied", "hidden", "no-such")]
    assert said[1] == said[2]
    assert [(row.what, row.who, row.call, row.subject, row.detail) for row in rig.audited] == [
        ("refused", "account:lead", "", "failing.program", "not allowed"),
        ("refused", "account:lead", "6f9619ff", "failing.program", "not theirs to see")]


@pytest.mark.parametrize("what", FAILURES)
def test_a_program_gets_problem_details_with_the_code_of_what_it_was(rig: WebRig, what: str) -> None:
    answer = rig.client().get(f"/api/fail/{what}")
    assert (answer.status_code, answer.content_type) == (FAILURES[what][1], "application/problem+json")
    assert answer.json["status"] == FAILURES[what][1]
    assert answer.headers.get("Retry-After") == ("7" if what == "too-many" else None)


def test_what_goes_wrong_inside_is_told_to_us_and_not_to_the_asker(rig: WebRig) -> None:
    answer = rig.client().get("/fail/inside", headers=HTML)
    assert answer.status_code == 500
    assert "a secret of ours" not in answer.get_data(as_text=True)
    assert [type(error) for _, error in rig.failures] == [ZeroDivisionError]


def test_a_person_gets_a_page_on_which_nothing_is_markup(rig: WebRig) -> None:
    page = rig.client().get("/fail/refused", headers=HTML)
    assert (page.status_code, page.mimetype) == (409, "text/html")
    assert "not &lt;now&gt;" in page.get_data(as_text=True)


def test_nobody_is_sent_to_sign_in_and_back_to_where_they_wanted_and_a_program_is_told(rig: WebRig) -> None:
    sent = rig.client().get("/fail/unknown?a=b", headers=HTML)
    assert (sent.status_code, sent.headers["Location"]) == (303, "/sign-in?next=/fail/unknown%3Fa%3Db")
    assert rig.client().get("/api/fail/unknown").headers["WWW-Authenticate"] == "Bearer"


def test_what_somebody_may_not_is_audited_some_times_a_minute_and_what_nobody_may_is_not(rig: WebRig) -> None:
    rig.client().get("/api/fail/denied")
    assert [entry.what for entry in rig.audited] == []
    rig.add("lead")
    browser = rig.client("lead")
    for _ in range(30):
        assert browser.get("/fail/denied").status_code == 403
    refused = [entry for entry in rig.audited if entry.what == "refused"]
    assert 0 < len(refused) < 30
    assert refused[0].who == "account:lead"
