"""What pages are made with."""

import orjson
from hypothesis import given
from hypothesis import strategies as st

from eslbot.supervise.web.pages import data_block, weight_of

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(),
    lambda each: st.lists(each) | st.dictionaries(st.text(), each))


@given(VALUES)
def test_data_for_scripts_comes_back_as_it_went_in_and_has_nothing_that_markup_reads(value: object) -> None:
    block = str(data_block(value))
    assert not set(block) & set("<>&\u2028\u2029")
    assert orjson.loads(block) == value


def test_a_severity_of_no_name_is_not_taken_for_nothing() -> None:
    assert [weight_of(name) for name in ("notice", "warning", "severe", "?")] == [1, 2, 3, 2]
