"""How a violation is named."""

from hypothesis import given
from hypothesis import strategies as st

from eslbot.store.appeal_rows import name_of


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_name_is_a_path_of_its_own_for_every_hit(one: str, other: str) -> None:
    assert len(name_of(one)) == 16
    assert set(name_of(one)) <= set("0123456789abcdef")
    assert (name_of(one) == name_of(other)) is (one == other)
