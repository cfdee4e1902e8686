"""The bugs that change audio, sample by sample. Who hears what of them is in api/test_audio.py and test_apps.py."""

import numpy as np
import pytest

from eslbot.sim.effects import Audio, Displace, Eavesdrop

FRAME = np.full(4, 1000, np.int16)
VOICE = np.full(4, 50, np.int16)


def test_a_mute_of_one_direction_leaves_the_other() -> None:
    bug = Audio("mute")
    bug.set("write", "mute", -4)
    assert not bug.replace_write(FRAME).any()
    assert (bug.replace_read(FRAME) == FRAME).all()
    bug.set("read", "mute", 1)
    assert not bug.replace_read(FRAME).any()


def test_a_volume_takes_the_place_of_nothing_and_zero_ends_the_bug() -> None:
    bug = Audio("level")
    bug.set("write", "level", -4)
    assert bug.replace_write(FRAME)[0] == 200
    bug.set("write", "level", 9)
    assert bug.replace_write(FRAME)[0] == 200
    bug.set("write", "level", 0)
    assert bug.replace_write(FRAME)[0] == 1000
    assert bug.over


@pytest.mark.parametrize(
    ("flags", "read", "write"),
    [("", -1, 5), ("m", 1000, 1005), ("r", 5, -1), ("mr", 1005, 1000)],
)
def test_a_file_displaces_or_is_mixed_in(flags: str, read: int, write: int) -> None:
    bug = Displace("x", np.full(8, 5, np.int16), flags, None)
    assert (bug.replace_read(FRAME)[0], bug.replace_write(FRAME)[0]) == (read, write)


def test_a_file_ends_with_its_last_sample_and_a_loop_does_not() -> None:
    once, again = (Displace("x", np.full(6, 5, np.int16), flags, None) for flags in ("m", "ml"))
    assert once.replace_write(FRAME).tolist() == [1005] * 4
    assert once.replace_write(FRAME).tolist() == [1005, 1005, 1000, 1000]
    assert not once.over
    assert once.replace_write(FRAME).tolist() == [1000] * 4
    assert once.over
    for _ in range(3):
        again.replace_write(FRAME)
    assert again.replace_write(FRAME).tolist() == [1005] * 4
    assert not again.over


def test_a_third_party_does_not_hear_itself() -> None:
    bug = Eavesdrop("x", speaks_read=True, speaks_write=True)
    bug.speak(VOICE)
    said = bug.replace_read(FRAME)
    bug.tap_read(said)
    bug.tap_write(FRAME)
    written = bug.replace_write(FRAME)
    bug.ping()
    assert (said[0], written[0]) == (1050, 1050)
    heard = bug.hear()
    assert heard is not None
    assert heard[0] == 2000


def test_a_voice_that_nobody_takes_is_not_kept_for_ever() -> None:
    bug = Eavesdrop("x")
    for value in range(11):
        bug.speak(np.full(1, value, np.int16))
    bug.speaks_read = True
    assert bug.replace_read(np.zeros(1, np.int16))[0] == 10


def test_a_star_ends_it() -> None:
    assert Eavesdrop("x").key("3")
    assert not Eavesdrop("x").key("*")
