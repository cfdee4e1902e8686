"""Words said in a masked span leave nothing behind but a mark with their times."""

from hypothesis import example, given
from hypothesis import strategies as st

from eslbot.model.call import CallId, Role
from eslbot.model.words import Hypothesis, Word
from eslbot.redact.masks import MASK, mask_record, mask_words, touches, unmarked

CALL = CallId("6f9619ff-8b86-d011-b42d-00cf4fc964ff")
SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4)


def heard(*words: tuple[str, int, int], final: bool = True, start: int = 0, decided: int = 100) -> Hypothesis:
    text = " ".join(word[0] for word in words)
    return Hypothesis(CALL, Role.CUSTOMER, 0, text, final, start, decided, decided,
                      tuple(Word(*word) for word in words) if final else ())


@example([(0, 2)], [(0, 3), (1, 1)])
@given(SPANS, st.lists(st.tuples(st.integers(0, 8), st.integers(1, 10)), max_size=12))
def test_what_was_said_in_a_span_is_gone_and_the_rest_is_all_there(
        spans: list[tuple[int, int]], places: list[tuple[int, int]]) -> None:
    words: list[tuple[str, int, int]] = []
    for n, (pause, length) in enumerate(places):  # one word after another
        at = (words[-1][2] if words else 0) + pause
        words.append((f"w{n}", at, at + length))
    said = heard(*words)
    shown = mask_words(said, spans)
    kept = [word for word in shown.words if word.text != MASK]
    assert kept == [word for word in said.words if not touches(word.start, word.end, spans)]
    assert shown.text.split() == [word.text for word in shown.words]
    hidden = [word for word in shown.words if word.text == MASK]
    for word in said.words:
        if word not in kept:
            assert any(mark.start <= word.start and word.end <= mark.end for mark in hidden)
    record = {"kind": "words", "text": said.text, "start": 0, "end": 100, "words": [list(word) for word in words]}
    masked = mask_record(record, spans)
    assert masked["text"] == shown.text
    assert [word[0] for word in masked["words"]] == [word.text for word in shown.words]
    assert unmarked(shown).words == tuple(kept)


def test_words_without_times_are_hidden_whole() -> None:
    shown = mask_words(heard(("六二二二", 10, 90), final=False), ((95, 120),))
    assert (shown.text, shown.final) == (MASK, False)
    assert mask_words(heard(("好", 10, 90), final=False), ((100, 120),)).text == "好"
    record = {"kind": "words", "text": "六二", "start": 0, "end": 50, "words": []}
    assert mask_record(record, ((40, 60),)) == {**record, "text": MASK, "words": [[MASK, 0, 50]]}


def test_a_final_without_words_stays_what_it_is() -> None:
    assert mask_words(heard(), ((0, 100),)).text == ""
    record = {"kind": "words", "text": "", "start": 0, "end": 50, "words": []}
    assert mask_record(record, ((0, 60),)) is record


def test_a_finding_keeps_its_place_and_loses_its_words() -> None:
    finding = {"kind": "violation", "rule": "x", "start": 10, "end": 20, "words": "六二"}
    assert mask_record(finding, ((15, 16),)) == {**finding, "words": MASK}
    assert mask_record(finding, ((20, 30),)) is finding
    missed = {**finding, "words": ""}
    assert mask_record(missed, ((15, 16),)) is missed
