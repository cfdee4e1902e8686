"""A switch that is really there, and broken in each way in turn; signed in as the service signs in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from eslbot.doctor.checks import looks
from eslbot.doctor.probes import switch as probe
from eslbot.doctor.running import together
from eslbot.doctor.verdicts.switch import Closing
from eslbot.greenlets import Greenlets
from eslbot.sim import Switch
from eslbot.sim.connection import User
from eslbot.switch.commands import MINIMUM_API
from eslbot.switch.facts import EVENTS
from tests.doctor.conftest import levels
from tests.service.rig import overhear

CONF = Path(__file__).parents[3] / "freeswitch_conf/dialplan/default/00_eslbot.xml"
USER = "eslbot@default"
APIS = frozenset([*(api for api in MINIMUM_API if api != "uuid_audio_fork"), *(f"+{n}" for n in range(2, 32))])
EXTRAS = ("CODEC", "BACKGROUND_JOB")


def pbx(tmp_path: Path, **options) -> Switch:
    prompts = tmp_path / "prompts"
    (prompts / "zh").mkdir(parents=True, exist_ok=True)
    (prompts / "zh/closing.wav").touch()
    return Switch(dialplan=[CONF], globals={"eslbot_prompts": str(prompts), "eslbot_default_language": "zh"}, **options)


@pytest.fixture
def switch(tmp_path: Path) -> Iterator[Switch]:
    users = {USER: User("embedded", APIS, frozenset([*EVENTS, *EXTRAS]))}
    with pbx(tmp_path, users=users) as switch:
        yield switch


@pytest.fixture
def examined(made, patient):
    """Findings of the switch's look."""

    def look(port, more=None, own_password="", **tables):
        well = patient(made(port, more, **tables), own_password=own_password)
        return together(well, looks(well, ["switch"]))

    return look


def test_a_switch_in_good_order(switch, examined) -> None:
    assert set(levels(examined(switch.port)).values()) == {"ok"}


def test_nothing_that_is_sent_does_anything(switch, examined) -> None:
    sent = overhear(switch)
    examined(switch.port)
    assert switch.core.tasks == []
    assert [command for command in sent if command.startswith("originate ")] == []
    assert not [command for command in sent if command.split()[0] in (
        "reload", "load", "bgapi", "fsctl", "global_setvar", "hupall")]
    assert [command for command in sent if command.startswith("uuid_") and len(command.split()) > 1] == []
    assert not [command for command in sent if command.startswith("sched_api") and len(command.split()) > 2]


def test_a_user_of_the_directory_is_told_what_it_may_not_ask_and_the_own_password_asks_it(switch, examined) -> None:
    found = levels(examined(switch.port, {"user": USER}))
    assert (found["switch.commands"], found["switch.events"]) == ("ok", "ok")
    assert (found["switch.version"], found["switch.closing"]) == ("hint", "hint")
    assert set(levels(examined(switch.port, {"user": USER}, "embedded")).values()) == {"ok"}
    assert levels(examined(switch.port, {"user": USER}, "wrong"))["switch.own"] == "error"


def test_what_a_user_lacks_is_named_word_by_word(tmp_path, examined) -> None:
    users = {USER: User("embedded", APIS - {"uuid_kill", "+4"}, frozenset(EVENTS) - {"DTMF"})}
    with pbx(tmp_path, users=users) as switch:
        told = {one.check: one.mend for one in examined(switch.port, {"user": USER})}
    assert told["switch.commands"].endswith("esl-allowed-api: uuid_kill +4")
    assert "DTMF" in told["switch.events"] or "CODEC" in told["switch.events"]


def test_a_user_without_sched_api_is_told_of_it_too(tmp_path, examined) -> None:
    with pbx(tmp_path, users={USER: User("embedded", APIS - {"sched_api"}, frozenset(EVENTS))}) as switch:
        told = {one.check: one.found for one in examined(switch.port, {"user": USER})}
    assert "sched_api" in told["switch.commands"]


def test_the_password_everybody_knows_is_found_though_another_user_signs_in(tmp_path, examined) -> None:
    users = {USER: User("embedded", APIS, None)}
    with pbx(tmp_path, users=users, password="ClueCon") as switch:
        found = [one for one in examined(switch.port, {"user": USER}) if one.check == "switch.password"]
    assert [one.level.value for one in found] == ["warning"]


def test_a_wrong_password_and_a_switch_that_is_away(tmp_path, examined) -> None:
    with pbx(tmp_path, password="another") as switch:
        assert levels(examined(switch.port)) == {"switch.password": "error"}
        port = switch.port
    assert levels(examined(port)) == {"switch.reachable": "error"}


def test_a_module_that_is_not_loaded(switch, examined) -> None:
    switch.core.unloaded |= {"mod_sndfile"}
    told = [one for one in examined(switch.port) if one.check == "switch.modules"]
    assert [one.level.value for one in told] == ["error", "error"]
    assert all("load mod_sndfile" in one.mend for one in told)
    switch.core.unloaded = {"mod_audio_fork"}
    assert levels(examined(switch.port, audio={"source": "fork"}))["switch.modules"] == "error"


def test_a_closing_that_is_elsewhere_or_silent(switch, examined, tmp_path) -> None:
    assert levels(examined(switch.port, close={"extension": "eslbot_farewell"}))["switch.closing"] == "error"
    (tmp_path / "prompts/zh/closing.wav").unlink()
    told = next(one for one in examined(switch.port) if one.check == "switch.closing")
    assert (told.level.value, str(tmp_path / "prompts/zh/closing.wav") in told.found) == ("error", True)


def test_prompts_that_are_not_where_the_switch_is_told(switch, examined, tmp_path) -> None:
    found = [one for one in examined(switch.port, prompts={"path": str(tmp_path / "away")})
             if one.check == "switch.prompts"]
    assert [one.level.value for one in found] == ["error"]
    assert f"{tmp_path}/away/reminder.wav" in found[0].found


def test_a_switch_that_falls_silent_in_the_middle_keeps_what_it_told(switch, made, monkeypatch) -> None:
    monkeypatch.setattr(probe, "ANSWER", 0.2)
    greenlets = Greenlets()
    answer = switch.core.api

    def freezing(text: str) -> str:
        if text.startswith("show modules"):
            switch.freeze()
        return answer(text)

    switch.core.api = freezing
    wanted = probe.Wanted(Closing(True, "eslbot_closing", "default", "zh"), False, {3.0}, ())
    seen = probe.look(made(switch.port).switches[0], wanted, greenlets)
    switch.freeze(False)
    assert (seen.closed, seen.denied, "no answer" in seen.stopped) == ("", (), True)
    assert seen.dialplan is None
    greenlets.stop()


def test_clocks_that_have_parted(switch, made) -> None:
    greenlets = Greenlets()
    wanted = probe.Wanted(Closing(False, "x", "y", "zh"), False, (), ())
    section = made(switch.port).switches[0]
    assert abs(probe.look(section, wanted, greenlets, wall=lambda: switch.core.now).apart) < 2
    assert abs(probe.look(section, wanted, greenlets, wall=lambda: switch.core.now - 100).apart - 100) < 2
    greenlets.stop()
