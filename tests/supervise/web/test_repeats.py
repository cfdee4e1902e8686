import pytest

from eslbot.supervise.web.repeats import KEPT, Repeats, Reused, Underway

KEY = ("lead", "POST", "/calls/a/mute", "one")


def test_the_answer_of_the_first_is_the_answer_of_the_next():
    repeats = Repeats()
    assert repeats.begin(KEY, "digest") is None
    with pytest.raises(Underway):
        repeats.begin(KEY, "digest")
    repeats.end(KEY, (200, b"{}"))
    assert repeats.begin(KEY, "digest") == (200, b"{}")
    with pytest.raises(Reused):
        repeats.begin(KEY, "another")
    assert repeats.begin(("seat7", *KEY[1:]), "digest") is None


def test_what_came_to_nothing_may_be_tried_anew():
    repeats = Repeats()
    repeats.begin(KEY, "digest")
    repeats.end(KEY, None)
    assert repeats.begin(KEY, "digest") is None


def test_the_oldest_are_forgotten():
    repeats = Repeats()
    repeats.begin(KEY, "digest")
    repeats.end(KEY, (200, b"{}"))
    for number in range(KEPT):
        repeats.begin((*KEY[:3], str(number)), "digest")
    assert repeats.begin(KEY, "digest") is None
