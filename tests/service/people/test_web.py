"""The web of a running service: over TLS, and over plain loopback."""

import json
import subprocess
import sys
import time
import warnings
from pathlib import Path

import gevent.ssl
import gevent.subprocess
import pytest
from gevent import socket
from jsonschema import Draft202012Validator

from eslbot.config import load
from eslbot.service.people.web import ANSWER_WITHIN, HEAD_WITHIN, REASONS, limits, standing
from eslbot.sim import Switch
from eslbot.store import Ledger, chain
from eslbot.store.account_rows import UserRow
from eslbot.store.accounts import AccountStore
from eslbot.store.chain import Entry
from eslbot.supervise.access import Staff
from eslbot.supervise.staffing import Staffing
from eslbot.supervise.web.schemas import SCHEMAS
from eslbot.watch.guard import Limits
from tests.faults.visitor import PASSWORD, Visitor
from tests.service.rig import Rig, party
from tests.supervise.web.rig import QUICK
from tests.watch.clients import receive, talk


def certificate(directory: Path, name: str) -> tuple[Path, Path]:
    """(certificate, key), self-signed, made by openssl."""
    pem, key = directory / f"{name}.pem", directory / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
         "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-keyout", str(key), "-out", str(pem)],
        check=True, capture_output=True,
    )
    return pem, key


def spoken(port: int, trusted: Path, name: str, newest: object = None) -> bytes:
    """What a browser that trusts that certificate is answered."""
    context = gevent.ssl.SSLContext(gevent.ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(str(trusted))
    if newest is not None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version, context.maximum_version = gevent.ssl.TLSVersion.TLSv1, newest
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with gevent.Timeout(30), socket.create_connection(("127.0.0.1", port)) as plain, \
            context.wrap_socket(plain, server_hostname=name) as wrapped:
        wrapped.sendall(f"GET /sign-in HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
        return receive(wrapped)


def test_over_tls_the_cookie_is_secure_and_a_renewed_certificate_is_taken_at_a_reload(
    tmp_path: Path, switch: Switch,
) -> None:
    pem, key = certificate(tmp_path, "bot.example")
    rig = Rig(tmp_path, switch, web={"certificate": str(pem), "key": str(key)})
    service = rig.start()
    try:
        answer = spoken(service.front.web.port, pem, "bot.example")
        assert answer.startswith(b"HTTP/1.1 200")
        assert b"Strict-Transport-Security" in answer
        assert b"__Host-eslbot-form=" in answer
        with pytest.raises(OSError, match=r"(?i)alert|protocol|version"):
            spoken(service.front.web.port, pem, "bot.example", gevent.ssl.TLSVersion.TLSv1_1)
        fresh, fresh_key = certificate(tmp_path, "new.example")
        fresh.replace(pem)
        fresh_key.replace(key)
        service.reload()
        rig.until(lambda: names(service.front.web.port, pem), "the new certificate is not shown")
    finally:
        rig.stop()


def names(port: int, trusted: Path) -> bool:
    try:
        return spoken(port, trusted, "new.example").startswith(b"HTTP/1.1 200")
    except gevent.ssl.SSLError:
        return False


def token(rig: Rig, name: str, role: Staff, *teams: str) -> dict[str, str]:
    """The headers of a program of a new account."""
    assert rig.service is not None

    def make(store: AccountStore) -> str:
        staffing = Staffing(store, QUICK, "test", time.time)
        staffing.add(name, role.value, teams)
        return staffing.token(name, "", (), 3600.0)[1]

    return {"Authorization": f"Bearer {rig.service.front.accounts.run(make)}"}


def test_a_supervisor_of_the_team_mutes_a_live_call_by_the_api_and_nobody_else_sees_it(rig: Rig) -> None:
    service = rig.start()
    row = UserRow("seat7", "agent", ("north",), "1001")
    service.front.accounts.run(lambda store: store.add(row, Entry("user-added", "test", subject="seat7")))
    north, south = (token(rig, team, Staff.SUPERVISOR, team) for team in ("north", "south"))
    web = Visitor(service.front.web.port)
    call = rig.place(party(), party())
    rig.until(lambda: any(state.actable for state in service.desk.states()), "not up")
    answer = json.loads(web.ask("GET", "/api/v1/calls", **north).body)
    described = {"$ref": "#/components/schemas/Calls", "components": {"schemas": SCHEMAS}}
    Draft202012Validator(described).validate(answer)
    [shown] = answer["calls"]
    assert (shown["call"], shown["agent"]) == (call.customer.uuid, "seat7")
    assert json.loads(web.ask("GET", "/api/v1/calls", **south).body)["calls"] == []
    path = f"/api/v1/calls/{call.customer.uuid}/mute"
    assert web.ask("POST", path, **south).status == 404
    answer = web.ask("POST", path, **north, Idempotency_Key="one")
    assert json.loads(answer.body) == {"call": call.customer.uuid, "done": ["Mute"]}
    assert web.ask("POST", path, **north, Idempotency_Key="one").body == answer.body
    service.store.flush(30)
    assert [act.by for act in rig.rows("acts") if act.kind == "mute"] == ["account:north"]
    assert service.trail.flush(30)
    rows = [row for row in Ledger(service.settings.store.url).rows() if row.what == "mute"]
    assert [(row.who, row.call) for row in rows] == [("account:north", call.customer.uuid)]


def test_what_an_admin_types_beside_the_running_service_counts_there(rig: Rig) -> None:
    service = rig.start()

    def typed(*arguments: str) -> str:
        command = [sys.executable, "-m", "eslbot", "users", *arguments, "-c", str(rig.directory / "eslbot.toml")]
        process = gevent.subprocess.run(
            command, input=PASSWORD.encode() + b"\n", stdout=gevent.subprocess.PIPE, check=True, timeout=60)
        return str(process.stdout.decode())

    typed("add", "lead", "--role", "admin", "--password-stdin", "--no-must-change")
    web = Visitor(service.front.web.port)
    assert web.sign_in("lead").status == 303
    assert web.ask("GET", "/api/v1/users").status == 200
    [session] = json.loads(typed("sessions", "lead", "--json"))
    assert session["address"] == "127.0.0.1"
    assert typed("sign-out", "lead") == "lead: 1 session has ended\n"
    rig.until(lambda: web.ask("GET", "/api/v1/users").status == 401, "the session goes on")
    assert chain.walk(Ledger(service.settings.store.url).rows()).fault is None


def test_on_loopback_it_is_there_by_default_by_this_machines_names_and_asks_who_one_is(rig: Rig) -> None:
    port = rig.start().front.web.port

    def asked(path: str, host: str) -> str:
        head = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        return talk(port, head.encode()).partition(b"\r\n")[0].decode()

    assert "401" in asked("/api/v1/calls", "127.0.0.1")
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", "localhost"):
        assert "200" in asked("/sign-in", host), host
    for host in (f"evil.example:{port}", "127.0.0.1.evil.example", "10.0.0.9", "", "["):   # made to mean 127.0.0.1
        assert "400" in asked("/sign-in", host), host


@pytest.mark.parametrize(("web", "hosts"), [
    ({}, ("127.0.0.1", "localhost")),
    ({"listen": "[::1]:8088"}, ()),
    ({"public_url": "https://bot.example"}, ("bot.example", "127.0.0.1", "localhost")),
    ({"listen": "10.0.0.5:8088", "behind_proxy": ["10.0.0.7"]}, ()),
    ({"behind_proxy": ["127.0.0.1"], "public_url": "https://bot.example"}, ("bot.example", "127.0.0.1", "localhost")),
])
def test_whose_names_are_answered(
    tmp_path: Path, switch: Switch, web: dict[str, object], hosts: tuple[str, ...],
) -> None:
    rig = Rig(tmp_path, switch, web=web)
    assert standing(load(rig.directory / "eslbot.toml", {"PASSWORD": "p"})).hosts == hosts


def test_the_configured_limits_are_kept_and_told(tmp_path: Path, switch: Switch) -> None:
    rig = Rig(tmp_path, switch, web={"connections": 100, "live_pages": 50, "live_pages_each": 4})
    settings = load(rig.directory / "eslbot.toml", {"PASSWORD": "p"})
    assert limits(settings.web) == Limits(HEAD_WITHIN, ANSWER_WITHIN, 100, 50, 4)
    assert (standing(settings).strangers_within, standing(settings).pages_within) == (12, 25)   # 13 are left for acts
    service = rig.start()
    try:
        port = service.front.web.port
        for n in range(3):
            assert Visitor(port, f"127.0.0.{n + 1}").ask("GET", "/sign-in").status == 200
        assert set(service.front.web.taken) == {"connections", "live-pages"}
        assert set(service.front.web.refused) == set(REASONS)
        page = talk(service.watch.port, b"GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").decode()
        for line in ('eslbot_web{what="live-pages"} 0.0', 'eslbot_web_refused_total{reason="strangers"} 0.0',
                     'eslbot_hub_lag_seconds_bucket{le="+Inf"}'):
            assert line in page
    finally:
        rig.stop()
