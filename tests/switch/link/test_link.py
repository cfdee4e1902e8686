import os
import random
from typing import Any

import gevent
import pytest

from eslbot.model import facts
from eslbot.model.call import Direction
from eslbot.switch.codec import Command, encode_event, encode_frame
from eslbot.switch.facts import UUID
from eslbot.switch.link import LinkDown, Unanswered, hosted
from eslbot.switch.link import link as module
from eslbot.switch.link import pair as pair_module
from tests.switch import wire
from tests.switch.link.fake import A, B, C, FakeSwitch, answer, event, free_port, leg, reply, rigged

UP = ["LegCreated", "LegAnswered", "LegCreated", "LegAnswered", "LegsBridged", "SwitchUp"]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BACKOFF", (0.02,))
    monkeypatch.setattr(module, "REFUSED_BACKOFF", 0.05)
    monkeypatch.setattr(pair_module, "LATE", 0.05)


def bridged() -> FakeSwitch:
    switch = FakeSwitch()
    switch.channels = {
        A: leg(A, "1001", B, **{"Other-Type": "originatee", "variable_eslbot_role": "agent"}),
        B: leg(B, "9001", A, **{"Other-Type": "originator", "Caller-Destination-Number": "9001"}),
    }
    return switch


def test_an_idle_switch_is_told_to_be_up() -> None:
    with rigged() as rig:
        rig.until_up()
        (up,) = rig.told
        assert isinstance(up, facts.SwitchUp)
        assert (up.switch, up.core, up.legs) == ("pbx", rig.switch.core, ())


def test_what_is_up_is_told_before_the_switch_is() -> None:
    with rigged(bridged()) as rig:
        rig.until_up()
        assert rig.kinds() == UP
        created, _, other, _, bridge, up = rig.told
        assert isinstance(created, facts.LegCreated)
        assert isinstance(other, facts.LegCreated)
        assert isinstance(bridge, facts.LegsBridged)
        assert isinstance(up, facts.SwitchUp)
        assert (created.uuid, created.destination, created.role) == (A, "1001", "agent")
        assert (other.uuid, other.destination, other.direction) == (B, "9001", Direction.OUTBOUND)
        assert (bridge.a, bridge.b, up.legs) == (A, B, (A, B))


def test_events_are_told_in_the_order_they_came() -> None:
    with rigged() as rig:
        rig.until_up()
        rig.switch.emit(*wire.events("call-agent-first-json"))
        rig.until(lambda: len(rig.told) == 13)
        assert rig.kinds()[1:] == [
            "LegCreated", "LegAnswered", "LegCreated", "LegAnswered", "LegsBridged", "LegHungUp", "PlaybackStarted",
            "LegsUnbridged", "LegDestroyed", "PlaybackStopped", "LegHungUp", "LegDestroyed",
        ]  # fmt: skip


def test_what_happens_during_the_resync_is_neither_lost_nor_told_twice() -> None:
    switch = bridged()

    def meanwhile(command: Command) -> None:
        if command.line == "api show channels as json":  # all of it has happened before the snapshot ...
            switch.emit(event("CHANNEL_ANSWER", B), event("CHANNEL_BRIDGE", A, **{"Other-Leg-Unique-ID": B}))
            switch.emit(event("CHANNEL_CREATE", C), event("CHANNEL_HANGUP", C), event("CHANNEL_DESTROY", C))
        if command.line == f"api uuid_dump {B} json":  # ... and this after it
            switch.emit(event("CHANNEL_HANGUP", A), event("CHANNEL_DESTROY", A))

    switch.script = lambda command: meanwhile(command)
    with rigged(switch) as rig:
        rig.until(lambda: rig.count(facts.LegDestroyed) == 2)
        assert rig.kinds() == [*UP, "LegCreated", "LegHungUp", "LegDestroyed", "LegHungUp", "LegDestroyed"]


def test_a_leg_that_is_gone_before_its_dump_is_not_told() -> None:
    switch = bridged()
    gone = f"api uuid_dump {B}"
    switch.script = lambda command: answer("-ERR No such channel!\n") if command.line.startswith(gone) else None
    with rigged(switch) as rig:
        rig.until_up()
        assert rig.kinds() == ["LegCreated", "LegAnswered", "SwitchUp"]


def test_a_leg_that_the_table_of_channels_showed_late_is_found() -> None:
    with rigged() as rig:
        rig.until_up()
        rig.switch.channels = bridged().channels
        rig.until(lambda: rig.count(facts.LegsBridged) == 1)
        assert rig.kinds() == ["SwitchUp", *UP[:-1]]


def test_a_late_look_raises_no_dead_leg() -> None:
    with rigged() as rig:
        rig.until_up()
        rig.switch.emit(event("CHANNEL_DESTROY", A))
        rig.until(lambda: rig.count(facts.LegDestroyed) == 1)
        rig.switch.channels = {A: leg(A, "1001")}
        rig.until(lambda: rig.switch.heard.count("api show channels as json") == 2)
        rig.link.api("echo x")
        assert rig.count(facts.LegCreated) == 0


def test_a_role_that_the_dialplan_gave_later_is_told_with_the_first_numbers() -> None:
    inbound = {"Call-Direction": "inbound", "Caller-Caller-ID-Number": "555"}
    later = {**inbound, "Caller-Caller-ID-Number": "6"}
    with rigged() as rig:
        rig.until_up()
        rig.switch.emit(
            event("CHANNEL_CREATE", A, **inbound),
            event("CHANNEL_ANSWER", A, **{**later, "variable_eslbot_role": "customer"}),
            event("CHANNEL_BRIDGE", A, **{**later, "Other-Leg-Unique-ID": B, "variable_eslbot_role": "agent"}),
        )
        rig.until(lambda: rig.count(facts.LegsBridged) == 1)
        told = [(fact.caller, fact.role) for fact in rig.told if isinstance(fact, facts.LegCreated)]
        assert told == [("555", ""), ("555", "customer")]


# --- loss ------------------------------------------------------------------------------------------------------------
def test_after_a_restart_of_the_switch_the_new_one_is_told_from_scratch() -> None:
    port = free_port()
    with rigged(FakeSwitch(port)) as rig:
        rig.until_up()
        rig.switch.stop()
        rig.until(lambda: rig.count(facts.SwitchDown) == 1)
        assert not rig.link.up
        with pytest.raises(LinkDown):
            rig.link.api("echo x")
        rig.switch = FakeSwitch(port)
        rig.switch.core = "99999999-f448-42a7-987e-19813af704ed"
        rig.until_up(2)
        assert rig.kinds() == ["SwitchUp", "SwitchDown", "SwitchUp"]
        assert isinstance(rig.told[2], facts.SwitchUp)
        assert rig.told[2].core == rig.switch.core


def test_events_that_came_before_the_loss_are_told_before_it() -> None:
    with rigged() as rig:
        rig.until_up()
        rig.switch.emit(*wire.events("call-agent-first-json")[:3])
        rig.switch.listeners.pop().close()
        rig.until(lambda: rig.count(facts.SwitchDown) == 1)
        assert rig.kinds()[:3] == ["SwitchUp", "LegCreated", "LegAnswered"]
        assert rig.kinds().index("SwitchDown") > 2


STAGES = [
    "auth", "event json CHANNEL", "event json BACKGROUND_JOB", "event json CUSTOM", "api global_getvar", "api show",
    f"api uuid_dump {A}", f"api uuid_dump {B}", "nolog", "api echo",
]  # fmt: skip


@pytest.mark.parametrize("cut", [0, 1, 30], ids=["no answer", "one byte", "half an answer"])
@pytest.mark.parametrize("stage", STAGES)
def test_an_end_of_the_stream_at_any_point_is_survived(stage: str, cut: int) -> None:
    switch = bridged()
    broken: list[str] = []

    def script(command: Command) -> bytes | bool | None:
        if broken or not command.line.startswith(stage):
            return None
        broken.append(command.line)
        if cut:
            gevent.spawn_later(0.01, switch.drop)
            return (reply("+OK accepted") if stage == "auth" else answer('{"row_count":1,"rows":[]}'))[:cut]
        return False

    switch.script = script
    with rigged(switch) as rig:
        rig.until(lambda: rig.link.up or broken)
        if stage == "api echo":
            rig.until_up()
            with pytest.raises(Unanswered):
                rig.link.api("echo x")
        rig.until(lambda: broken)
        rig.until(lambda: rig.link.up and rig.kinds()[-6:] == UP)
        assert rig.link.api("echo here", timeout=20.0).text == "here"


def test_no_greeting_and_a_refusal_by_access_list_are_survived(monkeypatch: pytest.MonkeyPatch) -> None:
    switch = FakeSwitch()
    honest, switch.greeting = switch.greeting, None
    with rigged(switch) as rig:
        rig.until(lambda: [notice.kind for notice in rig.notices] == ["unreachable"])
        switch.greeting = encode_frame({"Content-Type": "text/rude-rejection"}, b"Access Denied, go away.\n")
        rig.until(lambda: [notice.kind for notice in rig.notices] == ["unreachable", "refused"])
        switch.greeting = honest
        rig.until_up()


def test_a_wrong_password_is_told_once_and_tried_again() -> None:
    switch = FakeSwitch()
    switch.password = "another"
    with rigged(switch) as rig:
        rig.until(lambda: switch.heard.count("auth rig-secret") == 3)
        assert [notice.kind for notice in rig.notices] == ["refused"]
        assert "rig-secret" not in repr(rig.notices) + repr(rig.link.options)
        switch.password = "rig-secret"
        rig.until_up()


def test_a_switch_that_lets_us_listen_to_less_is_told_of_once() -> None:
    switch = FakeSwitch()
    switch.script = lambda command: reply("-ERR permission denied") if "CUSTOM" in command.line else None
    with rigged(switch) as rig:
        rig.until_up()
        switch.drop()
        rig.until_up(2)
        assert [notice.kind for notice in rig.notices] == ["restricted"]


def test_nobody_is_told_that_an_event_is_not_allowed_which_is_not_needed() -> None:
    switch = FakeSwitch()
    switch.script = lambda command: reply("-ERR permission denied") if "CUSTOM" in command.line else None
    with rigged(switch, forked=False) as rig:
        rig.until_up()
        assert not rig.notices


def test_a_slow_answer_costs_its_sender_the_wait_and_nobody_the_link() -> None:
    def slow(command: Command) -> None:
        if command.line == "api echo slow":
            gevent.sleep(0.2)

    switch = FakeSwitch()
    switch.script = slow
    with rigged(switch) as rig:
        rig.until_up()
        with pytest.raises(Unanswered):
            rig.link.api("echo slow", timeout=0.05)
        assert rig.link.api("echo next").text == "next"
        assert rig.link.up


@pytest.mark.parametrize("denied", ["event json CHANNEL_CREATE", "api global_getvar", "api show", "api uuid_dump"])
def test_a_switch_that_does_not_let_us_see_calls_is_never_up(denied: str) -> None:
    switch = bridged()
    switch.script = lambda command: reply("-ERR permission denied") if command.line.startswith(denied) else None
    with rigged(switch) as rig:
        rig.until(lambda: rig.notices)
        assert rig.notices[0].kind == "refused"
        assert rig.told == []


def test_the_default_password_is_warned_of() -> None:
    switch = FakeSwitch()
    switch.password = "ClueCon"
    with rigged(switch, password="ClueCon") as rig:
        rig.until_up()
        assert [notice.kind for notice in rig.notices] == ["default-password"]


# --- commands --------------------------------------------------------------------------------------------------------
def test_two_commands_never_swap() -> None:
    got: dict[int, str] = {}

    def ask(number: int) -> None:
        gevent.sleep(random.random() / 50)
        got[number] = rig.link.api(f"echo {number}", timeout=10).text

    with rigged() as rig:
        rig.until_up()
        gevent.joinall([gevent.spawn(ask, number) for number in range(300)], raise_error=True)
        assert got == {number: str(number) for number in range(300)}


def test_a_cut_releases_every_command_that_waits() -> None:
    outcomes: list[str] = []

    def ask() -> None:
        try:
            rig.link.api("echo never", timeout=60)
        except (LinkDown, Unanswered) as error:
            outcomes.append(type(error).__name__)

    switch = FakeSwitch()
    switch.script = lambda command: b"" if command.line == "api echo never" else None
    with rigged(switch) as rig:
        rig.until_up()
        waiting = [gevent.spawn(ask) for _ in range(50)]
        rig.until(lambda: switch.heard.count("api echo never") == 50)
        switch.drop()
        gevent.joinall(waiting, timeout=5)
        assert outcomes == ["Unanswered"] * 50
        rig.until_up(2)
        assert switch.heard.count("api echo never") == 50  # nothing is sent again


def test_a_command_without_an_answer_ends_the_link_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosted, "OVERDUE", 0.1)
    switch = FakeSwitch()
    switch.script = lambda command: b"" if command.line == "api echo never" else None
    with rigged(switch) as rig:
        rig.until_up()
        with pytest.raises(Unanswered):
            rig.link.api("echo never", timeout=0.05)
        rig.until_up(2)
        assert rig.link.api("echo x").text == "x"


@pytest.mark.parametrize("sign", ["\r", "\n", "\0"])
def test_a_command_with_a_newline_is_not_sent(sign: str) -> None:
    with rigged() as rig:
        rig.until_up()
        with pytest.raises(ValueError, match="CR, LF or NUL"):
            rig.link.api(f"echo x{sign}{sign}api fsctl shutdown")
        assert rig.link.api("echo y").text == "y"
        assert not any("shutdown" in line or line == "api echo x" for line in rig.switch.heard)


def test_a_switch_that_takes_no_more_bytes_holds_nobody_up() -> None:
    with rigged() as rig:
        rig.until_up()
        rig.switch.deaf = True
        with pytest.raises(Unanswered):
            rig.link.api("echo " + "x" * 30_000_000, timeout=0.3)
        rig.switch.deaf = False
        rig.until_up(2)


def test_a_long_command_is_answered_by_its_own_job() -> None:
    def script(command: Command) -> bytes | None:
        if command.line.startswith("bgapi"):
            job = {"Event-Name": "BACKGROUND_JOB"}
            other = {**job, "Job-UUID": "another", "_body": "+OK wrong\n"}
            mine = {**job, "Job-UUID": command.headers["Job-UUID"], "_body": "-ERR USER_BUSY\n"}
            gevent.spawn_later(0.01, switch.emit, other, *([mine] if "busy" in command.line else []))
            return reply("-ERR permission denied" if "denied" in command.line else "+OK Job-UUID: x")
        return None

    switch = FakeSwitch()
    switch.script = script
    with rigged(switch) as rig:
        rig.until_up()
        assert rig.link.bgapi("originate busy", 10).text == "-ERR USER_BUSY"
        assert rig.link.bgapi("originate denied", 10).text == "-ERR permission denied"
        with pytest.raises(Unanswered):
            rig.link.bgapi("originate never", 0.05)
        assert rig.link.up
        lost = gevent.spawn(rig.link.bgapi, "originate never", 60)
        rig.until(lambda: switch.heard.count("bgapi originate never") == 2)
        switch.drop()
        with pytest.raises(Unanswered):
            lost.get(timeout=30)


# --- listeners and events that misbehave -----------------------------------------------------------------------------
def test_a_listener_that_fails_is_told_of_and_the_next_fact_comes() -> None:
    with rigged(start=False) as rig:
        rig.also = lambda fact: 1 // (not isinstance(fact, facts.LegCreated))
        rig.link.start()
        rig.until_up()
        rig.switch.emit(event("CHANNEL_CREATE", A), event("CHANNEL_ANSWER", A))
        rig.until(lambda: rig.kinds() == ["SwitchUp", "LegCreated", "LegAnswered"])
        assert [(notice.kind, notice.detail) for notice in rig.notices] == [
            ("callback-failed", "LegCreated: ZeroDivisionError")
        ]


def test_a_slow_listener_stalls_neither_commands_nor_the_reader() -> None:
    with rigged(start=False) as rig:
        slow = gevent.event.Event()
        rig.also = lambda fact: isinstance(fact, facts.LegAnswered) and slow.wait()
        rig.link.start()
        rig.until_up()
        rig.switch.emit(event("CHANNEL_ANSWER", A), *[event("CHANNEL_HOLD", A), event("CHANNEL_UNHOLD", A)] * 500)
        rig.until(lambda: rig.count(facts.LegAnswered) == 1)
        assert rig.link.api("echo x").text == "x"
        slow.set()
        rig.until(lambda: rig.count(facts.LegUnheld) == 500)


def test_more_events_than_may_wait_start_the_link_anew() -> None:
    with rigged(queue=50) as rig:
        rig.until_up()
        rig.switch.emit(*[event("CHANNEL_HOLD", A), event("CHANNEL_UNHOLD", A)] * 200)
        rig.until_up(2)
        assert [notice.kind for notice in rig.notices] == ["overflow"]
        (down,) = [fact for fact in rig.told if isinstance(fact, facts.SwitchDown)]
        assert "50 events" in down.reason


def test_an_event_that_cannot_be_used_is_told_of() -> None:
    with rigged() as rig:
        rig.until_up()
        rig.switch.emit(event("CHANNEL_CREATE", "chosen-by-a-stranger"), event("CHANNEL_CREATE", A))
        rig.until(lambda: rig.count(facts.LegCreated) == 1)
        assert [(notice.kind, notice.detail) for notice in rig.notices] == [("unusable-event", "CHANNEL_CREATE")]


def test_an_event_that_cannot_be_read_starts_the_link_anew() -> None:
    with rigged() as rig:
        rig.until_up()
        bad = encode_frame({"Content-Type": "text/event-json"}, b"{")
        rig.switch.listeners[0].sendall(encode_event(event("CHANNEL_CREATE", A), "json") + bad)
        rig.until_up(2)
        assert rig.kinds() == ["SwitchUp", "LegCreated", "SwitchDown", "SwitchUp"]


def mutated(frames: list[bytes], chance: random.Random) -> bytes:
    """Real frames with one of them spoilt."""
    data = bytearray(frames[chance.randrange(len(frames))])
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(min(len(data), chance.choice((60, len(data)))))
        match chance.randrange(4):
            case 0:
                data[place] = chance.randrange(256)
            case 1:
                del data[place : place + chance.randint(1, 20)]
            case 2:
                data[place:place] = chance.choice((b"\n\n", b"\r\n", b"\0", b"Content-Length: 99\n", b"\xff", b"{"))
            case _:
                data[place:place] = data[:place]
    return bytes(data)


def test_malformed_frames_leave_the_link_alive_or_cleanly_reconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    """ESLBOT_MUTATIONS=10000 for the long run."""
    chance = random.Random(7)
    total, each = int(os.environ.get("ESLBOT_MUTATIONS", "300")), 3
    real = [encode_event(one, "json") for one in wire.events("call-agent-first-json")]
    monkeypatch.setattr(module, "BACKOFF", (0.0,))
    with rigged() as rig:
        for connection in range(1, total // each + 1):
            rig.until_up(connection)
            listener: Any = rig.switch.listeners[0]
            try:
                for _ in range(each):
                    listener.sendall(mutated(real, chance))
            except OSError:
                pass  # it has had enough already
            rig.switch.drop()
        rig.until_up(total // each + 1)
        assert rig.link.api("echo alive").text == "alive"
        for fact in rig.told:
            assert UUID.fullmatch(getattr(fact, "uuid", getattr(fact, "a", A)))
        assert rig.count(facts.SwitchDown) >= total // each


# --- the end ---------------------------------------------------------------------------------------------------------
def test_stop_says_goodbye_and_leaves_nothing_behind() -> None:
    with rigged() as rig:
        rig.until_up()
        rig.link.stop()
        rig.until(lambda: rig.switch.heard.count("exit") == 2)
        rig.until(lambda: rig.greenlets.names == [])
        assert rig.kinds() == ["SwitchUp"]
        with pytest.raises(LinkDown):
            rig.link.api("echo x")
