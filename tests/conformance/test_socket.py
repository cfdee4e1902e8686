"""The event socket itself: signing in, what a restricted user may do, several commands, going away."""

import pytest

from tests.conformance.esl import SocketError
from tests.conformance.rig import Rig
from tests.conformance.score import place


def test_a_wrong_password_is_refused_and_the_connection_closed(rig: Rig) -> None:
    with pytest.raises(SocketError, match="-ERR invalid"):
        rig.connect(password="not it")


def test_the_directorys_user_may_use_what_is_listed_and_nothing_else(rig: Rig) -> None:
    connection = rig.connect(user=True)
    assert connection.api("show channels as json") == '{"row_count": 0}'
    for refused in (
        "system id",
        "global_setvar eslbot_prompts=/tmp",
        "load mod_shell_stream",
        "fsctl shutdown",
        "hupall",
    ):
        assert connection.api(refused) == "-ERR permission denied"
        assert connection.command(f"bgapi {refused}") == "-ERR permission denied"


def test_the_directorys_user_may_have_every_event(rig: Rig) -> None:
    """So that the next eslbot finds no closed door: who asks for one event too many gets none of them."""
    connection = rig.connect(user=True)
    assert connection.command("event json CHANNEL_CREATE BACKGROUND_JOB HEARTBEAT CODEC").startswith("+OK")


def test_the_directorys_user_may_do_all_that_is_needed_on_a_call(rig: Rig) -> None:
    connection = rig.connect(user=True)
    played = place(rig, "agent")
    words = played.words("/no/such.wav")
    asked = (
        "uuid_dump {customer} json",
        "uuid_setvar {customer} transfer_after_bridge eslbot_closing:XML:default",
        "sched_api +5 {group} uuid_audio {customer} stop",
        "uuid_audio {customer} start write mute -4",
        "uuid_audio {customer} stop",
        "sched_del {group}",
        "uuid_displace {agent} start {file} 0 m",
        "uuid_record {customer} stop {file}",
        "uuid_kill {agent} CALL_REJECTED",
    )
    replies = {command: connection.api(command.format_map(words)) for command in asked}
    rig.clear()
    assert [command for command, reply in replies.items() if "permission denied" in reply] == []


def test_a_newline_makes_two_commands_of_one(rig: Rig) -> None:
    connection = rig.connect()
    assert connection.command("api uuid_exists x\n\napi uuid_exists y") == "false"
    assert connection.next_reply() == "false"


def test_events_of_a_connection_that_left_are_nobodys(rig: Rig) -> None:
    gone = rig.connect()
    gone.command("event json CHANNEL_CREATE")
    gone.close()
    since = rig.mark()
    call = place(rig, "agent").call
    rig.clear()
    assert any(e.get("Unique-ID") == call.agent.uuid for e in rig.events(since))
