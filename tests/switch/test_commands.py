import re
from collections.abc import Callable
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.model import orders
from eslbot.model.call import CallId, LegId
from eslbot.model.orders import SwitchOrder
from eslbot.model.supervising import Dismiss, Follow, Mode, SetMode, TakeOver, Wait
from eslbot.switch import commands
from eslbot.switch.codec import CommandDecoder, encode_command
from eslbot.switch.commands import Command, CommandOptions, Refused, commands_of, reply_of
from tests.switch import wire

LEG = LegId("181fb5c5-53ff-450f-a698-98ab7b093da3")
CALL = CallId(LEG)
OTHER = LegId("2a1fb5c5-53ff-450f-a698-98ab7b093da3")
OPTIONS = CommandOptions("eslbot_closing", "default", lambda name: f"/opt/prompts/zh/{name}.wav")
MUTE = orders.Mute("1", CALL, LEG, 3.0, f"eslbot-mute-{LEG}-2", f"eslbot-mute-{LEG}-1")
ORDERS: list[SwitchOrder] = [
    orders.ArmClosing("1", CALL, LEG),
    orders.DisarmClosing("1", CALL, LEG),
    orders.Remind("1", CALL, LEG, "reminder"),
    orders.Announce("1", CALL, LEG, "correction"),
    MUTE,
    orders.Unmute("1", CALL, LEG, f"eslbot-mute-{LEG}-2"),
    orders.HangUp("1", CALL, LEG),
    orders.SetVariables("1", CALL, LEG, (("eslbot_language", "zh"), ("eslbot_x", ""))),
    orders.GuardHold("1", CALL, LEG),
    SetMode("1", CALL, LEG, Mode.WHISPER),
    TakeOver("1", CALL, LEG, OTHER),
    Follow("1", CALL, LEG, OTHER, "first"),
    Dismiss("1", CALL, LEG),
    orders.GuardConsult("1", CALL, LEG, closes=True),
    orders.PlayClosing("1", CALL, LEG),
    Wait("1", CALL, LEG, "first"),
]


def texts(order: SwitchOrder) -> list[str]:
    return [command.text for command in commands_of(order, OPTIONS)]


def test_the_guard_arms_whom_a_hang_up_on_hold_would_take_along_and_is_taken_back() -> None:
    assert texts(ORDERS[8]) == [f"uuid_setvar {LEG} hold_hangup_xfer_exten eslbot_closing:XML:default"]
    assert texts(orders.GuardHold("2", CALL, LEG, on=False)) == [f"uuid_setvar {LEG} hold_hangup_xfer_exten"]


def test_a_customer_is_guarded_beside_a_dialplans_own_and_the_closing_comes_where_nobody_does() -> None:
    name, kept = f"uuid_setvar {LEG} execute_on_post_bridge_eslbot", [
        f"uuid_setvar {LEG} uuid_bridge_park_on_cancel true", f"uuid_setvar {LEG} park_timeout 8"]
    closing = "execute_extension sleep:1500,transfer:eslbot_closing" + r"\\sXML\\sdefault inline"
    assert texts(orders.GuardConsult("1", CALL, LEG, closes=True)) == [f"{name} {closing}", *kept]
    assert texts(orders.GuardConsult("1", CALL, LEG, closes=False)) == [f"{name} sleep 1500", *kept]
    assert texts(orders.GuardConsult("1", CALL, LEG, closes=True, on=False)) == [
        name, *(text.rpartition(" ")[0] for text in kept)]
    assert texts(orders.PlayClosing("1", CALL, LEG)) == [f"uuid_transfer {LEG} eslbot_closing XML default"]


def test_every_order_for_a_switch_has_its_commands() -> None:
    assert {type(order) for order in ORDERS} == set(get_args(SwitchOrder))
    for order in ORDERS:
        assert texts(order)


def test_the_release_of_a_mute_stands_before_the_mute_and_the_old_one_goes_last() -> None:
    assert texts(MUTE) == [
        f"sched_api +4 eslbot-mute-{LEG}-2 uuid_audio {LEG} stop",
        f"uuid_audio {LEG} start write mute -4",
        f"sched_del eslbot-mute-{LEG}-1",
    ]


@pytest.mark.parametrize(
    ("seconds", "time"),
    [(0.1, "+2"), (1, "+2"), (2.5, "+4"), (3, "+4"), (3.01, "+5"), (10, "+11"), (10.1, "+16"), (15, "+16"),
     (120, "+121")],
)  # fmt: skip
def test_the_switch_releases_a_little_later_than_we_do(seconds: float, time: str) -> None:
    first, *_ = texts(orders.Mute("1", CALL, LEG, seconds, "g"))
    assert first.split()[1] == time == commands.release_word(seconds)


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), 3601])
def test_a_mute_without_a_sensible_end_is_refused(seconds: float) -> None:
    with pytest.raises(Refused, match="mute"):
        texts(orders.Mute("1", CALL, LEG, seconds, "g"))


def test_prompts_are_mixed_in_and_nobody_s_audio_is_cut() -> None:
    for order, name in ((ORDERS[2], "reminder"), (ORDERS[3], "correction")):
        stop, start = texts(order)
        assert start == f"uuid_displace {LEG} start /opt/prompts/zh/{name}.wav 0 m"
        assert stop == f"uuid_displace {LEG} stop /opt/prompts/zh/{name}.wav"


def test_only_a_prompt_that_was_not_playing_is_tolerated() -> None:
    stop, start = commands_of(ORDERS[2], OPTIONS)
    assert stop.done(reply_of("-ERR Cannot stop displace session!"))
    assert not stop.done(reply_of("-ERR Cannot locate session!"))
    assert not start.done(reply_of("-ERR Cannot displace session!"))
    assert start.done(reply_of("+OK Success"))


def test_the_closing_is_armed_and_taken_back() -> None:
    assert texts(ORDERS[0]) == [f"uuid_setvar {LEG} transfer_after_bridge eslbot_closing:XML:default"]
    assert texts(ORDERS[1]) == [f"uuid_setvar {LEG} transfer_after_bridge"]


def test_a_release_is_done_when_the_leg_is_gone() -> None:
    stop, delete = commands_of(ORDERS[5], OPTIONS)
    assert (stop.text, delete.text) == (f"uuid_audio {LEG} stop", f"sched_del eslbot-mute-{LEG}-2")
    assert stop.done(reply_of("-ERR No such channel!"))
    assert not stop.done(reply_of("-USAGE: <uuid> [start [read|write] [mute|level <level>]|stop]"))


def test_hanging_up_ends_that_leg() -> None:
    assert texts(ORDERS[6]) == [f"uuid_kill {LEG} CALL_REJECTED"]


def test_a_recording_is_stereo_unbuffered_and_has_an_extension() -> None:
    assert [command.text for command in commands.record_start(LEG, "/dev/shm/eslbot/a.r8")] == [
        f"uuid_setvar {LEG} RECORD_STEREO true",
        f"uuid_setvar {LEG} enable_file_write_buffering false",
        f"uuid_record {LEG} start /dev/shm/eslbot/a.r8",
    ]
    (stop,) = commands.record_stop(LEG, "/dev/shm/eslbot/a.r8")
    assert stop.text == f"uuid_record {LEG} stop /dev/shm/eslbot/a.r8"
    assert stop.done(reply_of("-ERR Cannot locate session!"))
    for path in ("/dev/shm/eslbot/a", "/dev/shm/es.lbot/a", "/dev/shm/.r8", "/dev/shm/a."):
        with pytest.raises(Refused, match="extension"):
            commands.record_start(LEG, path)


def test_an_audio_fork_is_spelled_as_it_was_measured() -> None:
    url, metadata = f"ws://127.0.0.1:9000/{LEG}", f'{{"call":"{LEG}"}}'
    (start,) = commands.fork_start(LEG, url, 8000, "eslbot", metadata)
    assert f"api {start.text}\n\n" in sent("audio-fork")
    (stop,) = commands.fork_stop(LEG, "eslbot")
    assert f"api {stop.text}\n\n" in sent("audio-fork")
    for rate in (0, -8000, 11025, 96000):
        with pytest.raises(Refused, match="rate"):
            commands.fork_start(LEG, url, rate, "eslbot", metadata)


def sent(name: str) -> str:
    """What a client really sent, with its leg's uuid replaced by ours."""
    text = (wire.WIRE / f"{name}.out").read_text()
    return text.replace("124c088e-d8dd-43e7-b93f-ddc6c4399aaa", LEG)


def test_acts_are_spelled_as_they_were_measured() -> None:
    measured = sent("actions")
    for line in texts(orders.Mute("1", CALL, LEG, 4.0, f"eslbot-mute-{LEG}")) + [
        c.text for c in commands.record_start(LEG, "/dev/shm/eslbot/call.r8")
    ]:
        assert f"api {line}\n\n" in measured


HOSTILE = [
    "a\n\napi fsctl crash", "a\r\nb", "a\0b", "${x}", "a b", "';x'", "/a/../../etc", "\u2028", "x&", "", "a\x0bb",
    "unload_mod_event_socket",
]  # fmt: skip
Build = Callable[[str], tuple[Command, ...]]
BUILDERS: list[tuple[str, Build]] = [
    (LEG, lambda s: commands_of(orders.ArmClosing("1", CALL, LegId(s)), OPTIONS)),
    ("extension-1", lambda s: commands_of(orders.ArmClosing("1", CALL, LEG), CommandOptions(s, "default", str))),
    ("default", lambda s: commands_of(orders.ArmClosing("1", CALL, LEG), CommandOptions("x", s, str))),
    (LEG, lambda s: commands_of(orders.DisarmClosing("1", CALL, LegId(s)), OPTIONS)),
    (LEG, lambda s: commands_of(orders.GuardHold("1", CALL, LegId(s)), OPTIONS)),
    (LEG, lambda s: commands_of(orders.Remind("1", CALL, LegId(s), "x"), OPTIONS)),
    ("reminder", lambda s: commands_of(orders.Remind("1", CALL, LEG, s), OPTIONS)),
    ("/a.wav", lambda s: commands_of(orders.Announce("1", CALL, LEG, "x"), CommandOptions("x", "y", lambda _: s))),
    (LEG, lambda s: commands_of(orders.Mute("1", CALL, LegId(s), 3, "g"), OPTIONS)),
    ("g-1", lambda s: commands_of(orders.Mute("1", CALL, LEG, 3, s), OPTIONS)),
    ("g-1", lambda s: commands_of(orders.Mute("1", CALL, LEG, 3, "g", s), OPTIONS)),
    (LEG, lambda s: commands_of(orders.Unmute("1", CALL, LegId(s), "g"), OPTIONS)),
    ("g-1", lambda s: commands_of(orders.Unmute("1", CALL, LEG, s), OPTIONS)),
    (LEG, lambda s: commands_of(orders.HangUp("1", CALL, LegId(s)), OPTIONS)),
    ("x_1", lambda s: commands_of(orders.SetVariables("1", CALL, LEG, ((s, "x"),)), OPTIONS)),
    ("v-1", lambda s: commands_of(orders.SetVariables("1", CALL, LEG, (("x", s),)), OPTIONS)),
    ("/a.r8", lambda s: commands.record_start(LEG, s)),
    ("/a.r8", lambda s: commands.record_stop(LEG, s)),
    ("ws://h:1/a?b=c&d=e", lambda s: commands.fork_start(LEG, s, 8000, "b", "{}")),
    ("bug", lambda s: commands.fork_start(LEG, "ws://h/", 8000, s, "{}")),
    ('{"a":"b"}', lambda s: commands.fork_start(LEG, "ws://h/", 8000, "b", s)),
    ("bug", lambda s: commands.fork_stop(LEG, s)),
]


@given(st.sampled_from(BUILDERS), st.text(max_size=40) | st.sampled_from(HOSTILE))
def test_no_argument_makes_a_second_command(builder: tuple[str, Build], argument: str) -> None:
    good, build = builder
    try:
        built = build(argument)
    except Refused:
        return
    honest = build(good)
    assert [len(command.text.split(" ")) for command in built] == [len(command.text.split(" ")) for command in honest]
    for command in built:
        assert not re.search(r"[^ -~]|[$'\\`;|<>]", command.text)
        (parsed,) = CommandDecoder().feed(encode_command(f"api {command.text}"))
        assert (parsed.line, parsed.headers, parsed.body) == (f"api {command.text}", {}, b"")
        assert command.text.split()[0] in commands.MINIMUM_API


@pytest.mark.parametrize("sign", ["\r", "\n", "\0", " ", "$", "'", "\\", "`", "|", ";", "\u00e9", "\u0661"])
@pytest.mark.parametrize(("good", "build"), BUILDERS)
def test_signs_that_could_end_or_split_a_command_are_refused(good: str, build: Build, sign: str) -> None:
    build(good)
    for argument in (good + sign, sign + good, good[:1] + sign + good[1:]):
        with pytest.raises(Refused) as error:
            build(argument)
        assert argument not in str(error.value)


@pytest.mark.parametrize("argument", HOSTILE)
@pytest.mark.parametrize(("good", "build"), BUILDERS)
def test_a_leg_is_a_uuid_and_nothing_else(good: str, build: Build, argument: str) -> None:
    if good == LEG:
        with pytest.raises(Refused, match="leg"):
            build(argument)


@pytest.mark.parametrize(
    "path", ["/a/../b.wav", "/..", "relative.wav", "tone_stream://x", "http://h/x.wav", "~/x.wav", "/"]
)
def test_a_prompt_is_a_plain_absolute_path(path: str) -> None:
    with pytest.raises(Refused, match="prompt path"):
        commands_of(ORDERS[2], CommandOptions("x", "y", lambda _: path))
