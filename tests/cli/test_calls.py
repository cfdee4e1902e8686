"""The commands against a real admin socket; what the service does with a verb is its own."""

import os
import pwd

import pytest

from eslbot.supervise.wire import Refused

CALL = "11111111-2222-4333-8444-555555555555"
ROW = {
    "call": CALL, "switch": "pbx1", "phase": "up", "roles_known": True, "seconds": 12.5, "recording": True,
    "muted_for": None, "violations": 1, "disclosures": {"recording-notice": "said"},
}  # fmt: skip

VERBS = ("calls", "mute", "unmute", "mask", "unmask", "hangup", "shadow", "disarm")


class Service:
    """Answers the verbs and keeps what was asked."""

    def __init__(self):
        self.asked = []
        self.shadow = False
        self.rows = [ROW]
        self.done = ["Mute"]

    @property
    def handlers(self):
        return {verb: self._verb(verb) for verb in VERBS}

    def _verb(self, verb):
        def answer(args, person):
            self.asked.append((verb, args, person.who))
            if args.get("call") == "000000":
                raise Refused("no call is up with a leg '000000'")
            self.shadow = args.get("on", self.shadow)
            return {"calls": self.rows, "shadow": self.shadow, "call": CALL, "done": self.done, "disarmed": 2}

        return answer


@pytest.fixture
def service(admin):
    service = Service()
    admin(service.handlers)
    return service


def test_calls_are_listed_for_eyes_and_for_scripts(service, ask):
    said = ask("calls")
    assert said.code == 0
    assert CALL in said.out
    assert "recording-notice said" in said.out
    assert ask("calls", "--json").json == [ROW]


def test_no_calls_and_shadow_mode_are_said(service, ask):
    service.rows, service.shadow = [], True
    said = ask("calls")
    assert "no call is up" in said.out
    assert "shadow mode is on" in said.out
    assert ask("calls", "--json").json == []


def test_what_a_row_holds_is_neither_markup_nor_control_characters(service, ask):
    service.rows = [ROW | {"switch": "[red]x[/red]\x1b[2J"}]
    said = ask("calls")
    assert "[red]x[/red]" in said.out
    assert "\x1b[2J" not in said.out


def test_mute_carries_the_call_how_long_and_an_id_of_its_own(service, ask):
    assert ask("mute", "111111").code == 0
    assert ask("mute", CALL, "--for", "1500ms").code == 0
    (_, first, user), (_, second, _) = service.asked
    assert (first["call"], first["seconds"]) == ("111111", 30.0)
    assert (second["call"], second["seconds"]) == (CALL, 1.5)
    assert first["id"] != second["id"]
    assert user == pwd.getpwuid(os.geteuid()).pw_name


def test_unmute_and_hangup_say_whether_there_was_anything_to_do(service, ask):
    assert ask("unmute", "111111").out == f"{CALL}: unmuted\n"
    assert ask("hangup", "111111").out == f"{CALL}: the agent was hung up\n"
    service.done = []
    assert ask("unmute", "111111").out == f"{CALL}: was not muted\n"
    assert ask("mute", "111111").out == f"{CALL}: is muted for longer\n"
    assert [verb for verb, _, _ in service.asked] == ["unmute", "hangup", "unmute", "mute"]


def test_shadow_is_asked_and_switched(service, ask):
    assert ask("shadow").out == "shadow mode is off\n"
    assert ask("shadow", "on").out == "shadow mode is on\n"
    assert ask("shadow", "status", "--json").json == {"shadow": True}
    assert ask("shadow", "off").out == "shadow mode is off\n"
    assert [args for _, args, _ in service.asked] == [
        {}, {"on": True, "reason": ""}, {}, {"on": False, "reason": ""}]
    assert ask("shadow", "maybe").code == 2


def test_a_refusal_is_one_line_and_code_1(service, ask):
    said = ask("mute", "000000")
    assert (said.code, said.out, said.err) == (1, "", "no call is up with a leg '000000'\n")


@pytest.mark.parametrize("command", [("calls",), ("mute", CALL), ("unmute", CALL), ("hangup", CALL), ("shadow",)])
def test_without_a_service_the_code_is_3(made, eslbot, command):
    said = eslbot(*command, "-c", made)
    assert said.code == 3
    assert said.err == f"{made.parent}/eslbot.sock: No such file or directory; is eslbot running?\n"


def test_a_bad_duration_is_the_askers_mistake(made, eslbot):
    said = eslbot("mute", CALL, "--for", "30", "-c", made)
    assert said.code == 2
    assert "like 500ms, 3s or 2m" in said.err


def test_a_bad_configuration_is_told_with_its_line(made, eslbot):
    made.write_text("[admin]\nsockt = 'x'\n" + made.read_text().replace("[admin]", "[admin2]"))
    said = eslbot("calls", "-c", made)
    assert said.code == 2
    assert f"{made}:2: admin.sockt: unknown key; did you mean socket?" in said.err


def test_the_closing_is_taken_back_before_an_uninstall(service, ask):
    said = ask("disarm")
    assert said.out.startswith("taken back from 2 calls")
    assert [verb for verb, _, _ in service.asked] == ["disarm"]


def test_a_mask_lasts_for_seconds_or_until_it_is_lifted(ask, service):
    service.done = ["Mask"]
    said = ask("mask", CALL[:8], "--seconds", "12.5")
    assert said.code == 0
    assert "masked for 12.5 s" in said.out
    assert "masked until it is lifted" in ask("mask", CALL).out
    (_, first, _), (_, second, _) = service.asked
    assert (first["call"], first["seconds"], second["seconds"]) == (CALL[:8], 12.5, None)
    assert first["id"] != second["id"]
    assert ask("mask", CALL, "--seconds", "0").code == 2
    service.done = []
    assert "was not masked" in ask("unmask", CALL).out


@pytest.mark.parametrize("command", [
    ["mute", CALL], ["unmute", CALL], ["mask", CALL], ["unmask", CALL], ["hangup", CALL], ["disarm"], ["shadow", "on"],
])
def test_a_reason_goes_along_where_an_installation_asks_for_one(service, ask, command):
    assert ask(*command, "--reason", "new agent").code == 0
    assert service.asked[-1][1]["reason"] == "new agent"
