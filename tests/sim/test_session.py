"""From ringing to the end."""

import pytest

from eslbot.sim import exchange
from eslbot.sim.party import Party
from tests.sim.bench import SILENCE, Bench


@pytest.mark.parametrize(
    ("party", "names"),
    [
        (
            Party(refuses="USER_BUSY"),
            ["CHANNEL_CREATE", "CHANNEL_HANGUP", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY"],
        ),
        (Party(), ["CHANNEL_CREATE", "CHANNEL_ANSWER"]),
        (Party(answers_after=0.5), ["CHANNEL_CREATE", "CHANNEL_PROGRESS", "CHANNEL_ANSWER"]),
        (Party(never_answers=True), ["CHANNEL_CREATE", "CHANNEL_PROGRESS"]),
    ],
)
def test_how_a_phone_takes_a_call(bench: Bench, party: Party, names: list[str]) -> None:
    exchange.expect(bench.core, "9001", party)
    leg = exchange.dial(bench.core, "sofia/internal/9001@x")
    bench.run(1)
    assert bench.names(leg) == names


def test_a_leg_with_nothing_left_to_do_is_hung_up(bench: Bench) -> None:
    leg = bench.dial("9001", SILENCE)
    leg.go(bench.core.application("sleep", "200"))
    bench.run(0.5)
    assert (leg.cause, leg.gone) == ("NORMAL_CLEARING", True)
    complete = next(event for event in bench.events if event["Event-Name"] == "CHANNEL_HANGUP_COMPLETE")
    assert complete["Hangup-Cause"] == complete["variable_hangup_cause"] == "NORMAL_CLEARING"
    assert complete["variable_hangup_cause_q850"] == "16"


