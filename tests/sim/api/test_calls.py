"""Commands that make, move and end calls. Where the legs end up is in test_bridging.py."""

import pytest

from tests.sim.bench import SILENCE, Bench

NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (f"uuid_kill {NOBODY}", "-ERR No such channel!"),
        ("uuid_kill", "-USAGE"),
        (f"uuid_transfer {NOBODY} 1", "-ERR No such channel!"),
        ("uuid_transfer x", "-USAGE"),
        (f"uuid_bridge {NOBODY} {NOBODY}", "-ERR Invalid uuid"),
        ("uuid_bridge x", "-USAGE"),
        (f"uuid_hold {NOBODY}", "-ERR Operation failed"),
        (f"uuid_park {NOBODY}", "-ERR No such channel!"),
        (f"uuid_recv_dtmf {NOBODY} 1", "-ERR Cannot locate session!"),
        (f"uuid_recv_dtmf {NOBODY}", "-USAGE"),
        (f"uuid_answer {NOBODY}", "-ERR No such channel!"),
        ("originate", "-USAGE"),
        ("originate user/nobody &park()", "-ERR SUBSCRIBER_ABSENT"),
        ("originate error/USER_BUSY &park()", "-ERR USER_BUSY"),
        ("originate pigeon/1 &park()", "-ERR CHAN_NOT_IMPLEMENTED"),
    ],
)
def test_what_cannot_be_done_is_refused_in_the_switchs_words(bench: Bench, command: str, answer: str) -> None:
    assert bench.api(command).startswith(answer)


def test_killing_with_a_cause(bench: Bench) -> None:
    leg = bench.dial("9001", SILENCE)
    assert bench.api(f"uuid_kill {leg.uuid} CALL_REJECTED") == "+OK"
    bench.run(0.1)
    assert (leg.cause, leg.gone) == ("CALL_REJECTED", True)


def test_hanging_up_all_or_those_with_a_variable(bench: Bench) -> None:
    one, other = bench.dial("9001", SILENCE, {"x": "1"}), bench.dial("9002", SILENCE)
    assert bench.api("hupall normal_clearing x 1").startswith("+OK hangup all channels matching [x]=[1]")
    assert (one.cause, other.cause) == ("NORMAL_CLEARING", "")
    assert bench.api("hupall") == "+OK hangup all channels with cause MANAGER_REQUEST"
    assert other.cause == "MANAGER_REQUEST"


def test_keys_are_answered_as_on_the_wire(bench: Bench) -> None:
    leg = bench.dial("9001", SILENCE)
    assert bench.api(f"uuid_recv_dtmf {leg.uuid} 12#") == f"+OK {leg.uuid} received DTMF 12#."
    assert bench.api(f"uuid_send_dtmf {leg.uuid} 1") == f"+OK {leg.uuid} sent DTMF 1."
    assert bench.api(f"uuid_recv_dtmf {leg.uuid} x").startswith("-USAGE")
    assert list(leg.keys) == ["1", "2", "#"]


def test_hold_and_off_and_toggle(bench: Bench) -> None:
    leg = bench.dial("9001", SILENCE)
    states = []
    for command in ("uuid_hold {}", "uuid_hold {}", "uuid_hold off {}", "uuid_hold toggle {}", "uuid_hold toggle {}"):
        assert bench.api(command.format(leg.uuid)) == "+OK Success"
        states.append(leg.held)
    assert states == [True, True, False, True, False]
    assert bench.names(leg).count("CHANNEL_HOLD") == 2


def test_parking_takes_a_leg_out_of_its_call(bench: Bench) -> None:
    agent, customer = bench.call()
    assert bench.api(f"uuid_park {customer.uuid}") == "+OK"
    bench.run(0.3)
    assert customer.up
    assert agent.gone
