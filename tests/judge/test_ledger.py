from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from eslbot.judge.candidates import Span
from eslbot.judge.conditions import Condition
from eslbot.judge.ledger import Change, Dropped, Ledger, Seen
from eslbot.judge.program import Program
from eslbot.judge.text import join
from eslbot.model.call import Confirm
from eslbot.model.words import Word
from tests.judge.build import RATE, all_of, any_of, hits, near, program, said

PROMISE = program(any_of("保本", "保本保息", "稳赚不赔"))


def ledger(compiled: Program = PROMISE) -> Ledger:
    return Ledger(compiled, range(len(compiled.sought)), RATE)


def told(changes: list[Change]) -> list[str]:
    return [change.confirm.label if isinstance(change, Seen) else "dropped" for change in changes]


def test_a_hit_is_told_once_at_each_confirmation() -> None:
    book = ledger()
    assert told(book.hear(said("保本", decoded=1000))) == ["partial"]
    assert told(book.hear(said("保本", decoded=1480))) == []
    assert told(book.hear(said("保本 的", decoded=1960))) == ["agreed"]
    assert told(book.hear(said("保本 的 呢", decoded=9000))) == []
    assert told(book.hear(said("保本 的", decoded=9500, final=True))) == ["final"]


def test_words_agree_at_120_ms_of_decoded_audio_and_not_before() -> None:
    book = ledger()
    book.hear(said("保本", decoded=1000))
    assert told(book.hear(said("保本", decoded=1000 + 959))) == []
    assert told(book.hear(said("保本", decoded=1000 + 960))) == ["agreed"]


def test_silence_that_was_not_decoded_agrees_on_nothing() -> None:
    book = ledger()
    book.hear(said("保本", decided=1000, decoded=1000))
    assert told(book.hear(said("保本", decided=90000, decoded=1100))) == []


def test_a_hypothesis_in_between_that_lacks_the_words_starts_again() -> None:
    book = ledger()
    book.hear(said("保本", decoded=1000))
    assert told(book.hear(said("宝贝", decoded=1500))) == []
    assert told(book.hear(said("保本", decoded=2000))) == []
    assert told(book.hear(said("保本", decoded=2900))) == []
    assert told(book.hear(said("保本", decoded=2960))) == ["agreed"]


def test_other_words_of_the_same_rule_do_not_agree_with_the_first() -> None:
    book = ledger()
    book.hear(said("保本", decoded=1000))
    assert told(book.hear(said("稳赚不赔", decoded=2000))) == []
    assert told(book.hear(said("稳赚不赔", decoded=2960))) == ["agreed"]


def test_words_that_go_on_agree_with_their_beginning() -> None:
    book = ledger()
    book.hear(said("保本", decoded=1000))
    assert told(book.hear(said("保本 保息", decoded=2000))) == ["agreed"]


def test_the_final_takes_back_what_it_lacks_and_tells_nothing_of_what_was_never_told() -> None:
    book = ledger()
    book.hear(said("保本", decoded=1000))
    assert book.hear(said("宝贝", decoded=2000, final=True)) == [Dropped(0, 0, 0)]
    assert book.hear(said("好的", utterance=1, decoded=3000, final=True)) == []


def test_an_empty_final_takes_back_everything() -> None:
    book = ledger()
    book.hear(said("保本 稳赚不赔", decoded=1000))
    assert told(book.hear(said("", decoded=2000, final=True))) == ["dropped", "dropped"]


def test_a_final_without_partials_is_told_at_once() -> None:
    assert told(ledger().hear(said("保本", final=True))) == ["final"]


def test_a_finished_utterance_is_not_heard_again() -> None:
    book = ledger()
    book.hear(said("保本", final=True))
    assert book.hear(said("保本", final=True)) == []
    assert book.hear(said("稳赚不赔")) == []


def test_two_places_in_one_utterance_are_two_ordinals() -> None:
    changes = ledger().hear(said("保本 又 保本", final=True))
    assert [(each.utterance, each.ordinal) for each in changes] == [(0, 0), (0, 1)]


def test_a_phrase_across_two_utterances_is_a_hit_of_the_second() -> None:
    book = ledger()
    assert book.hear(said("稳赚", final=True, start=0, decided=8000)) == []
    (change,) = book.hear(said("不赔", utterance=1, final=True, start=9000, decided=11000))
    assert isinstance(change, Seen)
    assert (change.utterance, change.confirm, change.start, change.end) == (1, Confirm.FINAL, 0, 11000)


def test_words_of_the_utterance_before_are_not_counted_again() -> None:
    book = ledger()
    book.hear(said("保本", final=True))
    assert book.hear(said("保息", utterance=1, final=True)) == []
    assert book.hear(said("好的", utterance=2, final=True)) == []


def test_a_long_pause_parts_two_utterances() -> None:
    book = ledger()
    book.hear(said("稳赚", final=True, start=0, decided=8000))
    assert book.hear(said("不赔", utterance=1, final=True, start=8000 + 3 * RATE + 1, decided=60000)) == []


def test_an_utterance_that_never_ended_is_no_beginning_of_the_next() -> None:
    book = ledger()
    book.hear(said("稳赚"))
    assert book.hear(said("不赔", utterance=1, final=True)) == []


def test_a_negation_before_the_utterance_boundary_holds() -> None:
    book = ledger()
    book.hear(said("我们 不", final=True))
    assert book.hear(said("保本", utterance=1, final=True)) == []


def test_the_scope_before_a_phrase_is_known_as_far_across_a_boundary_as_within_an_utterance() -> None:
    text = "不说" * 8 + "甲乙丙丁"
    compiled = program(any_of("甲乙丙丁"))
    assert len(hits(compiled, text)) == 1
    book = ledger(compiled)
    book.hear(said("好的" + text[:-1], final=True))
    assert told(book.hear(said("丁", utterance=1, final=True))) == ["final"]


def test_the_words_of_a_final_place_its_hits() -> None:
    words = (Word("这", 100, 200), Word("保本", 5000, 5600), Word("的", 6000, 6100))
    (change,) = ledger().hear(said("这 保本 的", final=True, words=words))
    assert isinstance(change, Seen)
    assert (change.start, change.end) == (5000, 5600)


def test_the_words_of_a_partial_are_placed_evenly() -> None:
    (change,) = ledger().hear(said("这是保本", start=8000, decided=12000))
    assert isinstance(change, Seen)
    assert (change.start, change.end) == (10000, 12000)


CONDITIONS = st.one_of(
    st.lists(st.text("甲乙丙不", min_size=1, max_size=4), min_size=1, max_size=4).map(lambda each: any_of(*each)),
    st.tuples(st.integers(2, 6), st.lists(st.text("甲乙丙", min_size=1, max_size=2), min_size=2, max_size=3)).map(
        lambda each: near(each[0], *each[1])
    ),
)
TEXTS = st.text("甲乙丙丁不是", max_size=24)
TALK = st.lists(
    st.sampled_from([
        "保本", "保息", "宝", "零风险", "零封险", "百分之五", "五%", "十", "点五", "一定", "不", "不是", "没有",
        "没有人能", "我们", "这个", "有人说", "难道", "都是骗人的", "是不可能的", "不可能", "亏", "的", "吗", "是不是",
        "请", "报警", "就退钱", "和", "又", "甲", "乙",
    ]),
    max_size=16,
).map("".join)
"""Words whose meaning hangs on each other, in any order."""
PROMISES = program(
    any_of("保本", "保息", "保本保息", "零风险", "百分之五", "不可能亏", "没有亏"), near(9, "保本", "零风险", "甲"),
    all_of("保本", "甲"), homophones=True,
)  # fmt: skip
GARBAGE = st.lists(st.tuples(TEXTS, st.integers(0, 1500)), max_size=4)


def run(compiled: Program, utterances: list[tuple[str, list[tuple[str, int]]]]) -> list[list[Change]]:
    """What is told of each utterance: partials (text, samples decoded since the last), then its final."""
    book, decoded, everything = ledger(compiled), 0, []
    for index, (final, partials) in enumerate(utterances):
        changes: list[Change] = []
        for text, step in partials:
            decoded += step
            changes += book.hear(said(text, utterance=index, start=decoded, decided=decoded, decoded=decoded))
        changes += book.hear(
            said(final, utterance=index, final=True, start=decoded, decided=decoded, decoded=decoded)
        )
        everything.append(changes)
    return everything


def as_said(compiled: Program, finals: list[str]) -> Counter[int]:
    """The hits of utterances, each looked at with the whole of what was said before it, and nothing of what came
    after."""
    counted: Counter[int] = Counter()
    before, last = "", dict[int, Span]()
    for final in finals:
        text = join(before, compiled.folder.fold(final))
        found = compiled.find(text, after=len(before), last=last, wanted=range(len(compiled.sought)))
        counted.update({index: len(each.spans) for index, each in found.items()})
        last |= {index: each.last for index, each in found.items() if each.last is not None}
        before = text
    return +counted


def finals_told(everything: list[list[Change]]) -> Counter[int]:
    return Counter(
        change.sought for changes in everything for change in changes
        if isinstance(change, Seen) and change.confirm is Confirm.FINAL
    )  # fmt: skip


@given(st.lists(CONDITIONS, min_size=1, max_size=4), st.lists(st.tuples(TEXTS, GARBAGE), min_size=1, max_size=5))
def test_however_a_text_is_split_and_rewritten_its_hits_are_those_of_what_was_said(
    conditions: list[Condition], utterances: list[tuple[str, list[tuple[str, int]]]]
) -> None:
    compiled = program(*conditions)
    everything = run(compiled, utterances)
    assert finals_told(everything) == as_said(compiled, [final for final, _ in utterances])


@given(st.lists(st.tuples(TALK, st.lists(st.tuples(TALK, st.integers(0, 1500)), max_size=3)), min_size=1, max_size=4))
def test_negations_numbers_and_homophones_hold_however_a_text_is_split_and_rewritten(
    utterances: list[tuple[str, list[tuple[str, int]]]],
) -> None:
    everything = run(PROMISES, utterances)
    assert finals_told(everything) == as_said(PROMISES, [final for final, _ in utterances])


@given(TALK, st.lists(st.tuples(TALK, st.integers(0, 1500)), max_size=4))
def test_an_utterance_hits_what_its_final_text_hits_word_by_word_or_at_once(
    final: str, partials: list[tuple[str, int]]
) -> None:
    growing = [(final[:length], 500) for length in range(1, len(final))]
    whole = Counter(index for index, _ in hits(PROMISES, final))
    assert finals_told(run(PROMISES, [(final, partials)])) == whole
    assert finals_told(run(PROMISES, [(final, growing)])) == whole


def test_words_that_take_a_promise_back_in_the_same_utterance_retract_it() -> None:
    book = ledger()
    assert told(book.hear(said("稳赚不赔", decoded=1000))) == ["partial"]
    assert told(book.hear(said("稳赚不赔 都", decoded=2000))) == ["agreed"]
    assert told(book.hear(said("稳赚不赔 都 是 骗人的", decoded=3000))) == []
    assert told(book.hear(said("稳赚不赔 都 是 骗人的", decoded=4000, final=True))) == ["dropped"]


def test_a_negation_does_not_reach_over_a_second_of_silence() -> None:
    book = ledger()
    book.hear(said("您 可以 随时 拒绝", final=True, start=0, decided=RATE))
    second = said("这个 产品 保本", utterance=1, final=True, start=2 * RATE, decided=4 * RATE)
    assert told(book.hear(second)) == ["final"]
    close = ledger()
    close.hear(said("我们 不", final=True, start=0, decided=RATE))
    assert told(close.hear(said("保本", utterance=1, final=True, start=2 * RATE - 1, decided=4 * RATE))) == []


def test_a_phrase_is_found_over_a_second_of_silence_all_the_same() -> None:
    book = ledger(program(any_of("稳赚不赔")))
    book.hear(said("不会吧 稳赚", final=True, start=0, decided=RATE))
    assert told(book.hear(said("不赔", utterance=1, final=True, start=3 * RATE, decided=4 * RATE))) == ["final"]


def test_words_after_a_pause_take_nothing_back() -> None:
    book = ledger()
    assert told(book.hear(said("稳赚不赔", final=True))) == ["final"]
    assert told(book.hear(said("都是骗人的", utterance=1, final=True))) == []


def test_what_sounds_like_the_words_of_a_partial_agrees_with_them() -> None:
    book = ledger(program(any_of("稳赚不赔"), homophones=True))
    assert told(book.hear(said("稳赚 不陪", decoded=1000))) == ["partial"]
    assert told(book.hear(said("稳赚 不赔", decoded=2000))) == ["agreed"]


@given(st.lists(st.sampled_from(["no", "risk", "not", "return", "guaranteed", "a"]), max_size=14), st.data())
def test_english_split_between_any_words_has_the_hits_of_the_whole(words: list[str], data: st.DataObject) -> None:
    compiled = program(any_of("no risk", "guaranteed return", "risk"), near(4, "guaranteed", "risk"), language="en")
    cuts = sorted(data.draw(st.lists(st.integers(0, len(words)), max_size=4)))
    pieces = [" ".join(words[start:end]) for start, end in zip([0, *cuts], [*cuts, len(words)], strict=True)]
    everything = run(compiled, [(piece, []) for piece in pieces])
    whole = hits(compiled, " ".join(words))
    assert Counter(change.sought for changes in everything for change in changes) == Counter(rule for rule, _ in whole)


@given(st.lists(st.one_of(CONDITIONS, st.just(all_of("甲", "丙"))), min_size=1, max_size=4), TEXTS, GARBAGE)
def test_nothing_is_told_twice_and_what_was_told_and_did_not_stay_is_taken_back_once(
    conditions: list[Condition], final: str, partials: list[tuple[str, int]]
) -> None:
    compiled = program(*conditions)
    (changes,) = run(compiled, [(final, partials)])
    seen = Counter((each.sought, each.ordinal, each.confirm) for each in changes if isinstance(each, Seen))
    assert set(seen.values()) <= {1}
    hit = {(rule, ordinal) for rule, ordinal, _ in seen}
    stayed = {(rule, ordinal) for rule, ordinal, confirm in seen if confirm is Confirm.FINAL}
    dropped = [(each.sought, each.ordinal) for each in changes if isinstance(each, Dropped)]
    assert sorted(dropped) == sorted(hit - stayed)
    whole = Counter(rule for rule, _ in hits(compiled, final))
    assert Counter(rule for rule, _ in stayed) == whole


@given(st.lists(st.text("甲乙", min_size=1, max_size=3), min_size=1, max_size=4), st.text("甲乙丙", max_size=14))
def test_hits_are_the_leftmost_complete_words_that_do_not_overlap(phrases: list[str], text: str) -> None:
    """Said another way: read on until a phrase is complete that begins behind the last hit (or is that hit, longer)."""
    counted, start, end = 0, 0, 0
    for here in range(1, len(text) + 1):
        endings = [here - len(phrase) for phrase in phrases if text[:here].endswith(phrase)]
        for begin in sorted(set(endings)):
            if begin >= end:
                counted, start, end = counted + 1, begin, here
            elif counted and begin <= start:
                start, end = begin, here
    assert len(hits(program(any_of(*phrases)), text)) == counted
