import gevent
import pytest

from eslbot.doctor.patient import Once
from eslbot.greenlets import Greenlets
from eslbot.judge import PackErrors
from eslbot.judge.packs import shipped


def test_work_that_several_ask_for_is_done_once_and_outlives_the_first_who_asked() -> None:
    greenlets, done = Greenlets(), []

    def work() -> int:
        gevent.sleep(0.05)
        done.append(1)
        return 7

    once = Once(greenlets, "work", work)
    first = greenlets.spawn("first", once.get)
    gevent.sleep(0)
    first.kill()
    assert (once.get(), once.get(), done) == (7, 7, [1])
    greenlets.stop()


def test_rules_in_force_say_which_prompts_and_mutes_there_may_be(made, patient) -> None:
    well = patient(made(judge={"packs": list(shipped()[:1])}))
    assert "reminder" in well.prompts
    assert all(0 < seconds <= 3600 for seconds in well.mutes)


def test_without_rules_there_is_the_plain_reminder_still(made, patient) -> None:
    ill = patient(made(judge={"packs": ["no-such-pack"]}))
    with pytest.raises(PackErrors):
        _ = ill.packs
    assert (ill.prompts, ill.mutes) == ({"reminder"}, set())
