"""What a supervisor's phone is told. Whom the switch then lets hear whom is asked in tests/conformance."""

import pytest

from eslbot.model.call import CallId, LegId
from eslbot.model.supervising import Dismiss, Follow, Mode, Ring, SetMode, TakeOver, Wait
from eslbot.switch import supervising
from eslbot.switch.building import Refused, reply_of
from eslbot.switch.supervising import AGENT_HEARS, CUSTOMER_HEARS

CALL = CallId("181fb5c5-53ff-450f-a698-98ab7b093da3")
LEG = LegId("281fb5c5-53ff-450f-a698-98ab7b093da3")
AGENT = LegId("381fb5c5-53ff-450f-a698-98ab7b093da3")
DISPLAY = supervising.Display("user/{number}", "eslbot")
HEAR = f"eavesdrop:{AGENT},sleep:3000 inline"


def test_a_phone_that_rings_hears_the_agents_leg_and_stays_a_moment_after_that_has_gone() -> None:
    command = supervising.ring(Ring("1", CALL, LEG, AGENT, "1900", "first", Mode.WHISPER, 20.0), DISPLAY, "1001")
    head, _, rest = command.text.partition("}")
    assert rest == f"user/1900 {HEAR}"
    assert f"origination_uuid={LEG}" in head
    assert "eavesdrop_whisper_bleg=true" in head
    assert "eavesdrop_whisper_aleg" not in head


def test_one_who_goes_along_is_told_of_another_leg_and_of_no_mode() -> None:
    [command] = supervising.follow(Follow("1", CALL, LEG, AGENT, "first"))
    assert command.text == f"uuid_transfer {LEG} {HEAR}"


def test_one_who_waits_hears_no_leg_and_not_for_ever() -> None:
    [command] = supervising.wait(Wait("1", CALL, LEG, "first"))
    assert command.text == f"uuid_transfer {LEG} sleep:{supervising.WAIT * 1000} inline"
    ring = supervising.ring(Ring("1", CALL, LEG, None, "1900", "first", Mode.LISTEN, 20.0), DISPLAY)
    assert ring.text.endswith(f"user/1900 sleep:{supervising.WAIT * 1000} inline")


@pytest.mark.parametrize("number", ["1900,sleep:1", "1900}", "1900 inline", "a b", ""])
def test_a_number_that_is_none_is_put_into_no_command(number: str) -> None:
    with pytest.raises(Refused):
        supervising.ring(Ring("1", CALL, LEG, AGENT, number, "first", Mode.LISTEN, 20.0), DISPLAY)


def test_a_text_is_one_line_of_signs_and_not_too_long() -> None:
    command = supervising.message_to("1001", "pbx.example", "internal", "a\r\nb\x00" + "长" * 600)
    assert command.body == "a  b " + "长" * (supervising.LONGEST_TEXT - 5)
    assert dict(command.headers)["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("mode", "heard"), [(Mode.LISTEN, ("", "")), (Mode.WHISPER, ("", "true")), (Mode.BARGE, ("true", "true"))]
)
def test_each_mode_is_heard_by_exactly_those_who_should_hear(mode: Mode, heard: tuple[str, str]) -> None:
    given = supervising.variables(CALL, mode)
    assert (given[CUSTOMER_HEARS], given[AGENT_HEARS]) == heard
    assert given["eavesdrop_enable_dtmf"] == "false"


def test_nobody_begins_by_taking_over() -> None:
    with pytest.raises(Refused, match="takeover"):
        supervising.variables(CALL, Mode.TAKEOVER)


def test_who_listens_already_is_told_by_an_event_that_no_phone_can_send_and_before_the_variables_say_it() -> None:
    event, *after = supervising.set_mode(SetMode("1", CALL, LEG, Mode.WHISPER))
    assert event.text == "CUSTOM"
    assert dict(event.headers) == {"Event-Subclass": "eslbot::mode", "Unique-ID": LEG, "eavesdrop-command": "2"}
    assert [command.text.split(" ")[2:] for command in after] == [
        [CUSTOMER_HEARS, ""], [AGENT_HEARS, "true"], ["eslbot_mode", "whisper"]]


def test_a_takeover_marks_the_leg_before_it_bridges_it() -> None:
    assert [command.text for command in supervising.take_over(TakeOver("1", CALL, LEG, AGENT))] == [
        f"uuid_setvar {LEG} eslbot_mode takeover", f"uuid_bridge {LEG} {AGENT}"]


def test_a_phone_that_is_gone_already_is_dismissed() -> None:
    [command] = supervising.dismiss(Dismiss("1", CALL, LEG))
    assert command.done(reply_of("-ERR No such channel!"))
