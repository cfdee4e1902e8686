import pytest

from eslbot.doctor.verdicts.model import ModelSeen, carried, judge, judge_measured
from eslbot.service.measuring.load import Measured


def measured(service: float, recogniser: float, lost: float = 0.0) -> Measured:
    return Measured(2, 4.0, service, recogniser, (0.01,) * 20, 40, lost)


@pytest.mark.parametrize(
    ("service", "recogniser", "cores", "workers", "calls"),
    [
        (0.04, 0.04, 2, 2, 40),     # 0.04 of a core a call, 1.6 cores
        (0.02, 0.06, 2, 1, 26),     # one worker has one core, and 0.03 of it go to each call
        (0.02, 0.06, 8, 16, 160),
    ],
)
def test_calls_that_a_machine_carries_by_what_two_cost(service, recogniser, cores, workers, calls) -> None:
    assert carried(measured(service, recogniser), cores, workers) == calls


def test_two_that_are_too_much_are_an_error() -> None:
    seen = ModelSeen("m", cores=2)
    assert [one.level.value for one in judge_measured(seen, measured(0.1, 0.1, 2.0))] == ["error"]
    [one] = judge_measured(seen, measured(0.1, 0.1))
    assert "100 words a second of a core" in one.found   # 40 words in 4 s for 0.1 core


def test_workers_without_their_allocator_are_a_hint_that_names_the_package() -> None:
    without = ModelSeen("m", rate=8000, allocator="libatomic.so.1: cannot open shared object file")
    [one] = [one for one in judge(without) if one.check == "model.allocator"]
    assert one.level.value == "hint"
    assert "libatomic.so.1" in one.found
    assert "libatomic1" in one.mend
    assert "model.allocator" not in {one.check for one in judge(ModelSeen("m", rate=8000))}
