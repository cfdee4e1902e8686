import pytest

from eslbot.judge.conditions import AnyOf, Looked, Says, Sought
from eslbot.judge.counting import MOST, Counted, Tally, Uncounted
from eslbot.judge.ledger import Dropped, Seen
from eslbot.judge.rules import PLAIN, Counting, Excuse
from eslbot.model.call import Confirm, Role

RATE = 100
FINAL, AGREED, PARTIAL = Confirm.FINAL, Confirm.AGREED, Confirm.PARTIAL


def part(*phrases: str) -> Sought:
    return Sought(AnyOf((phrases,)), "zh", Says.EITHER)


ONE = Looked((part("甲"),))
TWO = Looked((part("甲"), part("乙")), 5.0)
IN_ORDER = Looked((part("甲"), part("乙")), 5.0, ordered=True)


def hit(at: float, utterance: int = 0, ordinal: int = 0, confirm: Confirm = FINAL, words: str = "") -> Seen:
    """Words of half a second."""
    return Seen(0, utterance, ordinal, confirm, round(at * RATE), round(at * RATE) + RATE // 2, words)


def starts(tally: Tally, *hits: tuple[int, Seen], role: Role = Role.AGENT) -> list[float]:
    """Seconds at which the hits begin that count once these (part, hit) have come."""
    for number, (index, seen) in enumerate(hits):
        tally.take(role, index, Seen(0, number, 0, seen.confirm, seen.start, seen.end, seen.words))
    return [each.start / RATE for each in tally.changes() if isinstance(each, Counted)]


def of_one(counting: Counting, *times: float) -> list[float]:
    return starts(Tally(ONE, RATE, counting), *((0, hit(at)) for at in times))


def test_plain_hits_count_as_they_are_told_and_are_taken_back_with_their_words() -> None:
    tally = Tally(ONE, RATE)
    for confirm in (PARTIAL, AGREED):
        tally.take(Role.AGENT, 0, hit(1, confirm=confirm, words="甲"))
        (counted,) = tally.changes()
        assert isinstance(counted, Counted)
        assert (counted.key, counted.confirm, counted.words) == ((Role.AGENT, 0, 0), confirm, "甲")
    assert tally.changes() == []
    tally.take(Role.AGENT, 0, Dropped(0, 0, 0))
    assert tally.changes() == [Uncounted(counted)]
    tally.take(Role.AGENT, 0, Dropped(0, 0, 0))
    assert tally.changes() == []


def test_words_that_must_come_close_in_time_do_whichever_comes_first() -> None:
    assert starts(Tally(TWO, RATE), (0, hit(1)), (1, hit(6))) == [1.0]
    assert starts(Tally(TWO, RATE), (1, hit(1)), (0, hit(6))) == [1.0]
    assert starts(Tally(TWO, RATE), (0, hit(1)), (1, hit(6.1))) == []


def test_words_in_order_do_not_hit_the_other_way_round() -> None:
    assert starts(Tally(IN_ORDER, RATE), (0, hit(1)), (1, hit(5))) == [1.0]
    assert starts(Tally(IN_ORDER, RATE), (1, hit(1)), (0, hit(5))) == []
    assert starts(Tally(IN_ORDER, RATE), (0, hit(1)), (1, hit(1))) == []


def test_of_what_may_have_begun_a_sequence_the_last_is_taken() -> None:
    assert starts(Tally(IN_ORDER, RATE), (0, hit(1)), (0, hit(4)), (1, hit(7))) == [4.0]


def test_words_together_are_as_sure_as_the_least_sure_of_them_and_carry_all_that_was_heard() -> None:
    tally = Tally(TWO, RATE)
    tally.take(Role.AGENT, 0, hit(1, words="甲"))
    tally.take(Role.AGENT, 1, hit(3, utterance=1, confirm=AGREED, words="乙"))
    (counted,) = tally.changes()
    assert isinstance(counted, Counted)
    assert (counted.confirm, counted.words, counted.start, counted.end) == (AGREED, "甲 … 乙", 100, 350)
    assert counted.utterance == 1


def test_what_begins_among_words_together_is_no_hit_of_its_own() -> None:
    found = starts(Tally(TWO, RATE), (0, hit(1)), (1, hit(2)), (0, hit(3)), (1, hit(4)), (0, hit(6)))
    assert found == [1.0, 3.0]


def test_the_words_of_two_sides_are_not_put_together() -> None:
    tally = Tally(TWO, RATE)
    tally.take(Role.AGENT, 0, hit(1))
    tally.take(Role.CUSTOMER, 1, hit(2))
    assert tally.changes() == []


def test_only_words_that_begin_in_the_first_seconds_count() -> None:
    assert of_one(Counting(first=30.0), 0, 29.9, 30, 31) == [0.0, 29.9]


def test_words_of_the_last_seconds_count_once_the_end_is_known() -> None:
    tally = Tally(ONE, RATE, Counting(last=30.0))
    assert starts(tally, (0, hit(10)), (0, hit(40)), (0, hit(60))) == []
    tally.end(70 * RATE)
    assert [each.start / RATE for each in tally.changes() if isinstance(each, Counted)] == [40.0, 60.0]


def test_the_so_manyth_hit_within_the_time_counts_and_each_serves_once() -> None:
    assert of_one(Counting(times=3, within=10.0), 1, 5, 11, 12, 15, 18, 40, 44) == [11.0, 18.0]
    assert of_one(Counting(times=2, within=4.0), 1, 5.1, 8) == [8.0]


def test_no_hit_counts_so_soon_after_one_that_counted() -> None:
    assert of_one(Counting(cooldown=10.0), 1, 5, 10.9, 11, 20, 21) == [1.0, 11.0, 21.0]


@pytest.mark.parametrize(
    ("counting", "counted"),
    [
        (Counting(times=3, within=60.0), [14.0]),
        (Counting(cooldown=30.0), [1.0, 11.0]),
        (Counting(once=True), [1.0, 11.0]),
    ],
)
def test_what_the_agent_before_said_does_not_count_against_the_next_one(
    counting: Counting, counted: list[float]
) -> None:
    times = [(0, hit(at)) for at in (1, 5, 11, 12, 14)]
    assert starts(Tally(ONE, RATE, counting, [10 * RATE]), *times) == counted
    turns: list[int] = []
    tally = Tally(ONE, RATE, counting, turns)
    starts(tally, *times[:2])
    turns.append(10 * RATE)  # told while the call goes on
    assert set(starts(tally, *times)) | {1.0} == {*counted, 1.0}
    of_customer = starts(Tally(ONE, RATE, counting), *times, role=Role.CUSTOMER)
    assert starts(Tally(ONE, RATE, counting, [10 * RATE]), *times, role=Role.CUSTOMER) == of_customer


def test_once_is_once_a_side() -> None:
    tally = Tally(ONE, RATE, Counting(once=True))
    assert starts(tally, (0, hit(5)), (0, hit(9))) == [5.0]
    assert starts(tally, (0, hit(6)), (0, hit(9)), role=Role.CUSTOMER) == [6.0]


def test_an_earlier_hit_that_is_told_late_takes_the_place_of_the_one_that_counted() -> None:
    tally = Tally(ONE, RATE, Counting(once=True))
    tally.take(Role.AGENT, 0, hit(5, ordinal=0))
    tally.changes()
    tally.take(Role.AGENT, 0, hit(3, ordinal=1))
    new, gone = sorted(tally.changes(), key=lambda each: isinstance(each, Uncounted))
    assert isinstance(new, Counted)
    assert isinstance(gone, Uncounted)
    assert (new.start, gone.was.start) == (300, 500)


def excused(within: float | None, same_side: bool, *, role: Role, at: float, confirm: Confirm = FINAL) -> bool:
    tally = Tally(ONE, RATE, Counting(unless=Excuse(Looked((part("己"),)), within, same_side)))
    tally.take(role, 0, hit(at, confirm=confirm), excuse=True)
    tally.take(Role.AGENT, 0, hit(60, utterance=9))
    return tally.changes() == []


@pytest.mark.parametrize(
    ("within", "same_side", "role", "at", "expected"),
    [
        (None, True, Role.AGENT, 1, True),
        (None, True, Role.AGENT, 59.9, True),
        (None, True, Role.AGENT, 60, False),
        (None, True, Role.AGENT, 61, False),
        (30.0, True, Role.AGENT, 30, True),
        (30.0, True, Role.AGENT, 29.9, False),
        (None, True, Role.CUSTOMER, 1, False),
        (None, False, Role.CUSTOMER, 1, True),
    ],
)
def test_a_hit_is_excused_by_what_was_said_before_it(
    within: float | None, same_side: bool, role: Role, at: float, expected: bool
) -> None:
    assert excused(within, same_side, role=role, at=at) is expected


def test_words_that_may_still_change_excuse_no_surer_ones_than_they_are_themselves() -> None:
    assert not excused(None, True, role=Role.AGENT, at=1, confirm=PARTIAL)
    assert excused(None, True, role=Role.AGENT, at=1, confirm=AGREED)
    tally = Tally(ONE, RATE, Counting(unless=Excuse(Looked((part("己"),)), None, True)))
    tally.take(Role.AGENT, 0, hit(1, confirm=PARTIAL), excuse=True)
    tally.take(Role.AGENT, 0, hit(3, confirm=PARTIAL, ordinal=1))
    assert tally.changes() == []


def test_an_excuse_that_is_understood_late_takes_the_hit_back_and_one_that_goes_brings_it() -> None:
    tally = Tally(ONE, RATE, Counting(unless=Excuse(Looked((part("己"),)), None, False)))
    tally.take(Role.AGENT, 0, hit(60))
    assert [type(each) for each in tally.changes()] == [Counted]
    tally.take(Role.CUSTOMER, 0, hit(50, confirm=AGREED), excuse=True)
    assert [type(each) for each in tally.changes()] == [Uncounted]
    tally.take(Role.CUSTOMER, 0, Dropped(0, 0, 0), excuse=True)
    assert [type(each) for each in tally.changes()] == [Counted]


def test_modifiers_are_applied_in_their_order() -> None:
    """Only what is not excused and falls into the first minute is counted towards the third time."""
    counting = Counting(first=60.0, times=2, within=100.0, cooldown=10.0, once=True)
    assert of_one(counting, 1, 5, 8, 30, 70) == [5.0]
    assert PLAIN.times == 1


def test_a_rule_that_hits_without_end_ends_counting_on_the_time_axis_and_plain_ones_do_not() -> None:
    for counting, expected in ((PLAIN, MOST + 50), (Counting(cooldown=0.5), MOST)):
        tally = Tally(ONE, RATE, counting)
        for number in range(MOST + 50):
            tally.take(Role.AGENT, 0, hit(number, utterance=number))
        assert len(tally.changes()) == expected
