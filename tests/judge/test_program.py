import pytest

from eslbot.judge.candidates import Span
from eslbot.judge.conditions import Either, Matching, Sequence
from eslbot.judge.patterns import Pattern
from eslbot.judge.program import Program
from eslbot.judge.scope import REACH
from tests.judge.build import all_of, any_of, hits, near, program, sought


def test_each_place_of_a_phrase_is_a_hit() -> None:
    assert hits(program(any_of("保本", "稳赚")), "保本，稳赚，又保本") == [(0, "保本"), (0, "稳赚"), (0, "保本")]


def test_a_phrase_and_the_longer_one_that_begins_with_it_are_one_hit() -> None:
    assert hits(program(any_of("保本", "保本保息", "保息")), "这个保本保息") == [(0, "保本保息")]


def test_what_overlaps_a_hit_is_no_hit_of_its_own() -> None:
    assert hits(program(any_of("甲乙", "乙丙", "丙丁")), "甲乙丙丁") == [(0, "甲乙"), (0, "丙丁")]


def test_english_phrases_side_by_side_are_two_hits() -> None:
    assert hits(program(any_of("no risk", "guaranteed"), language="en"), "No risk, guaranteed!") == [
        (0, "no risk"), (0, "guaranteed"),
    ]  # fmt: skip


def test_all_needs_every_word_in_any_order_and_hits_once() -> None:
    compiled = program(all_of("转账", "个人账户"))
    assert hits(compiled, "个人账户也可以的，您直接转账，转账就行") == [(0, "个人账户也可以的你直接转账")]
    assert hits(compiled, "您直接转账就行") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("转账到个人账户", ["转账到个人账户"]),
        ("个人账户里转账", ["个人账户里转账"]),
        ("转 账 过 去 个 人 账 户", ["转账过去个人账户"]),
        ("转账过去他个人账户", []),
        ("转账先转账到个人账户", ["转账到个人账户"]),
        ("个人账户", []),
        ("转账到个人账户转账到个人账户", ["转账到个人账户", "转账到个人账户"]),
    ],
)
def test_near_counts_the_characters_of_the_whole_span(text: str, expected: list[str]) -> None:
    assert [words for _, words in hits(program(near(8, "转账", "个人账户")), text)] == expected


def test_near_counts_words_in_english() -> None:
    compiled = program(near(5, "transfer", "my account"), language="en")
    assert hits(compiled, "transfer it to my account") != []
    assert hits(compiled, "transfer it all to my account") == []


def test_one_phrase_may_serve_several_rules_and_words() -> None:
    compiled = program(any_of("转账"), near(8, "转账", "账户"), all_of("转账", "现在"))
    assert sorted(hits(compiled, "现在转账到账户")) == [(0, "转账"), (1, "转账到账户"), (2, "现在转账")]


def test_negated_words_hit_only_rules_that_say_so() -> None:
    compiled = Program("zh", (sought(any_of("保本")), sought(any_of("保本"), even_negated=True)))
    assert hits(compiled, "这个产品不保本") == [(1, "保本")]


def test_a_negated_place_does_not_hide_a_later_one() -> None:
    assert hits(program(any_of("保本")), "那个不保本，这个保本") == [(0, "保本")]


def test_only_wanted_rules_are_looked_at() -> None:
    compiled = program(any_of("保本"), any_of("保本"))
    assert list(compiled.find("保本", wanted={1})) == [1]


def test_what_was_looked_at_before_counts_only_where_it_reaches_on() -> None:
    compiled = program(any_of("保本", "本保"))
    assert compiled.find("保本保", after=2, last={0: Span(0, 2, "保本")}, wanted={0})[0].spans == []
    assert compiled.find("保本保", after=2, wanted={0})[0].spans == [Span(1, 3, "本保")]


def test_a_hit_before_that_goes_on_is_still_that_hit() -> None:
    compiled = program(any_of("保本", "保本保息"))
    matched = compiled.find("保本保息", after=2, last={0: Span(0, 2, "保本")}, wanted={0})[0]
    assert (matched.spans, matched.last) == ([], Span(0, 4, "保本保息"))


def test_reach_covers_the_longest_span_and_the_scope_before_it() -> None:
    assert program(any_of("稳赚不赔"), near(9, "甲", "乙")).reach == 8 + REACH
    assert program().reach == 0


def test_either_is_met_by_whichever_of_its_conditions_is() -> None:
    either = Either((any_of("保本"), near(8, "转账", "个人账户"), Sequence((("不走",), ("公司",)), 6)))
    compiled = program(either, any_of("公司"))
    assert hits(compiled, "保本，转账到个人账户，不走我们公司") == [
        (0, "保本"), (0, "转账到个人账户"), (0, "不走我们公司"), (1, "公司"),
    ]  # fmt: skip
    assert hits(compiled, "公司不走，个人账户") == [(1, "公司")]


def test_words_of_one_part_of_either_do_not_serve_another() -> None:
    compiled = program(Either((near(8, "甲方", "乙方"), near(8, "丙方", "丁方"))))
    assert hits(compiled, "甲方丁方") == []
    assert hits(compiled, "丁方丙方") == [(0, "丁方丙方")]


def test_hits_of_several_parts_of_either_that_overlap_are_one() -> None:
    compiled = program(Either((any_of("保本"), any_of("保本保息"), Matching(Pattern("保.保.")))))
    assert hits(compiled, "保本保息") == [(0, "保本保息")]


def test_either_reaches_as_far_as_its_widest_part() -> None:
    assert program(Either((any_of("保本"), near(30, "甲", "乙")))).reach == program(near(30, "甲", "乙")).reach


def in_order(*words: str) -> Sequence:
    return Sequence(tuple((word,) for word in words), 14)


def test_what_sounds_alike_hits_only_what_asks_for_it() -> None:
    compiled = Program("zh", (sought(any_of("稳赚不赔"), homophones=True), sought(any_of("稳赚不赔"))))
    assert hits(compiled, "这个稳赚不陪") == [(0, "稳赚不陪")]
    assert hits(compiled, "这个稳赚不赔") == [(0, "稳赚不赔"), (1, "稳赚不赔")]


def test_phrases_side_by_side_are_negated_and_taken_back_together() -> None:
    compiled = program(any_of("保本", "保息", "零风险"))
    assert hits(compiled, "我们不保本保息") == []
    assert hits(compiled, "保本保息零风险都是骗人的") == []
    assert hits(compiled, "不能说保本和零风险") == []
    assert hits(compiled, "保本不保息") == [(0, "保本")]
    assert hits(compiled, "不保本 但是 零风险") == [(0, "零风险")]


def test_a_word_of_a_span_that_is_negated_by_itself_does_not_count() -> None:
    for compiled in (program(near(14, "我们是", "公安局")), program(in_order("我们是", "公安局"))):
        assert hits(compiled, "我们是市公安局") == [(0, "我们是市公安局")]
        assert hits(compiled, "我们是银行的不是公安局") == []


def test_the_negation_that_a_word_holds_does_not_turn_the_next_one() -> None:
    for compiled in (program(near(14, "没有", "客户")), program(in_order("没有", "客户"))):
        assert hits(compiled, "没有客户亏过") == [(0, "没有客户")]
