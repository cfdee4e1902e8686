"""What clients tell a leg and each other."""

from collections.abc import Iterator

import pytest

from eslbot.sim import Switch
from tests.sim.client import Client


@pytest.fixture
def switch() -> Iterator[Switch]:
    with Switch(speed=4) as running:
        yield running



def test_sendmsg_runs_an_application_under_the_given_id(switch: Switch) -> None:
    call = switch.place()
    with Client(switch.port) as client:
        client.ask("event json CHANNEL_EXECUTE_COMPLETE")
        tell = f"sendmsg {call.agent.uuid}\ncall-command: execute\nexecute-app-name: playback\n"
        assert client.ask(tell + "execute-app-arg: silence_stream://200\nevent-uuid: job-1") == "+OK"
        done = client.event("CHANNEL_EXECUTE_COMPLETE")
        assert (done["Application"], done["Application-UUID"]) == ("playback", "job-1")
        assert client.ask("sendmsg nobody\ncall-command: hangup") == "-ERR invalid session id [nobody]"
        assert client.ask(f"sendmsg {call.agent.uuid}\ncall-command: hangup\nhangup-cause: CALL_REJECTED") == "+OK"
    switch.wait(lambda: call.agent.gone)
    assert call.agent.cause == "CALL_REJECTED"


def test_an_event_with_a_body_reaches_the_others_whole(switch: Switch) -> None:
    with Client(switch.port) as client:
        client.ask("event plain CUSTOM eslbot::test")
        body = "hello\nworld"
        client.send(f"sendevent CUSTOM\nEvent-Subclass: eslbot::test\nContent-Length: {len(body)}")
        client.sock.sendall(body.encode())
        assert client.reply().reply.startswith("+OK ")
        assert client.event("CUSTOM")["_body"] == body
