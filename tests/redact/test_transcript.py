"""Transcripts as they are exported: numbers over several utterances and as answers, with the times of words kept."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from eslbot.redact.numbers import CARD, CODE, digits
from eslbot.redact.transcript import redact_transcript
from tests.redact.build import HAN, PHONE, cards, codes

RATE = 8000


def words(text: str, start: float = 0.0, role: str = "agent", utterance: int = 0) -> dict[str, Any]:
    """A record; every word takes a quarter of a second."""
    first, step = int(start * RATE), RATE // 4
    timed = [[word, first + n * step, first + (n + 1) * step] for n, word in enumerate(text.split())]
    return {"kind": "words", "role": role, "utterance": utterance, "text": text, "start": first,
            "end": first + step * max(1, len(timed)), "words": timed}  # fmt: skip


def texts(records: list[dict[str, Any]]) -> list[str]:
    return [record["text"] for record in redact_transcript(records)]


def test_a_number_goes_out_of_the_text_and_out_of_its_words_and_their_times_stay() -> None:
    (record,) = redact_transcript([words("卡号 四幺幺幺 幺幺幺幺 幺幺幺幺 幺幺幺幺 对")])
    assert record["text"] == f"卡号 {CARD} 对"
    assert [word for word, _, _ in record["words"]] == ["卡号", CARD, CARD, CARD, CARD, "对"]
    assert [start for _, start, _ in record["words"]] == [n * 2000 for n in range(6)]


def test_the_records_that_came_in_are_as_they_were() -> None:
    records = [words("验证码 四五六七")]
    redact_transcript(records)
    assert records == [words("验证码 四五六七")]


@given(cards, st.data())
def test_a_number_said_over_several_utterances_leaves_none_of_its_digits(number: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(number) - 1), max_size=4)))
    pieces = [number[a:b] for a, b in zip([0, *cuts], [*cuts, len(number)], strict=True)]
    spoken = [" ".join(PHONE[digit] for digit in piece) for piece in pieces]
    records = [words("我 说 一下", 0, "customer"), *(
        words(piece, 10 + n * 6, "customer", n + 1) for n, piece in enumerate(spoken))]  # fmt: skip
    shown = redact_transcript(records)
    assert all(not digits(record["text"]) for record in shown[1:])
    assert all(word == CARD for record in shown[1:] for word, _, _ in record["words"])


@given(codes)
def test_the_customers_answer_to_a_question_for_a_code_goes(number: str) -> None:
    said = "".join(HAN[digit] for digit in number)
    records = [words("请 把 收到 的 验证码 告诉 我", 1), words(f"好 是 {said}", 4, "customer")]
    assert texts(records)[1] == f"好 是 {CODE}"
    assert texts([records[0], words(f"好 是 {said}", 60, "customer")])[1] == f"好 是 {said}"
    assert texts([words("您好", 1), words(f"好 是 {said}", 4, "customer")])[1] == f"好 是 {said}"


def test_a_long_pause_or_the_other_side_in_between_is_another_matter() -> None:
    first, second = words("四幺幺幺 幺幺幺幺", 0), words("幺幺幺幺 幺幺幺幺", 2, utterance=1)
    assert texts([first, words("嗯", 1, "customer"), second]) == [CARD, "嗯", CARD]
    far = words("幺幺幺幺 幺幺幺幺", 30, utterance=1)
    assert texts([first, far]) == [first["text"], far["text"]]


def test_the_words_of_a_violation_go_with_their_utterance() -> None:
    violation = {"kind": "violation", "role": "agent", "utterance": 0, "words": "把 四五六七 验证码"}
    shown = redact_transcript([words("把 四五六七 验证码 说 一下"), violation])
    assert shown[1]["words"] == f"把 {CODE} 验证码"


def test_the_rate_of_the_recording_counts() -> None:
    spoken = [words("四幺幺幺 幺幺幺幺", 0), words("幺幺幺幺 幺幺幺幺", 12, utterance=1)]
    assert texts(spoken) == [record["text"] for record in spoken]
    judged = {"kind": "judged", "rate": 16000}
    assert [record["text"] for record in redact_transcript([judged, *spoken])[1:]] == [CARD, CARD]


def test_other_records_pass_as_they_are() -> None:
    others = [{"kind": "gap", "first": 4111111111111111}, {"kind": "side", "role": None}, {}]
    assert redact_transcript(others) == others
