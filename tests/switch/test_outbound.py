from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import gevent
import pytest
from gevent import socket

from eslbot.greenlets import Greenlets
from eslbot.switch import outbound
from eslbot.switch.codec import Command, CommandDecoder, Event
from eslbot.switch.outbound import OutboundServer
from tests.switch import wire
from tests.switch.link.fake import DEADLINE, reply

ANSWERS = wire.received("outbound-gate")
CONNECTED = ANSWERS[: ANSWERS.index(b"\n\n") + 2]
"""How a real switch describes the channel that asks."""


class Dialplan:
    """The switch's side: connects, answers as mod_event_socket does, keeps what it was told to do."""

    def __init__(
        self, server: OutboundServer, script: Callable[[Command], bytes | None] = lambda command: None
    ) -> None:
        self.sock = socket.create_connection(server.address)
        self.commands: list[Command] = []
        self._script = script

    def run(self) -> list[str]:
        """Until the server is done; the first lines of what it sent."""
        decoder = CommandDecoder()
        try:
            with gevent.Timeout(DEADLINE):
                while data := self.sock.recv(65536):
                    for command in decoder.feed(data):
                        self.commands.append(command)
                        told = self._script(command)
                        self.sock.sendall(self._answer(command) if told is None else told)
        except OSError:
            pass  # it went while we were answering
        self.sock.close()
        return [command.line for command in self.commands]

    @staticmethod
    def _answer(command: Command) -> bytes:
        return CONNECTED if command.line == "connect" else reply("+OK bye" if command.line == "exit" else "+OK")

    @property
    def variables(self) -> dict[str, str]:
        sets = [command.headers["execute-app-arg"] for command in self.commands if command.line == "sendmsg"]
        return dict(argument.split("=", 1) for argument in sets)


@contextmanager
def serving(
    answer: Callable[[Event], dict[str, str]], failed: list[str] | None = None, **more: Any
) -> Iterator[OutboundServer]:
    broken: list[BaseException] = []
    greenlets = Greenlets(lambda name, error: broken.append(error))
    on_failed = (lambda reason: None) if failed is None else failed.append
    server = OutboundServer(("127.0.0.1", 0), greenlets, answer, on_failed=on_failed, **more)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        greenlets.stop()
    assert broken == []


def test_the_answer_is_set_on_the_channel_and_the_dialplan_goes_on() -> None:
    asked: list[Event] = []

    def answer(channel: Event) -> dict[str, str]:
        asked.append(channel)
        return {"eslbot_verdict": "allow", "eslbot_reason": ""}

    with serving(answer) as server:
        dialplan = Dialplan(server)
        assert dialplan.run() == ["connect", "sendmsg", "sendmsg", "resume", "exit"]
        assert dialplan.variables == {"eslbot_verdict": "allow", "eslbot_reason": ""}
        assert dialplan.commands[1].headers == {
            "call-command": "execute",
            "execute-app-name": "set",
            "execute-app-arg": "eslbot_verdict=allow",
        }
        assert [channel["Caller-Destination-Number"] for channel in asked] == ["gate9001"]


@pytest.mark.parametrize(
    "variables",
    [
        {"eslbot_verdict": "allow\n\nsendmsg"}, {"eslbot_verdict": "${caller_id_name}"}, {"a b": "c"}, {"": "x"},
        {"x": "a b"}, {"x\n": "y"},
    ],
)  # fmt: skip
def test_an_answer_that_no_command_may_hold_is_no_answer(variables: dict[str, str]) -> None:
    failed: list[str] = []
    with serving(lambda channel: variables, failed) as server:
        dialplan = Dialplan(server)
        assert dialplan.run() == ["connect", "resume", "exit"]
    assert ["variable" in reason for reason in failed] == [True]


def test_an_answer_that_fails_or_takes_too_long_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "THINKING", 0.05)
    failed: list[str] = []

    def answer(channel: Event) -> dict[str, str]:
        if not failed:
            raise KeyError("a name that must not be told")
        gevent.sleep(60)
        return {"eslbot_verdict": "allow"}

    with serving(answer, failed) as server:
        for _ in range(2):
            dialplan = Dialplan(server)
            assert dialplan.run() == ["connect", "resume", "exit"]
    assert failed == ["the answer failed: KeyError", "no answer within 0.05 s"]


@pytest.mark.parametrize("silent_at", ["connect", "sendmsg", "resume"])
def test_a_switch_that_says_nothing_more_is_given_up(silent_at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "STEP", 0.05)
    failed: list[str] = []
    with serving(lambda channel: {"eslbot_verdict": "allow"}, failed) as server:
        dialplan = Dialplan(server, lambda command: b"" if command.line == silent_at else None)
        lines = dialplan.run()
        assert lines[-1] == "exit"
        assert "resume" in lines or silent_at == "connect"  # the dialplan goes on
    assert len(failed) == (0 if silent_at == "resume" else 1)


@pytest.mark.parametrize("rubbish", [b"rubbish\n\n", reply("+OK"), b"x" * 400_000], ids=["rubbish", "no call", "flood"])
def test_a_stranger_at_the_port_hurts_nobody(rubbish: bytes) -> None:
    failed: list[str] = []
    with serving(lambda channel: {"eslbot_verdict": "allow"}, failed) as server:
        stranger = Dialplan(server, lambda command: rubbish)
        assert "sendmsg" not in stranger.run()
        assert len(failed) == 1
        assert Dialplan(server).run() == ["connect", "sendmsg", "resume", "exit"]


def test_a_caller_that_hangs_up_while_we_think_ends_the_session() -> None:
    failed: list[str] = []
    thinking, done = gevent.event.Event(), gevent.event.Event()

    def answer(channel: Event) -> dict[str, str]:
        thinking.set()
        done.wait(DEADLINE)
        return {"eslbot_verdict": "allow"}

    with serving(answer, failed) as server:
        dialplan = Dialplan(server)
        running = gevent.spawn(dialplan.run)
        thinking.wait(DEADLINE)
        dialplan.sock.shutdown(socket.SHUT_RDWR)
        running.join(DEADLINE)
        done.set()
        gevent.sleep(0.05)
        assert dialplan.variables == {}
    assert len(failed) == 1


def test_more_sessions_than_allowed_are_closed_unheard_and_later_ones_served() -> None:
    failed: list[str] = []
    go = gevent.event.Event()

    def answer(channel: Event) -> dict[str, str]:
        go.wait(DEADLINE)
        return {"eslbot_verdict": "allow"}

    with serving(answer, failed, most=2) as server:
        first = [gevent.spawn(Dialplan(server).run) for _ in range(2)]
        gevent.sleep(0.05)
        assert Dialplan(server).run() == []
        assert failed == ["more than 2 sessions"]
        go.set()
        gevent.joinall(first, timeout=DEADLINE)
        assert [one.value[-1] for one in first] == ["exit", "exit"]
        assert Dialplan(server).run()[-1] == "exit"


def test_stopping_leaves_no_session_open() -> None:
    with serving(lambda channel: gevent.sleep(60) or {}) as server:
        dialplan = Dialplan(server)
        running = gevent.spawn(dialplan.run)
        gevent.sleep(0.05)
        server.stop()
        running.join(DEADLINE)
        assert running.ready()
