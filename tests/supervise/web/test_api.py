"""The HTTP API over real accounts and a real store; the live calls' handlers are stood in for by ones that write down
what they were asked."""

import re

import gevent
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from eslbot.greenlets import Greenlets
from eslbot.store.recording_rows import RecordingRow
from eslbot.store.rows import AlertRow, CallRow, StayRow, ViolationRow
from eslbot.store.store import Store
from eslbot.supervise.access import Permission, Staff
from eslbot.supervise.records import Records
from eslbot.supervise.staff import Staff as StaffHandlers
from eslbot.supervise.web import api
from eslbot.supervise.web.operations import OPERATIONS
from eslbot.supervise.wire import Refused
from tests.supervise.web.rig import PASSWORD, WebRig

NORTH, SOUTH, NOBODYS = "aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002", "cccccccc-0003"


class Asked:
    """What reached the handlers of live calls."""

    def __init__(self):
        self.seen = []
        self.fails = None

    def __call__(self, args, person):
        person.needs(Permission.ACT)
        self.seen.append((args, person.who))
        if self.fails is not None:
            raise self.fails
        return {"call": args["call"], "done": ["Mute"]}


def violation(call, at=5.0, **more):
    return ViolationRow(f"hit {call}", call, at, "promise", "A promise", "pack", "1", "severe", "final", "agent", 1, 0,
                        8000, 9000, "law", "yes", **more)


def kept(store):
    calls = [(NORTH, "seat7", "north"), (SOUTH, "su", "south"), (NOBODYS, "", "")]
    for number, (call, agent, team) in enumerate(calls):
        store.calls.put(CallRow(call, "pbx", 1000.0 + number, True, ended=2000.0, outcome="completed", agent=agent,
                                team=team))
        if agent:
            store.stays.put(StayRow(call, 1, "leg", 1000.0 + number, agent, team, first=0))
        store.recordings.put(RecordingRow(call, "pbx", 1000.0 + number, 8000, b"key", b"key", "p", samples=80_000,
                                          state="complete", ended=2000.0))
        store.violations.put(violation(call, agent=agent, team=team))
        store.alerts.put(AlertRow(f"{call}#1", call, 1000.0 + number, "violation", "severe", "promise"))
    store.alerts.put(AlertRow("store-down!1", "", 900.0, "store-down", "severe", detail="away"))
    store.flush(30)


@pytest.fixture
def asked():
    return Asked()


@pytest.fixture
def web(tmp_path, asked):
    greenlets = Greenlets()
    store = Store(f"sqlite:///{tmp_path}/eslbot.db", greenlets)
    kept(store)
    handlers = {"mute": asked}
    rig = WebRig(tmp_path, handlers, [api.blueprint()])
    handlers |= Records(store, rig.clock, rig.audited.append).handlers | StaffHandlers(rig.accounts, rig.clock).handlers
    rig.add("boss", Staff.ADMIN)
    rig.add("lead", Staff.SUPERVISOR, ["north"])
    rig.add("seat7", Staff.AGENT, ["north"])
    yield rig
    rig.stop()
    store.stop()
    greenlets.stop()
    assert rig.failures == []


@pytest.fixture
def program(web):
    """Requests of a program with a token of everything its owner may."""

    def ask(name, method, path, **more):
        headers = {**web.token(name), **more.pop("headers", {})}
        return web.app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **more)

    return ask


def test_an_act_reaches_its_handler_as_the_person_with_what_the_body_says(program, asked):
    answer = program("lead", "POST", "/calls/abcdef/mute", json={"seconds": 5, "reason": "shouting"})
    assert (answer.status_code, answer.json) == (200, {"call": "abcdef", "done": ["Mute"]})
    assert asked.seen == [({"call": "abcdef", "seconds": 5, "reason": "shouting"}, "account:lead")]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"seconds": 0}, "seconds: must have exclusiveMinimum 0"), ({"seconds": "5"}, "seconds: must have type number"),
        ({"minutes": 1}, "unknown: minutes"), ([], "the body is not a JSON object"),
    ],
)
def test_a_body_that_cannot_be_is_refused_by_name_and_asks_no_handler(program, asked, body, said):
    answer = program("lead", "POST", "/calls/abcdef/mute", json=body)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert answer.json["detail"] == said
    assert asked.seen == []


def test_a_body_is_json_and_called_so(program, asked):
    for sent in ({"data": "seconds=5"}, {"data": '{"seconds": 5}', "content_type": "text/plain"}):
        assert program("lead", "POST", "/calls/abcdef/mute", **sent).status_code == 400
    assert program("lead", "POST", "/calls/abcdef/mute", data="{", content_type="application/json").status_code == 400
    assert asked.seen == []


def test_a_request_that_is_sent_again_is_answered_again_and_done_once(program, web, asked):
    headers = {"Idempotency-Key": "mine"}
    first = program("lead", "POST", "/calls/abcdef/mute", json={"seconds": 5}, headers=headers)
    again = program("lead", "POST", "/calls/abcdef/mute", json={"seconds": 5}, headers=headers)
    assert (again.status_code, again.json) == (first.status_code, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(asked.seen) == 1
    assert program("lead", "POST", "/calls/abcdef/mute", json={"seconds": 6}, headers=headers).status_code == 409
    program("boss", "POST", "/calls/abcdef/mute", json={"seconds": 5}, headers=headers)
    web.frame.handlers["unmute"] = asked
    program("lead", "POST", "/calls/abcdef/unmute", headers=headers)
    ids = [args["id"] for args, _ in asked.seen]
    assert len(ids) == len(set(ids)) == 3, "another person's, or another act, is another request"


def test_an_answer_that_waits_for_a_phone_asks_for_the_time_it_takes(program, web, asked):
    web.frame.handlers["listen"] = asked
    let = []
    guard = {"eslbot.stream": lambda seconds, whose: let.append(whose) or len(let) < 2}
    for _ in range(2):
        answer = program("lead", "POST", "/calls/abcdef/listen", json={"wait": True}, environ_base=guard)
    assert (answer.status_code, len(asked.seen)) == (503, 1)
    assert program("lead", "POST", "/calls/abcdef/listen", environ_base=guard).status_code == 200
    assert let == ["lead", "lead"]


def test_what_was_refused_may_be_tried_again_under_the_same_key(program, asked):
    headers = {"Idempotency-Key": "mine"}
    asked.fails = Refused("the switch has not answered")
    assert program("lead", "POST", "/calls/abcdef/mute", headers=headers).status_code == 409
    asked.fails = None
    assert program("lead", "POST", "/calls/abcdef/mute", headers=headers).status_code == 200
    assert asked.seen[0][0]["id"] == asked.seen[1][0]["id"]


def test_recordings_and_alerts_of_another_team_are_not_there(program):
    assert [row["call"] for row in program("boss", "GET", "/recordings").json["recordings"]] == [NOBODYS, SOUTH, NORTH]
    assert [row["call"] for row in program("lead", "GET", "/recordings").json["recordings"]] == [NORTH]
    assert program("lead", "GET", f"/recordings/{NORTH}").json["agent"] == "seat7"
    theirs, none = (program("lead", "GET", f"/recordings/{call}") for call in (SOUTH, "nothing"))
    assert (theirs.status_code, none.status_code) == (404, 404)
    assert theirs.json["detail"].replace(SOUTH, "X") == none.json["detail"].replace("nothing", "X")
    assert [row["call"] for row in program("lead", "GET", "/alerts").json["alerts"]] == [NORTH]
    assert len(program("boss", "GET", "/alerts").json["alerts"]) == 4


def test_a_list_is_gone_through_page_by_page(program):
    seen, after = [], None
    for _ in range(4):
        query = "?limit=1" + (f"&after={after}" if after is not None else "")
        page = program("boss", "GET", f"/recordings{query}").json
        seen += [row["call"] for row in page["recordings"]]
        after = page["next"]
        if after is None:
            break
    assert seen == [NOBODYS, SOUTH, NORTH]
    assert program("boss", "GET", "/recordings?team=north").json["recordings"][0]["call"] == NORTH
    assert "no place in a list" in program("boss", "GET", "/recordings?after=nowhere").json["detail"]
    assert program("boss", "GET", "/recordings?limit=many").json["detail"] == "limit: is no integer"
    assert program("boss", "GET", "/recordings?colour=red").status_code == 400


def test_an_agent_has_the_own_record_and_nobody_elses(program):
    own = program("seat7", "GET", "/record?days=366").json
    assert own["calls"] == 0   # long ago by the rig's clock
    assert program("seat7", "GET", "/recordings").status_code == 403
    other = program("seat7", "GET", "/record?agent=su").json
    assert (other["agent"], other["calls"], other["violations"]) == ("su", 0, [])


def test_an_alert_is_acknowledged_once_and_audited_by_whoever_was_first(program, web):
    path = f"/alerts/{NORTH}%231/acknowledge"
    assert program("lead", "POST", path).json["acknowledged_by"] == "account:lead"
    assert program("boss", "POST", path).json["acknowledged_by"] == "account:lead"
    assert program("lead", "POST", f"/alerts/{SOUTH}%231/acknowledge").status_code == 404
    kept = [(row.what, row.who, row.call) for row in web.audited]
    assert kept == [("acknowledge", "account:lead", NORTH), ("refused", "account:lead", SOUTH)]
    assert [row["call"] for row in program("boss", "GET", "/alerts?open=true").json["alerts"]] == [NOBODYS, SOUTH, ""]


def test_of_two_who_acknowledge_at_once_the_first_is_kept_and_both_are_told_so(program, web):
    path = f"/alerts/{NORTH}%231/acknowledge"
    jobs = [gevent.spawn(program, name, "POST", path) for name in ("lead", "boss", "lead", "boss")]
    gevent.joinall(jobs, raise_error=True)
    said = {job.value.json["acknowledged_by"] for job in jobs}
    assert len(said) == 1
    assert [row.who for row in web.audited if row.what == "acknowledge"] == list(said)
    kept = program("boss", "GET", f"/alerts?call={NORTH}").json["alerts"]
    assert [row["acknowledged_by"] for row in kept] == list(said)


def test_an_admin_keeps_accounts_and_nobody_else_does(program, web):
    made = program("boss", "POST", "/users", json={"name": "an", "role": "auditor", "password": PASSWORD})
    assert made.status_code == 201
    assert made.json["must_change"]
    assert "argon2" not in made.get_data(as_text=True)
    assert program("boss", "PATCH", "/users/an", json={"role": "quality", "teams": ["north"]}).json["role"] == "quality"
    assert program("lead", "GET", "/users").status_code == 403
    assert program("boss", "PATCH", "/users/boss", json={"disabled": True}).status_code == 409
    assert program("boss", "PATCH", "/users/none", json={"role": "agent"}).status_code == 404
    token = program("boss", "POST", "/tokens", json={"name": "an", "scopes": ["recordings:list"], "days": 1}).json
    bearer = {"Authorization": f"Bearer {token['token']}"}
    assert web.client().get("/api/v1/recordings", headers=bearer).status_code == 200
    assert program("boss", "DELETE", f"/tokens/{token['id']}").status_code == 200
    assert web.client().get("/api/v1/recordings", headers=bearer).status_code == 401
    assert program("boss", "DELETE", "/users/an").status_code == 200
    assert program("boss", "GET", "/users/an").status_code == 404


def test_without_a_key_nothing_is_played_and_it_says_why(program):
    answer = program("boss", "GET", f"/recordings/{NORTH}/audio")
    assert answer.status_code == 409
    assert "[keys] identity" in answer.json["detail"]
    assert program("seat7", "GET", f"/recordings/{NORTH}/audio").status_code == 403


def test_the_document_is_openapi_and_tells_of_what_this_service_can_do_alone(program, web):
    document = program("boss", "GET", "/openapi.json").json
    OpenAPIV31SpecValidator(document).validate()
    assert "/calls/{call}/mute" in document["paths"]
    assert "/calls/{call}/hangup" not in document["paths"]   # no handler of this rig's
    assert program("boss", "POST", "/calls/abcdef/hangup").status_code == 404
    assert web.client().get("/api/v1/openapi.json").status_code == 401


def test_every_answer_has_the_shape_that_the_document_says(program):
    from jsonschema import Draft202012Validator

    document = program("boss", "GET", "/openapi.json").json
    asked = {
        "/recordings": {}, "/recordings/{call}": {"call": NORTH}, "/alerts": {}, "/record": {}, "/users": {},
        "/users/{name}": {"name": "lead"}, "/tokens": {},
    }
    for path, named in asked.items():
        answer = program("boss", "GET", path.format(**named))
        content = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        schema = {**content["schema"], "components": document["components"]}
        Draft202012Validator(schema).validate(answer.json)


def test_the_page_for_people_names_every_operation_and_asks_nobody_else(program, web):
    page = program("boss", "GET", "/docs").get_data(as_text=True)
    for operation in OPERATIONS:
        if operation.verb in web.frame.handlers:
            assert f"{operation.method} /api/v1{operation.path}" in page
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
