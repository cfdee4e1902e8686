"""What those see who look on while it is being said."""

from hypothesis import given
from hypothesis import strategies as st

from eslbot.model.call import CallId, Role
from eslbot.model.words import Hypothesis, Word
from eslbot.redact.live import MAYBE, LiveRedactor
from eslbot.redact.numbers import CARD, CODE, digits
from tests.redact.build import HAN, PHONE, cards, codes

RATE = 8000


def said(text: str, utterance: int = 0, final: bool = True, role: Role = Role.CUSTOMER, at: float = 0.0) -> Hypothesis:
    start = int(at * RATE)
    return Hypothesis(CallId("c"), role, utterance, text, final, start, start + RATE, start + RATE, (Word(text, 0, 1),))


@given(cards, st.data())
def test_of_a_card_no_more_than_three_digits_are_ever_seen(number: str, data: st.DataObject) -> None:
    """However its utterances are cut, and however they grow."""
    cuts = sorted(data.draw(st.sets(st.integers(1, len(number) - 1), max_size=5)))
    redactor, seen = LiveRedactor(RATE), 0
    for n, (first, last) in enumerate(zip([0, *cuts], [*cuts, len(number)], strict=True)):
        piece = [PHONE[digit] for digit in number[first:last]]
        for count in range(1, len(piece) + 1):
            partial = redactor.shown(said(" ".join(piece[:count]), n, final=False, at=n * 3))
            seen = max(seen, sum(map(len, digits(partial.text))))
        final = redactor.shown(said(" ".join(piece), n, at=n * 3))
        seen = max(seen, sum(map(len, digits(final.text))))
    assert seen <= 3


@given(codes)
def test_the_answer_to_a_question_for_a_code_is_never_seen(number: str) -> None:
    redactor = LiveRedactor(RATE)
    redactor.shown(said("验证码 是 多少", role=Role.AGENT))
    text = "".join(HAN[digit] for digit in number)
    assert redactor.shown(said(f"是 {text} 对吗", at=3)).text == f"是 {CODE} 对吗"


def test_digits_at_the_end_are_hidden_until_it_is_known_what_they_are() -> None:
    redactor = LiveRedactor(RATE)
    assert redactor.shown(said("我 的 电话 是 一三八零", final=False)).text == f"我 的 电话 是 {MAYBE}"
    whole = "我 的 电话 是 一三八零零一三八零零零 谢谢"
    assert redactor.shown(said(whole)).text == whole


def test_a_whole_card_is_called_one_and_its_words_have_no_times() -> None:
    shown = LiveRedactor(RATE).shown(said("卡号 四幺幺幺幺幺幺幺幺幺幺幺幺幺幺幺"))
    assert (shown.text, shown.words) == (f"卡号 {CARD}", ())


def test_words_without_numbers_pass_as_they_are() -> None:
    one = said("这个 产品 保本")
    assert LiveRedactor(RATE).shown(one) is one


ROLES = st.sampled_from([Role.AGENT, Role.CUSTOMER])


@given(st.lists(st.tuples(st.text(max_size=20), st.booleans(), ROLES), max_size=8))
def test_whatever_is_said_is_shown_or_hidden_and_nothing_fails(spoken: list[tuple[str, bool, Role]]) -> None:
    redactor = LiveRedactor(RATE)
    for n, (text, final, role) in enumerate(spoken):
        shown = redactor.shown(said(text, n, final, role, at=n))
        assert shown.text == text or "[" in shown.text
