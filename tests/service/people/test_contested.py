"""Which part of a recording an appeal is sealed with, and what is told of it in a list."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from eslbot.service.people.contested import Contested, gone, listed
from eslbot.store.appeal_rows import AppealRow, name_of
from eslbot.supervise.wire import Refused
from tests.service.appealed import CALL, HIT, House, violation


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, f"sqlite:///{tmp_path}/eslbot.db")
    yield made
    made.stop()


@pytest.fixture
def contested(house: House) -> Iterator[Contested]:
    made = Contested(house.store, house.url, None, "n1")
    yield made
    made.stop()


@pytest.mark.parametrize(("start", "part"), [(8000, 1), (50_000, 2), (49_999, 1), (0, 1)])
def test_it_is_sealed_with_the_part_that_holds_the_words_and_stays_with_it(
    house: House, contested: Contested, start: int, part: int,
) -> None:
    row = house.kept.row(CALL)
    house.store.recordings.put(replace(row, part=2, first=50_000))
    house.store.flush(30)
    found = replace(violation(HIT), start=start)
    chosen = contested.part(found, None)
    assert chosen is not None
    assert chosen.part == part
    filed = AppealRow(name_of(HIT), HIT, CALL, 1, 1.0, "seat7", "north", 9.0)
    assert contested.part(found, filed) == row
    assert contested.part(found, replace(filed, part=3)) is None
    assert contested.part(replace(found, call="none"), None) is None


def test_with_a_recording_from_before_or_one_that_was_erased_nothing_is_sealed(house: House) -> None:
    row = house.kept.row(CALL)
    assert not gone(row)
    for none in (None, replace(row, letters=""), replace(row, state="erased")):
        assert gone(none)
        assert Contested.seal("text", none) == ""
    with pytest.raises(Refused, match="key for letters"):
        Contested.seal("text", replace(row, letters="age1broken"))


def test_an_open_one_is_overdue_from_its_day_on_and_a_closed_one_never() -> None:
    row = AppealRow(name_of(HIT), HIT, CALL, 1, 1.0, "seat7", "north", 9.0)
    found = violation(HIT)
    assert [listed(row, found, now)["overdue"] for now in (9.0, 9.1)] == [False, True]
    assert not listed(replace(row, state="rejected"), found, 20.0)["overdue"]
    bare = listed(None, found, 20.0)
    assert (bare["state"], bare["due"], bare["violation"]["overturned"]) == (None, None, False)
