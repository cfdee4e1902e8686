import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.supervise.which import NoSuchCall, which_call

A, B, C, D = (
    "11111111-aaaa-4000-8000-000000000001", "11111111-aaaa-4000-8000-000000000002",
    "22222222-bbbb-4000-8000-000000000003", "33333333-cccc-4000-8000-000000000004",
)  # fmt: skip
CALLS = {A: [A, C], B: [B, D]}


def test_any_legs_uuid_means_its_call():
    assert which_call(C, CALLS) == A
    assert which_call(D.upper(), CALLS) == B


def test_a_prefix_of_six_means_the_only_call_that_has_it():
    assert which_call("222222", CALLS) == A
    with pytest.raises(NoSuchCall, match="ambiguous"):
        which_call("111111", CALLS)
    with pytest.raises(NoSuchCall, match="too short"):
        which_call("22222", CALLS)
    with pytest.raises(NoSuchCall, match="no call"):
        which_call("444444", CALLS)


def test_a_prefix_that_two_legs_of_one_call_share_is_not_ambiguous():
    assert which_call("111111", {A: [A, B], C: [C]}) == A


def test_a_whole_uuid_wins_over_a_longer_one_that_begins_with_it():
    assert which_call("abcdef", {"abcdef": [], "abcdef0": []}) == "abcdef"


@given(st.sets(st.uuids().map(str), min_size=2, max_size=20), st.integers(6, 36), st.data())
def test_an_answer_is_never_a_call_that_does_not_begin_so(legs, length, data):
    calls = {leg: [leg] for leg in legs}
    text = data.draw(st.sampled_from(sorted(legs)))[:length]
    expected = [leg for leg in legs if leg.startswith(text)]
    if len(expected) == 1:
        assert which_call(text, calls) == expected[0]
    else:
        with pytest.raises(NoSuchCall):
            which_call(text, calls)
