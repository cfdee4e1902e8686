"""A switch that does not answer has neither refused nor done it: unknown is not guilty."""

import pytest

from eslbot.call.mending import GIVEN_AGAIN
from eslbot.model import facts
from eslbot.model.call import Role
from eslbot.model.orders import Alert, ArmClosing, GuardHold, Listen, Order
from tests.call.score import JOINED, Score
from tests.words import AGENT, CALL, CUSTOMER, SECOND_AGENT

WANTED: dict[type[Order], Order] = {
    ArmClosing: ArmClosing("", CALL, CUSTOMER), GuardHold: GuardHold("", CALL, AGENT),
    Listen: Listen("", CALL, CUSTOMER, "pbx", 8000, True, 0),
}


def silent(score: Score, kind: type[Order], times: int) -> list[Order]:
    """The switch does not answer that often; what came of it besides the order itself."""
    told: list[Order] = []
    for n in range(times):
        at = 10.0 * (n + 1)
        told += score.outcome_of(kind, "unknown", "no answer", at)
        when = score.timers.get(f"again {kind.__name__}")
        if n < GIVEN_AGAIN:
            assert when == at + n + 1
            assert score.play(facts.TimerFired(CALL, when, f"again {kind.__name__}")) == [WANTED[kind]]
    return told


@pytest.mark.parametrize("kind", WANTED)
def test_a_late_answer_alarms_nobody_and_the_order_is_given_again_until_it_is_answered(kind: type[Order]) -> None:
    score = Score(JOINED)
    assert silent(score, kind, GIVEN_AGAIN) == []
    assert score.outcome_of(kind, "done") == []
    assert score.state.unanswered == ()
    assert score.state.closing.armed == (kind is ArmClosing)


@pytest.mark.parametrize("kind", WANTED)
def test_a_refusal_alarms_at_once_after_a_silence_too(kind: type[Order]) -> None:
    score = Score(JOINED)
    silent(score, kind, 1)
    [told] = score.outcome_of(kind, "failed", "-ERR No such channel!")
    assert isinstance(told, Alert)
    assert told.kind == ("recording-missing" if kind is Listen else "closing-failed")


@pytest.mark.parametrize("kind", WANTED)
def test_a_switch_that_stays_silent_is_told_as_what_it_is(kind: type[Order]) -> None:
    """Of a recording the call's own timer tells, where no audio comes."""
    score = Score(JOINED)
    told = silent(score, kind, GIVEN_AGAIN + 1)
    kinds = [(one.kind, one.severity) for one in told if isinstance(one, Alert)]
    assert kinds == ([] if kind is Listen else [("closing-unknown", "warning")])


def test_what_is_not_wanted_any_more_is_not_given_again() -> None:
    score = Score(JOINED)
    for kind in WANTED:
        score.outcome_of(kind, "unknown")
    score.play(facts.AudioArrived(CALL, 3.0), facts.Commanded(CALL, 4.0, "d", "root", "disarm"))
    assert [score.play(facts.TimerFired(CALL, 12.0, f"again {kind.__name__}")) for kind in WANTED] == [[], [], []]


def test_a_call_that_was_handed_over_while_we_were_dead_is_heard_again() -> None:
    score = Score(JOINED)
    for kind in WANTED:
        score.outcome_of(kind)
    score.play(facts.Resumed(CALL, 20.0), facts.Joined(CALL, 21.0, SECOND_AGENT, Role.AGENT, 8000))
    given = score.play(facts.LinkBack(CALL, 22.0, bridged=True))
    assert given == [Listen("", CALL, CUSTOMER, "pbx", 8000, True, 1)]
    assert score.play(facts.AudioArrived(CALL, 23.0), facts.LinkBack(CALL, 24.0, bridged=True)) == []


def test_a_restart_gives_again_what_was_not_answered() -> None:
    score = Score(JOINED)
    score.outcome_of(ArmClosing, "unknown")
    score.outcome_of(GuardHold, "unknown")
    score.outcome_of(Listen)
    assert score.play(facts.Resumed(CALL, 20.0)) == [WANTED[ArmClosing], WANTED[GuardHold]]
