"""What people may ask about supervising a call, and what they are told where it cannot be. Who then hears whom
is test_supervising's."""

import re
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import gevent
import pytest

from eslbot.call.state import CallState, Phase
from eslbot.model.call import LegId, Role
from eslbot.model.supervising import Mode
from eslbot.service.people.joining import Joining, JoinOptions
from eslbot.supervise.access import Denied, Person, Staff, unix
from eslbot.supervise.wire import Refused
from tests.words import AGENT, CALL, CUSTOMER

UP = CallState(CALL, "pbx", CUSTOMER, Phase.UP, AGENT, Role.AGENT, roles_known=True)
ROOT = unix("root")


class Rig:
    """A desk that answers what it is told to, and phones that nobody picks up."""

    def __init__(self, *states: CallState, outcomes: Any = (), reasoned: tuple[str, ...] = ()) -> None:
        self.states, self.outcomes = list(states or (UP,)), outcomes
        self.commands: list[Any] = []
        self.audited: list[Any] = []
        self.answer: str | None = None
        options = JoinOptions(re.compile(r"1\d{3}"), 20.0, reasoned, {"correction"})
        desk = SimpleNamespace(
            states=lambda: self.states, number_of=lambda leg: "1001", command=self.command,
            state=lambda call: next((state for state in self.states if state.id == call), None))
        supervisors = SimpleNamespace(expecting=self.expecting)
        self.joining = Joining(
            options, desk, supervisors, lambda: 5.0, lambda args, person: UP, self.audited.append,  # type: ignore[arg-type]
            lambda phone: {"1001": "seat7", "1900": "sue"}.get(phone, ""))

    def command(self, command: Any) -> Any:
        self.commands.append(command)
        if isinstance(self.outcomes, BaseException):
            raise self.outcomes
        return self.outcomes

    @contextmanager
    def expecting(self, *asked: Any) -> Any:
        yield lambda seconds: self.answer

    def ask(self, verb: str, person: Person = ROOT, **args: Any) -> dict[str, Any]:
        return self.joining.handlers[verb]({"phone": "1900", **args}, person)


def test_whoever_may_not_act_rings_nothing() -> None:
    rig = Rig()
    for verb in ("listen", "takeover", "leave", "correct"):
        with pytest.raises(Denied):
            rig.ask(verb, Person("au", Staff.AUDITOR, "token"), prompt="correction")
    assert rig.commands == []


def test_nobody_has_the_phone_of_another_account_ring_but_whoever_is_at_the_machine() -> None:
    rig = Rig(outcomes=[("Ring", ("done", ""))])
    sue = Person("sue", Staff.SUPERVISOR, "session")
    for verb in ("listen", "whisper", "barge", "takeover"):
        with pytest.raises(Denied, match="another account's"):
            rig.ask(verb, sue, phone="1001")   # the agent's
    assert rig.commands == []
    for person, phone in ((sue, "1900"), (sue, "1999"), (ROOT, "1001")):   # one's own; nobody's
        rig.ask("listen", person, phone=phone)
    assert [command.phone for command in rig.commands] == ["1900", "1999", "1001"]


def test_a_phone_that_rings_is_told_and_the_command_says_who_asked_and_how() -> None:
    rig = Rig(outcomes=[("Ring", ("done", "")), ("SetTimer", None)])
    assert rig.ask("whisper", reason="new here") == {"call": CALL, "done": ["Ring"], "mode": "whisper", "state": "gone"}
    [command] = rig.commands
    assert (command.by, command.verb, command.phone) == ("root", "whisper", "1900")
    [entry] = rig.audited
    assert (entry.what, entry.reason, entry.detail) == ("whisper", "new here", "Ring done")


def test_who_waits_is_told_why_the_phone_was_not_picked_up_and_that_is_audited() -> None:
    rig = Rig(outcomes=[("Ring", ("done", ""))])
    rig.answer = "USER_BUSY"
    with pytest.raises(Refused, match="1900: the phone is busy"):
        rig.ask("listen", wait=True)
    assert rig.audited[-1].detail == "not in: the phone is busy"


def test_a_switch_that_does_not_answer_is_said_as_unknown_and_audited() -> None:
    rig = Rig(outcomes=gevent.Timeout(1))
    with pytest.raises(Refused, match="may still be done"):
        rig.ask("listen")
    assert rig.audited[0].detail == "no answer from the switch"


def test_a_call_that_ended_meanwhile_is_said_and_what_the_switch_refused_too() -> None:
    with pytest.raises(Refused, match="has ended"):
        Rig(outcomes=KeyError(CALL)).ask("listen")
    with pytest.raises(Refused, match="-ERR no reply"):
        Rig(outcomes=[("SetMode", ("failed", "-ERR no reply"))]).ask("barge")


@pytest.mark.parametrize("phone", ["", "0190123456", "1900,1901", "19001"])
def test_only_a_phone_of_the_house_is_rung(phone: str) -> None:
    rig = Rig()
    with pytest.raises(Refused, match="which phone"):
        rig.ask("listen", phone=phone)
    assert rig.commands == []


def test_a_phone_walks_into_the_one_call_of_the_extension_and_begins_by_listening() -> None:
    joining = Rig(outcomes=[("SetMode", ("done", ""))]).joining
    assert joining.walk_in(ROOT, "1900", LegId("leg"), Mode.TAKEOVER, "1001") == (CALL, AGENT, Mode.LISTEN)
    for rig in (Rig(UP, UP), Rig(CallState(CALL, "pbx", CUSTOMER))):
        with pytest.raises(Refused, match="in no call"):
            rig.joining.walk_in(ROOT, "1900", LegId("leg"), Mode.LISTEN, "1001")
    consulting = Rig(replace(UP, consulting=True))
    with pytest.raises(Refused, match="consults another one"):
        consulting.joining.walk_in(ROOT, "1900", LegId("leg"), Mode.LISTEN, "1001")
    assert consulting.commands == []
    with pytest.raises(Refused, match="a phone cannot give one"):
        Rig(reasoned=("barge",)).joining.walk_in(ROOT, "1900", LegId("leg"), Mode.BARGE, "1001")


def test_only_a_prompt_that_is_known_is_said_to_the_customer() -> None:
    rig = Rig(outcomes=[("Announce", ("done", ""))])
    for prompt in ("", "../../etc/passwd", "other"):
        with pytest.raises(Refused, match="there are: correction"):
            rig.ask("correct", prompt=prompt)
    assert rig.ask("correct", prompt="correction") == {"call": CALL, "done": ["Announce"]}


def test_who_is_in_no_call_cannot_leave_it() -> None:
    with pytest.raises(Refused, match="root is not in it with 1900"):
        Rig().ask("leave")
