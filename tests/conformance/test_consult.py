"""An agent consults another one by the switch's own att_xfer while the customer waits, with supervisors in the call and
without: nobody is lost, whichever of them leaves, and the supervisors hear the call and not the consult. On both
switches and in both orders of calling."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from eslbot.call.consulting import PATIENCE
from eslbot.switch.commands import GRACE
from tests.conformance.beside import Beside, running
from tests.conformance.conftest import PROMPT_SECONDS, TONES
from tests.conformance.consulting import att_xfer, guard
from tests.conformance.hearing import duration
from tests.conformance.rig import Leg, Rig, Role
from tests.conformance.score import FIRSTS, Played, place
from tests.conformance.test_following import CUSTOMER, HEARD, SECOND, SUPERVISOR, hear, second_agent
from tests.conformance.test_hold import ARM, GUARD
from tests.conformance.test_transfer import BUSY, joined

NOTHING = frozenset[str]()
AGENT = frozenset({"agent"})
RINGS = "9487"


@pytest.fixture(scope="module")
def beside(rig: Rig, room: Path) -> Iterator[Beside]:
    with running(rig, room) as made:
        yield made


def consulting(beside: Beside, played: Played, second: Leg) -> None:
    """The agent talks to the second one, and the supervisor who is in waits."""
    since = att_xfer(beside.rig, played, second.number)
    joined(beside.rig, played, since, {"agent", "second"})
    ran(beside.rig, "sleep", since)
    assert beside.row(played)["consulting"]


def ran(rig: Rig, application: str, since: int, times: int = 1) -> None:
    """Waits until so many supervisors' legs run that."""
    for _ in range(times):
        rig.wait(lambda e: e["Event-Name"] == "CHANNEL_EXECUTE" and e.get("Application") == application, since)
        since = 1 + next(
            at for at, e in enumerate(rig.events(since), since)
            if e["Event-Name"] == "CHANNEL_EXECUTE" and e.get("Application") == application)


@pytest.fixture(autouse=True)
def _cleared(rig: Rig) -> Iterator[None]:
    yield
    rig.clear()


def closing(rig: Rig, played: Played) -> float:
    """For how long it was heard, once there was time to."""
    rig.pass_time(PROMPT_SECONDS + GRACE / 1000 + 1.2)
    return duration(rig.heard(played.call.customer), TONES["closing"], rig.rate)


def transferred(beside: Beside, played: Played) -> None:
    """The agent hangs up, and the two who stay are joined."""
    since = beside.rig.mark()
    beside.rig.hang_up(played.call.agent)
    joined(beside.rig, played, since, {"second", "customer"})
    ran(beside.rig, "eavesdrop", since, len(beside.seats(played)))


# --- the switch alone -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("spied", [False, True], ids=["alone", "spied on"])
@pytest.mark.parametrize("first", FIRSTS)
def test_a_guarded_customer_is_there_to_be_joined_with_the_second_agent(rig: Rig, first: Role, spied: bool) -> None:
    played, second = place(rig, first), second_agent(rig)
    rig.api(ARM.format_map(played.words()))
    rig.api(GUARD.format_map(played.words()))
    if spied:
        rig.third(f"eavesdrop({played.call.agent.uuid})", TONES["supervisor"])
    since = att_xfer(rig, played, second.number)
    guard(rig, played)
    joined(rig, played, since, {"agent", "second"})
    since = rig.mark()
    rig.hang_up(played.call.agent)
    joined(rig, played, since, {"second", "customer"})
    assert hear(rig, second, played.call.customer) == (CUSTOMER, SECOND)
    rig.hang_up(second)
    assert closing(rig, played) >= PROMPT_SECONDS - 0.4


@pytest.mark.parametrize("first", FIRSTS)
def test_a_guarded_customer_whom_nobody_joins_hears_the_closing_without_any_service(rig: Rig, first: Role) -> None:
    """With nobody consulted: an agent hangs up in a call whose guard was not taken back."""
    played = place(rig, first)
    rig.api(ARM.format_map(played.words()))
    guard(rig, played)
    rig.hang_up(played.call.agent)
    assert closing(rig, played) >= PROMPT_SECONDS - 0.4


# --- beside eslbot ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("mode", HEARD)
@pytest.mark.parametrize("first", FIRSTS)
def test_a_supervisor_hears_nothing_of_a_consult_and_afterwards_the_second_agents_call(
    beside: Beside, first: Role, mode: str
) -> None:
    rig, second = beside.rig, second_agent(beside.rig)
    played = beside.place(first)
    beside.join(played, mode)
    assert played.supervisor is not None
    consulting(beside, played, second)
    assert hear(rig, second, played.call.agent, played.call.customer, played.supervisor) == (
        AGENT, SECOND, NOTHING, NOTHING)
    assert [(seat["mode"], seat["state"]) for seat in beside.seats(played)] == [(mode, "consult")]
    transferred(beside, played)
    assert hear(rig, second, played.call.customer, played.supervisor, settle=1.5) == (
        *HEARD[mode], CUSTOMER | SECOND)
    assert [(seat["mode"], seat["state"]) for seat in beside.seats(played)] == [(mode, "in")]
    rig.hang_up(second)
    assert closing(rig, played) >= PROMPT_SECONDS - 0.4


@pytest.mark.parametrize("first", FIRSTS)
def test_an_agent_who_comes_back_has_the_supervisor_back_as_they_were(beside: Beside, first: Role) -> None:
    rig, second = beside.rig, second_agent(beside.rig)
    played = beside.place(first)
    beside.join(played, "barge")
    assert played.supervisor is not None
    consulting(beside, played, second)
    since = rig.mark()
    rig.hang_up(second)
    ran(rig, "eavesdrop", since)
    assert hear(rig, played.call.agent, played.call.customer, played.supervisor, settle=1.5) == (
        CUSTOMER | SUPERVISOR, AGENT | SUPERVISOR, CUSTOMER | AGENT)
    rig.hang_up(played.call.agent)
    assert closing(rig, played) >= PROMPT_SECONDS - 0.4


@pytest.mark.parametrize("first", FIRSTS)
def test_a_second_agent_who_is_busy_leaves_everybody_as_they_were(beside: Beside, first: Role) -> None:
    played = beside.place(first)
    beside.join(played, "whisper")
    assert played.supervisor is not None
    since = att_xfer(beside.rig, played, BUSY)
    ran(beside.rig, "eavesdrop", since)
    assert hear(beside.rig, played.call.agent, played.call.customer, played.supervisor, settle=1.5) == (
        CUSTOMER | SUPERVISOR, AGENT, CUSTOMER | AGENT)


@pytest.mark.parametrize("first", FIRSTS)
def test_an_agent_who_hangs_up_while_the_second_ones_phone_rings_leaves_the_customer_to_the_closing(
    beside: Beside, first: Role
) -> None:
    played = beside.place(first)
    beside.join(played, "listen")
    att_xfer(beside.rig, played, RINGS)
    beside.service.until(lambda: beside.row(played)["consulting"], "no consult was told of")
    beside.rig.pass_time(0.5)
    beside.rig.hang_up(played.call.agent)
    beside.rig.pass_time(PATIENCE * beside.rig.speed)
    assert closing(beside.rig, played) >= PROMPT_SECONDS - 0.4


@pytest.mark.parametrize("first", FIRSTS)
def test_two_supervisors_one_of_whom_joins_in_mid_consult_hear_the_call_after_it(beside: Beside, first: Role) -> None:
    rig, second = beside.rig, second_agent(beside.rig)
    played = beside.place(first)
    beside.join(played, "listen")
    one, played.supervisor = played.supervisor, None
    consulting(beside, played, second)
    beside.join(played, "whisper")
    other = played.supervisor
    assert one is not None
    assert other is not None
    assert hear(rig, second, one, other) == (AGENT, NOTHING, NOTHING)
    assert [seat["state"] for seat in beside.seats(played)] == ["consult", "consult"]
    transferred(beside, played)
    both = CUSTOMER | SECOND
    *parties, listener, whisperer = hear(rig, second, played.call.customer, one, other, settle=1.5)
    assert (parties, whisperer) == ([CUSTOMER | SUPERVISOR, SECOND], both)
    assert listener - SUPERVISOR == both  # and the other's whisper, where that one was the first to be there


@pytest.mark.parametrize("first", FIRSTS)
def test_three_at_once_are_the_call_again_and_the_supervisor_hears_them(beside: Beside, first: Role) -> None:
    rig, second = beside.rig, second_agent(beside.rig)
    played = beside.place(first)
    beside.join(played, "listen")
    assert played.supervisor is not None
    consulting(beside, played, second)
    since = rig.mark()
    rig.press(played.call.agent, "0")
    joined(rig, played, since, {"agent", "customer"})
    ran(rig, "eavesdrop", since)
    heard = hear(rig, second, played.call.agent, played.call.customer, played.supervisor, settle=1.5)
    assert heard == (CUSTOMER | AGENT, CUSTOMER | SECOND, AGENT | SECOND, CUSTOMER | AGENT | SECOND)


@pytest.mark.parametrize("first", FIRSTS)
def test_a_customer_who_tires_of_waiting_ends_the_call_for_its_supervisors_only(beside: Beside, first: Role) -> None:
    rig, second = beside.rig, second_agent(beside.rig)
    played = beside.place(first)
    beside.join(played, "listen")
    consulting(beside, played, second)
    rig.hang_up(played.call.customer)
    beside.service.until(lambda: not beside.row(played), "the call did not end")
    assert played.supervisor is not None
    assert hear(rig, second, played.call.agent, played.supervisor) == (AGENT, SECOND, NOTHING)


@pytest.mark.parametrize("first", FIRSTS)
def test_a_restart_in_mid_consult_loses_nobody(beside: Beside, first: Role) -> None:
    rig, second = beside.rig, second_agent(beside.rig)
    played = beside.place(first)
    beside.join(played, "whisper")
    assert played.supervisor is not None
    consulting(beside, played, second)
    beside.service.restart()
    beside.service.until(lambda: beside.row(played).get("consulting"), "the call was not taken up again")
    assert [seat["state"] for seat in beside.seats(played)] == ["consult"]
    transferred(beside, played)
    assert hear(rig, second, played.call.customer, played.supervisor, settle=1.5) == (
        *HEARD["whisper"], CUSTOMER | SECOND)
