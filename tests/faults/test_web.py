"""The web of the real process under slowloris, smuggled requests, a planted session, forged forms and 101 wrong
passwords (16), while a call is judged."""

import contextlib
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest
from gevent import socket

from eslbot.sim import Switch
from eslbot.supervise import secrets
from tests.faults.clients import Slow
from tests.faults.conftest import Show
from tests.faults.house import House
from tests.faults.visitor import PASSWORD, Visitor
from tests.service.people.test_web import certificate, spoken
from tests.service.rig import ANSWER, PROMISE, line, party
from tests.switch.link.fake import free_port
from tests.watch.clients import talk

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]
SLOW = 300
WRONG = 101
SMUGGLED = (
    b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\nhello",
    b"GET /sign-in HTTP/1.1\r\n\r\n",
    b"GET /sign-in HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET /sign-in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n",
    b"POST /api/v1/disarm HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello",
)


def accounts(directory: Path) -> None:
    """What an admin types before the first start."""
    for name, role in (("lead", "admin"), ("seat7", "supervisor")):
        subprocess.run(
            [sys.executable, "-m", "eslbot", "users", "add", name, "--role", role, "--password-stdin",
             "--no-must-change", "-c", str(directory / "eslbot.toml")],
            input=PASSWORD + "\n", text=True, check=True, capture_output=True, timeout=60,
        )


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def house(tmp_path: Path, switch: Switch, port: int) -> Iterator[House]:
    house = House(tmp_path, switch, web={"listen": f"127.0.0.1:{port}"})
    accounts(tmp_path)
    with house:
        yield house
        assert house.metric("eslbot_troubles_total") == 0, house.lines("trouble")[:2]


def test_slow_and_smuggling_clients_keep_no_honest_one_waiting_and_no_call(
    house: House, switch: Switch, port: int, show: Show,
) -> None:
    honest = Visitor(port, "127.0.0.2")
    assert honest.sign_in("lead").status == 303
    call = switch.place(party(line(PROMISE, 4.0), hangs_up_at=9.0), party(line(ANSWER, 0.2)))
    waits = []
    with Slow(port, "/sign-in", SLOW):
        for _ in range(8):
            began = time.monotonic()
            assert honest.ask("GET", "/api/v1/calls").status == 200
            waits.append(time.monotonic() - began)
            gevent.sleep(0.2)
        answers = [talk(port, raw, timeout=20.0).partition(b"\r\n")[0] for raw in SMUGGLED]
    house.until(lambda: call.customer.gone, "the call did not end", 40.0)
    house.settled()
    assert all(answer.startswith(b"HTTP/1.1 400") for answer in answers), answers
    [row] = house.rows("recordings")
    assert (row.state, row.gaps) == ("complete", ())
    assert [act.outcome for act in house.rows("acts") if act.kind == "mute"] == ["done"]
    show(16, went_on="the call: recorded, muted, closed", lost=f"nothing; {len(answers)} of {len(SMUGGLED)} smuggled"
         " requests got 400", took=f"an honest request beside {SLOW} slow ones: {max(waits):.2f} s at most")


def test_a_planted_session_is_worth_nothing_and_a_forged_form_is_refused(
    house: House, port: int, show: Show,
) -> None:
    planted = secrets.new_session()
    victim = Visitor(port, cookies={"eslbot": planted})
    assert victim.sign_in("lead").status == 303
    assert victim.cookies["eslbot"] != planted
    assert Visitor(port, cookies={"eslbot": planted}).ask("GET", "/api/v1/calls").status == 401
    assert victim.ask("GET", "/api/v1/calls").status == 200
    token = secrets.form_token(victim.cookies["eslbot"])
    attempts = {
        "no token": victim.ask("POST", "/api/v1/disarm"),
        "another's token": victim.ask("POST", "/api/v1/disarm", X_CSRF_Token=secrets.form_token(planted)),
        "another site": victim.ask("POST", "/api/v1/disarm", X_CSRF_Token=token, Origin="https://evil.example"),
        "a sign-in": Visitor(port).ask("POST", "/sign-in", {"name": "seat7", "password": PASSWORD}),
    }
    assert {what: answer.status for what, answer in attempts.items()} == dict.fromkeys(attempts, 403)
    assert victim.ask("POST", "/api/v1/disarm", X_CSRF_Token=token).status == 200
    old = victim.cookies["eslbot"]
    house.stop()
    house.start()
    assert Visitor(port, cookies={"eslbot": old}).ask("GET", "/api/v1/calls").status == 200
    show(16, went_on="the session, over a restart", lost=f"nothing; {len(attempts)} forged requests got 403",
         took="a planted cookie was worth nothing, and the sign-in made another")


def test_101_wrong_passwords_are_throttled_while_others_sign_in(house: House, port: int, show: Show) -> None:
    guesser = Visitor(port, "127.0.0.3")
    token = guesser.form()
    came: Counter[int] = Counter()

    def guess(number: int) -> None:
        form = {"csrf": token, "name": "lead", "password": f"wrong password {number}"}
        came[guesser.ask("POST", "/sign-in", form).status] += 1

    guesses = [gevent.spawn(guess, number) for number in range(WRONG)]
    began = time.monotonic()
    other = Visitor(port, "127.0.0.2")
    assert other.sign_in("seat7").status == 303
    took = time.monotonic() - began
    gevent.joinall(guesses, timeout=120, raise_error=True)
    assert came.total() == WRONG
    assert set(came) <= {403, 429, 503}
    assert came[403] <= 10
    assert guesser.sign_in("lead").status == 429   # even the right one now
    assert Visitor(port, "127.0.0.4").sign_in("lead").status == 429   # the account waits, wherever one comes from
    listed = [row for row in house.lines() if "wrong password" in str(row)]
    assert listed == []
    show(16, went_on=f"another person's sign-in, within {took:.1f} s", lost="nothing",
         took=f"{came[403]} wrong passwords were tried, {came[429] + came[503]} throttled")


def test_connections_that_never_shake_hands_are_cut_off_and_keep_nobody_out(
    tmp_path: Path, switch: Switch, port: int,
) -> None:
    pem, key = certificate(tmp_path, "localhost")
    web = {"listen": f"127.0.0.1:{port}", "certificate": str(pem), "key": str(key)}
    with House(tmp_path, switch, web=web) as house:
        mute = [socket.create_connection(("127.0.0.1", port)) for _ in range(SLOW)]
        assert spoken(port, pem, "localhost").startswith(b"HTTP/1.1 200")
        for sock in mute:
            with gevent.Timeout(60), contextlib.suppress(ConnectionResetError):
                assert sock.recv(1) == b""
            sock.close()
        assert talk(port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")[:4] != b"HTTP"
        assert house.metric("eslbot_troubles_total") == 0, house.lines("trouble")[:2]
