from hypothesis import given
from hypothesis import strategies as st

from eslbot.supervise.lockout import FIRST, FREE, LONGEST, Attempts, wait_after


@given(st.integers(0, 10_000))
def test_the_wait_grows_and_has_an_end(failures):
    assert wait_after(failures) <= wait_after(failures + 1) <= LONGEST
    assert (wait_after(failures) == 0) == (failures < FREE)


def test_the_first_wait_is_short():
    assert wait_after(FREE) == FIRST


def test_what_the_store_knew_counts_and_what_was_right_is_forgotten():
    attempts = Attempts()
    attempts.failed("lead", FREE - 1, 100.0)
    assert attempts.of("lead") == (FREE, 100.0 + FIRST)
    attempts.right("lead")
    assert attempts.of("lead") == (0, 0.0)
    attempts.failed("lead", 0, 100.0)
    assert attempts.of("lead") == (1, 0.0)


def test_no_flood_of_names_fills_the_memory():
    attempts = Attempts()
    for number in range(25_000):
        attempts.failed(str(number), 0, 0.0)
    assert len(attempts._seen) == 10_000
