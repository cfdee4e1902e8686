"""The console of the real process beside crowds and floods (17), while a call is judged: live pages beyond what there
is room for, a herd that connects anew again and again, pages that take nothing, sign-ins from everywhere, terminals
that stand still."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gevent
import gevent.subprocess
import pytest
from gevent import socket

from eslbot.sim import Switch
from eslbot.store.account_rows import SessionRow
from eslbot.store.accounts import AccountStore
from eslbot.store.chain import Entry
from eslbot.supervise import secrets
from eslbot.supervise.admin import AdminClient
from tests.faults.conftest import Show
from tests.faults.house import House
from tests.faults.test_web import accounts
from tests.faults.visitor import Visitor
from tests.service.rig import ANSWER, PROMISE, line, party
from tests.switch.link.fake import free_port

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]
ROOM, EACH = 24, 40
GROWN = 96 * 2**20
"""Bytes that a crowd may cost, at most: sockets, answers on their way, what is remembered."""


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def house(tmp_path: Path, switch: Switch, port: int) -> Iterator[House]:
    web = {"listen": f"127.0.0.1:{port}", "live_pages": ROOM, "live_pages_each": EACH, "connections": 128}
    house = House(tmp_path, switch, web=web)
    accounts(tmp_path)
    with house:
        yield house
        assert house.metric("eslbot_troubles_total") == 0, house.lines("trouble")[:2]


def session(house: House, name: str) -> str:
    """A cookie of somebody who signed in."""
    secret, now = secrets.new_session(), time.time()
    store = AccountStore(f"sqlite:///{house.directory}/eslbot.db")
    store.begin(SessionRow(secrets.digest(secret), name, now, now, now + 3600), Entry("sign-in", f"account:{name}"))
    store.close()
    return secret


@contextlib.contextmanager
def crowd(port: int, what: str, count: int, seconds: float, *cookies: str) -> Iterator[dict[str, int]]:
    """One while it lasts; what it was answered stands in the mapping at the end."""
    process = gevent.subprocess.Popen(
        [sys.executable, "-m", "tests.faults.crowd", str(port), what, str(count), str(seconds), *cookies],
        stdout=subprocess.PIPE)
    came: dict[str, int] = {}
    try:
        assert json.loads(process.stdout.readline()) == "begun"
        yield came
        came |= json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def judged_beside(house: House, switch: Switch, desk: Visitor) -> dict[str, Any]:
    """A call that is muted by its words; somebody who is signed in asks and presses meanwhile."""
    before = house.memory
    call = switch.place(party(line(PROMISE, 4.0), hangs_up_at=9.0), party(line(ANSWER, 0.2)))
    waits, token = [], secrets.form_token(desk.cookies["eslbot"])
    house.until(lambda: house.metric("eslbot_calls_active"), "the call was not seen")
    [row] = json.loads(desk.ask("GET", "/api/v1/calls").body)["calls"]
    for verb in ("mask", "unmask") * 4:
        began = time.monotonic()
        answer = desk.ask("POST", f"/calls/{row['call']}/{verb}", {}, X_CSRF_Token=token)
        waits.append(time.monotonic() - began)
        assert answer.status in (200, 409), answer   # 409: nothing of it is recorded yet
        gevent.sleep(0.3)
    house.until(lambda: call.customer.gone, "the call did not end", 40.0)
    grown = house.memory - before
    return {"waits": waits, "grown": grown}


def sealed(house: House) -> None:
    """The call was recorded whole and muted once."""
    house.settled()
    [row] = house.rows("recordings")
    assert (row.state, row.lost) == ("complete", ())
    assert [act.outcome for act in house.rows("acts") if act.kind == "mute"] == ["done"]


@pytest.mark.parametrize("what", ["live", "herd", "stall"])
def test_more_live_pages_than_there_is_room_for_are_told_when_to_come_again(
    house: House, switch: Switch, port: int, show: Show, what: str,
) -> None:
    desk = Visitor(port, cookies={"eslbot": session(house, "seat7")})
    assert desk.ask("GET", "/help").status == 200
    with crowd(port, what, 100, 12.0, session(house, "lead"), session(house, "lead")) as came:
        beside = judged_beside(house, switch, desk)
        assert house.metric("eslbot_web", what="live-pages") <= ROOM
    assert came["200"] >= ROOM
    refused = came.get("503", 0) + came.get("429", 0)
    assert refused == came["with Retry-After"] > 0, came
    assert set(came) <= {"200", "429", "503", "cut off", "with Retry-After"}, came
    assert house.metric("eslbot_web_refused_total") > 0
    assert beside["grown"] < GROWN
    sealed(house)
    show(17, went_on="the call: recorded, muted, closed", lost=f"nothing; of 100 pages ({what}) {ROOM} at a time were"
         f" served, the others told when to come again ({refused} times)",
         took=f"a button beside them: {max(beside['waits']):.2f} s at most, {beside['grown'] / 2**20:.0f} MiB more")


def test_sign_ins_from_everywhere_keep_nobody_from_working_who_is_in(
    house: House, switch: Switch, port: int, show: Show,
) -> None:
    desk = Visitor(port, cookies={"eslbot": session(house, "seat7")})
    assert desk.ask("GET", "/help").status == 200
    with crowd(port, "sign-in", 150, 12.0) as came:
        beside = judged_beside(house, switch, desk)
    refused = came.get("503", 0) + came.get("429", 0)
    assert refused == came["with Retry-After"] > 0, came
    assert came.get("403", 0) < 200   # five are free, then the account waits
    assert "200" not in came
    assert "303" not in came
    assert beside["grown"] < GROWN + 64 * 2**20   # one hash at a time has 64 MiB of its own
    sealed(house)
    show(17, went_on="the call: recorded, muted, closed", lost=f"nothing; {came.get('403', 0)} wrong passwords were"
         f" tried, {refused} requests told when to come again",
         took=f"a button beside them: {max(beside['waits']):.2f} s at most")


def test_terminals_that_stand_still_keep_no_command_out(house: House, switch: Switch, show: Show) -> None:
    path = house.directory / "eslbot.sock"
    silent = []
    for n in range(100):
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(str(path))
        if n % 2:
            sock.sendall(b'{"verb":"calls"}\n' * 50)
        silent.append(sock)
    ask = gevent.get_hub().threadpool
    for _ in range(5):
        assert ask.apply(lambda: AdminClient(path).call("calls"))["calls"] == []
    for sock in silent:
        sock.close()
    show(17, went_on="every command", lost="nothing; who had been silent longest was cut off", took="no wait")
