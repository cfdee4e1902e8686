from collections.abc import Iterator
from typing import Any

import gevent
import pytest
from gevent import socket
from gevent.server import StreamServer
from greenswitch.esl import InboundESL, OutboundSession

from eslbot.clock import SteadyClock
from eslbot.greenlets import Greenlets
from eslbot.switch.codec import ProtocolError
from eslbot.switch.link import LinkDown, Unanswered, connections
from eslbot.switch.link.connections import CredentialsRefused, Inbound, Session
from tests.switch import wire
from tests.switch.link.fake import PASSWORD, FakeSwitch, free_port, reply


def inbound(greenlets: Greenlets, port: int, host: str = "127.0.0.1", user: str | None = None) -> Inbound:
    ignore = lambda told: None  # noqa: E731
    return Inbound("test", (host, port), user, PASSWORD, greenlets, SteadyClock(), ignore, ignore)


def test_these_are_greenswitch_s_own() -> None:
    assert issubclass(Inbound, InboundESL)
    assert issubclass(Session, OutboundSession)


def test_it_signs_in_and_asks(greenlets: Greenlets) -> None:
    switch = FakeSwitch()
    connection = inbound(greenlets, switch.port)
    connection.connect()
    assert connection.send("api echo x").reply == "x"
    connection.stop()
    assert switch.heard[0] == f"auth {PASSWORD}"
    switch.stop()


def test_it_reaches_a_switch_by_ipv6(greenlets: Greenlets) -> None:
    try:
        switch = FakeSwitch(host="::1")
    except OSError:
        pytest.skip("no IPv6 here")
    connection = inbound(greenlets, switch.port, "::1")
    connection.connect()
    assert connection.send("api echo x").reply == "x"
    connection.stop()
    switch.stop()


def test_nobody_there_is_said_so(greenlets: Greenlets) -> None:
    with pytest.raises(LinkDown, match="cannot connect"):
        inbound(greenlets, free_port()).connect()


def test_a_server_that_never_greets_is_given_up(greenlets: Greenlets, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "ANSWER", 0.05)
    switch = FakeSwitch()
    switch.greeting = b""
    with pytest.raises(LinkDown, match="no greeting"):
        inbound(greenlets, switch.port).connect()
    switch.stop()


def test_the_answers_of_a_real_switch_to_a_wrong_password_are_understood(greenlets: Greenlets) -> None:
    def refuse(sock: Any, peer: Any) -> None:
        sock.sendall(wire.received("auth-failed"))
        gevent.sleep(0.2)

    server = StreamServer(("127.0.0.1", 0), refuse)
    server.start()
    with pytest.raises((CredentialsRefused, LinkDown)):
        inbound(greenlets, server.server_port).connect()
    server.stop()


@pytest.mark.parametrize("words", [1, 80, 81, 82, 83, 84, 85, 100, 300])
def test_a_long_list_of_what_is_allowed_does_not_hold_the_sign_in_up(greenlets: Greenlets, words: int) -> None:
    """mod_event_socket writes the answer into 512 bytes, cuts it there and loses the empty line at its end."""
    full = "~Reply-Text: +OK accepted\nAllowed-Events: all\n"
    full += f"Allowed-API: {'show ' * words}\nAllowed-LOG: false\n\n"
    switch = FakeSwitch()
    cut = f"Content-Type: command/reply\n{full[:511][1:]}".encode()
    switch.script = lambda command: cut if command.line.startswith("userauth") else None
    connection = inbound(greenlets, switch.port, user="eslbot@example.org")
    connection.connect()
    assert switch.heard == [f"userauth eslbot@example.org:{PASSWORD}"]
    assert connection.send("api echo x").reply == "x"
    assert connection.send("api echo y").reply == "y"
    connection.stop()
    switch.stop()


def test_a_user_the_directory_does_not_know_is_refused(greenlets: Greenlets) -> None:
    switch = FakeSwitch()
    switch.password = "another"
    with pytest.raises(CredentialsRefused, match="password or the user"):
        inbound(greenlets, switch.port, user="eslbot@example.org").connect()
    switch.stop()


# --- the session the switch opens ------------------------------------------------------------------------------------
@pytest.fixture
def ends(greenlets: Greenlets) -> Iterator[tuple[Session, Any]]:
    mine, peer = socket.socketpair()
    session = Session("test", ("127.0.0.1", 1), mine, greenlets, SteadyClock(), timeout=0.2)
    yield session, peer
    session.fail("the test is over")
    peer.close()


def test_a_session_knows_its_channel_and_what_it_runs_is_spelled_as_it_was_measured(ends: tuple[Session, Any]) -> None:
    answers = wire.received("outbound-gate")
    connected = answers[: answers.index(b"\n\n") + 2]
    session, peer = ends
    peer.sendall(connected)
    channel = session.connect()
    assert channel["Caller-Destination-Number"] == "gate9001"
    assert session.caller_id_number == "1001"
    peer.sendall(reply("+OK"))
    session.execute("set", "eslbot_verdict=allow")
    sent = peer.recv(10_000)
    assert sent.startswith(b"connect\n\n")
    assert sent.removeprefix(b"connect\n\n") in (wire.WIRE / "outbound-gate.out").read_bytes()


def test_a_session_that_is_not_answered_is_given_up(ends: tuple[Session, Any]) -> None:
    session, _ = ends
    with pytest.raises(Unanswered):
        session.connect()


def test_a_peer_that_describes_no_channel_is_refused(ends: tuple[Session, Any]) -> None:
    session, peer = ends
    peer.sendall(reply("+OK"))
    with pytest.raises(ProtocolError):
        session.connect()


def test_an_argument_with_a_newline_runs_nothing(ends: tuple[Session, Any]) -> None:
    session, peer = ends
    with pytest.raises(ValueError, match="CR, LF or NUL"):
        session.execute("set", "a=b\nexecute-app-name: system")
    session.stop()
    assert b"system" not in peer.recv(1000)
