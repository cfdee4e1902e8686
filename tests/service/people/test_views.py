"""Who looks on sees words without numbers, and each call by itself."""

from eslbot.model.call import CallId, Role
from eslbot.model.words import Hypothesis
from eslbot.service.people.views import Views


def said(text: str, call: str = "a", utterance: int = 0) -> Hypothesis:
    return Hypothesis(CallId(call), Role.CUSTOMER, utterance, text, True, 0, 8000, 8000)


def test_a_number_said_over_two_utterances_of_one_call_is_hidden_and_calls_do_not_mix() -> None:
    seen: list[str] = []
    views = Views(lambda call: 8000)
    views.listeners.append(lambda hypothesis: seen.append(hypothesis.text))
    views.show(said("四幺幺幺 幺幺幺幺"))
    views.show(said("您好", "b"))
    views.show(said("幺幺幺幺 幺幺幺幺", utterance=1))
    assert seen == ["[number]", "您好", "[card]"]


def test_a_call_that_is_over_is_forgotten() -> None:
    views = Views(lambda call: 8000)
    views.listeners.append(lambda hypothesis: None)
    views.show(said("您好"))
    views.forget(CallId("a"))
    views.forget(CallId("a"))
    assert not views._redactors
