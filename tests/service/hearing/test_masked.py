"""One call's mask: who is heard under it, what is told of that ahead, and what is written down when it is over."""

from itertools import pairwise
from typing import Any

from eslbot.model.audio import AudioFrame, Gap
from eslbot.model.call import Role
from eslbot.service.hearing.masked import Masked
from tests.words import CALL

RATE = 8000


class Kept:
    """A recording that masks, as record.writer does."""

    def __init__(self, masking: tuple[int, int] | None = None) -> None:
        self.masking = masking
        self.records: list[dict[str, Any]] = []

    def mask(self, first: int, end: int) -> tuple[int, int]:
        before = self.masking or (first, end)
        self.masking = min(first, before[0]), max(end, before[1])
        return self.masking

    def unmask(self, at: int) -> tuple[int, int] | None:
        lifted, self.masking = self.masking, None
        return None if lifted is None else (lifted[0], min(lifted[1], at))

    def say(self, record: dict[str, Any]) -> None:
        self.records.append(record)


def masked(kept: Kept) -> tuple[Masked, list[Gap]]:
    unheard: list[Gap] = []
    return Masked(CALL, RATE, kept, unheard.append), unheard


def frame(first: int, samples: int = 160) -> AudioFrame:
    return AudioFrame(CALL, first, RATE, b"\1\0\2\0" * samples)


def test_under_a_mask_the_agent_is_heard_and_the_customer_is_not() -> None:
    mask, _ = masked(Kept())
    mask.begin(0, 800, "root")
    assert mask.span is not None
    heard = mask.heard(frame(0), mask.span)
    assert heard.leg(Role.AGENT) == b"\2\0" * 160
    assert heard.leg(Role.CUSTOMER) == bytes(320)


def test_that_the_customer_is_not_heard_is_told_a_second_ahead_once_and_without_holes() -> None:
    mask, unheard = masked(Kept())
    mask.begin(80, 4 * RATE, "root")
    assert mask.span is not None
    for first in range(0, 3 * RATE, 160):
        mask.heard(frame(first), mask.span)
    assert unheard[0].first == 80
    assert [gap.role for gap in unheard] == [Role.CUSTOMER] * len(unheard)
    assert all(one.end == other.first for one, other in pairwise(unheard))
    assert unheard[-1].end > 3 * RATE
    assert len(unheard) < 5


def test_it_is_written_down_when_it_is_over_with_who_began_it() -> None:
    kept = Kept()
    mask, _ = masked(kept)
    mask.begin(100, 900, "root")
    mask.begin(200, 1000, "somebody else")
    mask.took(999)
    assert kept.records == []
    mask.took(1000)
    assert kept.records == [{"kind": "masked", "first": 100, "end": 1000, "by": "root"}]
    assert mask.span is None
    mask.took(2000)
    assert len(kept.records) == 1


def test_lifting_ends_it_at_what_is_spoken_now_though_its_audio_is_still_to_come() -> None:
    kept = Kept()
    mask, _ = masked(kept)
    mask.begin(100, 9000, "root")
    mask.lift(600, 500)
    assert (mask.span, kept.records) == ((100, 600), [])
    mask.took(700)
    assert kept.records == [{"kind": "masked", "first": 100, "end": 600, "by": "root"}]
    mask.lift(800, 800)
    assert len(kept.records) == 1


def test_a_mask_of_an_earlier_life_stands_on() -> None:
    kept = Kept((100, 900))
    mask, _ = masked(kept)
    assert mask.span == (100, 900)
    mask.took(900)
    assert kept.records[0]["by"] == "restart"
