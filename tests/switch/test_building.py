"""What an argument may hold, and what an answer means. That no order makes a second command is test_commands.py's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.model.call import LegId
from eslbot.switch.building import NO_CHANNEL, Command, Refused, Reply, build, fit, leg_of, reply_of, set_variable

LEG = LegId("181fb5c5-53ff-450f-a698-98ab7b093da3")
OWN = {"url": set("&"), "dial": set(";")}
"""Signs that one kind of argument needs: a query's, and a SIP URI's parameters (`;transport=tcp`)."""
KINDS = ("leg", "path", "url", "name", "extension", "value", "number", "dial", "metadata")


@given(st.sampled_from(KINDS), st.text(max_size=60))
def test_whatever_fits_cannot_end_split_or_expand_a_command(kind: str, argument: str) -> None:
    try:
        assert fit(kind, argument, "it") == argument
    except Refused:
        return
    assert not set(argument) & set(" \r\n\0\t$'\\`;|<>&") - OWN.get(kind, set())
    assert argument.isascii()
    assert argument.isprintable()


def test_a_path_is_absolute_and_goes_nowhere_up() -> None:
    assert fit("path", "/a/b..c.wav", "path") == "/a/b..c.wav"
    for path in ("a.wav", "/a/../b.wav", "/..", "/a b.wav", ""):
        with pytest.raises(Refused):
            fit("path", path, "path")


def test_a_variable_is_unset_by_an_empty_value_and_is_no_array() -> None:
    assert set_variable(LEG, "eslbot_x", "").text == f"uuid_setvar {LEG} eslbot_x "
    with pytest.raises(Refused, match="array"):
        set_variable(LEG, "eslbot_x", "ARRAY::a")
    with pytest.raises(Refused, match="variable name"):
        set_variable(LEG, "1x", "v")


def test_only_the_answer_that_is_tolerated_counts_as_done() -> None:
    command = Command("uuid_kill x", (NO_CHANNEL,))
    assert command.done(Reply(True, "+OK"))
    assert command.done(reply_of(NO_CHANNEL))
    assert not command.done(reply_of("-ERR Something else"))
    assert leg_of(LEG) == LEG


def test_a_command_cannot_be_read_as_unloading_the_event_socket() -> None:
    with pytest.raises(Refused):
        build("uuid_setvar", LEG, "x", "unload-mod_event_socket")


def test_answers_are_read_by_their_first_signs() -> None:
    assert reply_of("+OK Success") == Reply(True, "+OK Success")
    assert reply_of('{"row_count":0}').ok
    assert not reply_of("-ERR No such channel!").ok
    assert not reply_of("-USAGE: x").ok
