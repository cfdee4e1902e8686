"""Everybody's way to everything: each operation of the API and each page, by each role, on a call of the own team, of
another's, of one that has ended and of none, on a whole service. What is expected is docs/how-to/people.md's table."""

from collections.abc import Mapping
from typing import Any

import pytest

from eslbot.call.desk import Desk
from eslbot.store.account_rows import TokenRow, UserRow
from eslbot.store.chain import Entry
from eslbot.store.recording_rows import RecordingRow
from eslbot.store.rows import AlertRow, CallRow, StayRow
from eslbot.supervise import secrets
from eslbot.supervise.access import Permission, Staff
from eslbot.supervise.web.operations import OPERATIONS, PATH, Operation
from tests.service.rig import Rig, party

ADMIN, SUPERVISOR, QUALITY, AUDITOR, AGENT = Staff
SEE = frozenset({ADMIN, SUPERVISOR, QUALITY, AGENT})
ACT = frozenset({ADMIN, SUPERVISOR})
APPEALS = frozenset({ADMIN, QUALITY})
LIST = frozenset({ADMIN, SUPERVISOR, QUALITY, AUDITOR})
WHO: Mapping[str, frozenset[Staff]] = {
    "calls": SEE, "call": SEE, **dict.fromkeys(
        ("mute", "unmute", "hangup", "listen", "whisper", "barge", "takeover", "leave", "correct"), ACT),
    "appeals": APPEALS | {AGENT}, "appeal": APPEALS | {AGENT}, "appeal_decide": APPEALS,
    "appeal_file": frozenset({AGENT}), "appeal_withdraw": frozenset({AGENT}),
    "mask": ACT | {AGENT}, "unmask": ACT | {AGENT}, "recordings": LIST, "recording": LIST,
    "record": frozenset(Staff), "alerts": frozenset({ADMIN, SUPERVISOR, QUALITY}), "acknowledge": ACT,
    **dict.fromkeys(("shadow", "disarm", "users", "user", "user_add", "user_change", "user_remove", "user_sign_out",
                     "tokens", "token_new", "token_revoke", "keeping", "hold", "release", "erase"), frozenset({ADMIN})),
}
PAGES: Mapping[str, frozenset[Staff]] = {
    "/": frozenset(Staff), "/help": frozenset(Staff), "/live/allowed": SEE, "/mine": frozenset({AGENT}),
    "/appeals": APPEALS | {AGENT}, "/appeals/none": APPEALS | {AGENT},
    "/alerts": SEE - {AGENT}, "/calls/{call}": SEE - {AGENT}, "/recordings": LIST, "/recordings/{call}": LIST,
    "/recordings/{call}/audio": LIST, f"{PATH}/recordings/{{call}}/audio": LIST,
    "/recordings/{call}/keeping": frozenset({ADMIN}), f"{PATH}/openapi.json": frozenset(Staff),
    f"{PATH}/docs": frozenset(Staff),
}
GIVEN: Mapping[str, Any] = {"on": True, "prompt": "correction", "role": "agent", "name": "victim", "phone": "2001",
                           "reason": "asked to", "violation": "none", "outcome": "upheld"}
NONE = "00000000-0000-4000-8000-000000000000"
OLD = {"north": "aaaaaaaa-0000-4000-8000-000000000001", "south": "bbbbbbbb-0000-4000-8000-000000000002"}


class Scene:
    """Two calls that are up, one of each team, and two that have ended; one person of each role, all of north."""

    def __init__(self, rig: Rig) -> None:
        service = rig.start()
        self.app, self.accounts = service.front.web.app, service.front.accounts
        self.bearer: dict[Staff, dict[str, str]] = {}
        for role in Staff:
            self.person(role.value, role, () if role is ADMIN else ("north",), "1001" if role is AGENT else "")
            self.bearer[role] = self.token(role.value)
        self.person("seat2", AGENT, ("south",), "1002")
        self.live = {}
        for team, number in (("north", "1001"), ("south", "1002")):
            placed = rig.place(party(), party(), agent_number=number)
            self.live[team] = placed.customer.uuid
        rig.until(lambda: sum(state.actable for state in service.desk.states()) == 2, "not up")
        for team, call in OLD.items():
            service.store.calls.put(CallRow(call, "pbx", 10.0, True, ended=20.0, agent="x", team=team))
            service.store.stays.put(StayRow(call, 1, "leg", 10.0, "x", team, ended=20.0, first=0))
            service.store.recordings.put(RecordingRow(call, "pbx", 10.0, 8000, b"k", b"k", "p", state="complete"))
        for call in (*self.live.values(), *OLD.values()):
            service.store.alerts.put(AlertRow(f"{call}#1", call, 11.0, "violation", "severe", "promise"))
        service.store.flush(10)

    def person(self, name: str, role: Staff, teams: tuple[str, ...], phone: str) -> None:
        row = UserRow(name, role.value, teams, phone)
        self.accounts.run(lambda store: store.add(row, Entry("user-added", "test", subject=name)))

    def token(self, name: str, *scopes: Permission) -> dict[str, str]:
        number, secret = secrets.new_token()
        row = TokenRow(number, name, secrets.digest(secret), "test", scopes or tuple(Permission), 0.0, None)
        assert self.accounts.run(lambda store: store.add_token(row, Entry("token-made", "test", subject=number)))
        return {"Authorization": f"Bearer {secret}"}

    def ask(self, operation: Operation, call: str, headers: Mapping[str, str]) -> tuple[int, str]:
        path = operation.path.format(call=call, name="victim", id="nothing", alert=f"{call}%231", appeal="none")
        body = {name: GIVEN[name] for name in GIVEN if name in operation.required or name in operation.body}
        more: dict[str, Any] = {"json": body} if operation.method in ("POST", "PUT", "PATCH") and operation.body else {}
        answer = self.app.test_client().open(PATH + path, method=operation.method, headers=headers, **more)
        return answer.status_code, answer.get_data(as_text=True).replace(call, "CALL")


@pytest.fixture
def scene(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> Scene:
    made = Scene(rig)
    monkeypatch.setattr(Desk, "command", lambda self, command: [])   # whether it is let through is what is asked
    return made


def test_every_operation_is_open_to_those_it_is_for_on_calls_of_theirs_and_to_nobody_else(scene: Scene) -> None:
    for operation in OPERATIONS:
        named = f"{operation.method} {operation.path}"
        of_call = "{call}" in operation.path or "{alert}" in operation.path
        sealed = operation.path.startswith("/recordings/")
        kept = sealed or operation.verb == "acknowledge"
        assert scene.ask(operation, scene.live["north"], {})[0] == 401, named
        for role in Staff:
            def ask(call: str, operation: Operation = operation, role: Staff = role) -> tuple[int, str]:
                return scene.ask(operation, call, scene.bearer[role])

            if role not in WHO[operation.verb]:
                told = {ask(call) for call in (*scene.live.values(), *OLD.values(), NONE)}
                assert {status for status, _ in told} == {403}, (named, role)
                assert len(told) == 1, (named, role)   # nor does it tell what there is
                continue
            if not of_call:
                assert ask(NONE)[0] not in (401, 403), (named, role)
                continue
            theirs = OLD["north"] if sealed else scene.live["north"]
            other = OLD["south"] if sealed else scene.live["south"]
            assert ask(theirs)[0] in (200, 409), (named, role)
            nothing = ask(NONE)
            assert nothing[0] == 404, (named, role)
            if role is not ADMIN:
                assert ask(other) == nothing, (named, role)
            if not kept:
                assert ask(OLD["north"]) == nothing, (named, role)


def test_every_page_is_open_to_those_it_is_for(scene: Scene) -> None:
    client = scene.app.test_client()
    for path, who in PAGES.items():
        own = path.format(call=OLD["north"])
        assert client.get(own).status_code in (303, 401), path
        for role in Staff:
            status = client.get(own, headers=scene.bearer[role]).status_code
            assert (status == 403) is (role not in who), (path, role, status)
            if role in who and role is not ADMIN and "/recordings/{" in path:
                other, none = (client.get(path.format(call=call), headers=scene.bearer[role])
                               for call in (OLD["south"], NONE))
                same = other.get_data(as_text=True).replace(OLD["south"], NONE) == none.get_data(as_text=True)
                assert (other.status_code, same) == (none.status_code, True), (path, role)
                assert other.status_code == 404 or path.startswith(PATH), (path, role)   # no key there: 409 of all


def test_what_is_live_shows_a_team_its_own_calls_alone(scene: Scene) -> None:
    for role in SEE - {ADMIN}:
        answer = scene.app.test_client().get(f"{PATH}/calls", headers=scene.bearer[role])
        assert [row["call"] for row in answer.json["calls"]] == [scene.live["north"]], role


def test_a_token_gives_no_more_than_its_scope(scene: Scene) -> None:
    narrow = scene.token("admin", Permission.SEE)
    for operation in OPERATIONS:
        status = scene.ask(operation, scene.live["north"], narrow)[0]
        assert (status != 403) is (Permission.SEE in operation.takes), (operation.method, operation.path)
