"""The event socket's protocol, over real sockets."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from eslbot.sim import Party, Switch, Tone
from eslbot.sim.connection import User
from eslbot.switch.codec import CommandDecoder, Decoder
from tests.sim.client import Client

WIRE = Path(__file__).parent.parent / "vectors" / "wire"


@pytest.fixture
def switch() -> Iterator[Switch]:
    users = {"bot@pbx": User("secret", frozenset({"version", "uuid_kill"}), frozenset({"CHANNEL_ANSWER"}))}
    with Switch(users=users, speed=4) as running:
        yield running


def test_a_wrong_password_is_told_and_ends_the_connection(switch: Switch) -> None:
    with Client(switch.port, None) as client:
        assert client.frame().kind == "auth/request"
        assert client.ask("auth wrong") == "-ERR invalid"
        assert client.frame().kind == "text/disconnect-notice"
        assert client.ended()


def test_nothing_is_done_before_signing_in(switch: Switch) -> None:
    with Client(switch.port, None) as client:
        client.frame()
        assert client.ask("api version") == "-ERR command not found"


def test_a_user_may_do_what_its_directory_entry_says(switch: Switch) -> None:
    with Client(switch.port, None) as client:
        client.frame()
        client.send("userauth bot@pbx:secret")
        reply = client.reply()
        assert (reply.reply, reply.headers["Allowed-API"]) == ("+OK accepted", "uuid_kill version")
        assert client.ask("api version").startswith("FreeSWITCH Version")
        assert client.ask("api hupall") == "-ERR permission denied"
        assert client.ask("bgapi originate x &park") == "-ERR permission denied"
        assert client.ask("event json CHANNEL_ANSWER") == "+OK event listener enabled json"
        assert client.ask("event json CHANNEL_HANGUP") == "-ERR permission denied"
    with Client(switch.port, None) as client:
        client.frame()
        assert client.ask("userauth bot@pbx:wrong") == "-ERR invalid"


def test_api_holds_back_the_events_of_its_own_connection(switch: Switch) -> None:
    with Client(switch.port) as waiting, Client(switch.port) as other:
        for client in (waiting, other):
            client.ask("event json CUSTOM a::b")
        waiting.send("api msleep 2000")
        other.ask("sendevent CUSTOM\nEvent-Subclass: a::b")
        assert other.event("CUSTOM")["Event-Subclass"] == "a::b"
        with pytest.raises(TimeoutError):
            waiting.frame(seconds=0.1)
        assert waiting.frame().reply == "+OK"
        assert waiting.event("CUSTOM")


def test_bgapi_answers_at_once_and_tells_the_result_later(switch: Switch) -> None:
    with Client(switch.port) as client:
        client.ask("event plain BACKGROUND_JOB")
        client.send("bgapi originate {x=1}sofia/internal/1001@pbx &park()")
        job = client.reply().headers["Job-UUID"]
        done = client.event("BACKGROUND_JOB")
        assert (done["Job-UUID"], done["Job-Command"]) == (job, "originate")
        uuid = str(done["_body"]).removeprefix("+OK ").strip()
        assert client.ask(f"api uuid_exists {uuid}") == "true"
        assert client.ask(f"api uuid_getvar {uuid} x") == "1"
        client.send("bgapi originate user/nobody &park()")
        client.reply()
        assert client.event("BACKGROUND_JOB")["_body"] == "-ERR SUBSCRIBER_ABSENT\n"


@pytest.mark.parametrize("format", ["json", "plain"])
def test_a_call_is_told_in_either_format(switch: Switch, format: str) -> None:
    with Client(switch.port) as client:
        client.ask(f"event {format} CHANNEL_CREATE CHANNEL_BRIDGE CHANNEL_HANGUP_COMPLETE")
        call = switch.place(Party(Tone(440)), Party(Tone(700)))
        bridge = client.event("CHANNEL_BRIDGE")
        assert (bridge["Unique-ID"], bridge["Other-Leg-Unique-ID"]) == (call.agent.uuid, call.customer.uuid)
        assert bridge["variable_eslbot_role"] == "agent"
        assert client.ask("api hupall") == "+OK hangup all channels with cause MANAGER_REQUEST"
        assert client.event("CHANNEL_HANGUP_COMPLETE")["Hangup-Cause"] == "MANAGER_REQUEST"


def test_a_slow_listener_is_dropped_after_its_losses(switch: Switch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eslbot.sim.connection.QUEUE", 5)
    monkeypatch.setattr("eslbot.sim.connection.LOSSES", 3)
    with Client(switch.port) as client:
        client.ask("event json CUSTOM x")
        for _ in range(20):
            switch.core.fire("CUSTOM", {}, "x")
        assert client.ended()
    switch.wait(lambda: switch.connections == 0)


def test_a_command_of_garbage_bytes_does_not_hurt_the_others(switch: Switch) -> None:
    with Client(switch.port) as broken, Client(switch.port) as client:
        broken.sock.sendall(b"api x\nContent-Length: many\n\n")
        assert broken.ended()
        assert client.ask("nonsense") == "-ERR command not found"


@pytest.mark.parametrize("name", ["session", "auth-failed"])
def test_sessions_go_as_they_went_with_the_real_switch(switch: Switch, name: str) -> None:
    sent = CommandDecoder().feed((WIRE / f"{name}.out").read_bytes())
    came = Decoder().feed((WIRE / f"{name}.in").read_bytes())
    real = [frame for frame in came if not frame.kind.startswith("text/event")]
    ours = []
    with Client(switch.port, None) as client:
        ours.append(client.frame())
        for command in sent:
            client.send(command.line.replace("auth rig-secret", "auth embedded"))
            ours.append(client.reply())
        try:
            while True:
                ours.append(client.frame())
        except EOFError:
            pass
    assert [frame.kind for frame in ours] == [frame.kind for frame in real]
    told_apart = [(one.reply, other.reply) for one, other in zip(ours, real, strict=True) if one.reply != other.reply]
    assert all("FreeSWITCH" in one and "FreeSWITCH" in other for one, other in told_apart)
