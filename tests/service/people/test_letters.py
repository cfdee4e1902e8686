"""The words of a violation and what was written of it, opened by whoever opens words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from eslbot.record import container, keys, paths
from eslbot.service.people.letters import WHAT
from eslbot.store.appeal_rows import name_of
from eslbot.store.engine import StoreProblem
from tests.record.rig import IDENTITY
from tests.service.appealed import CALL, HIT, QA, House

NAME = name_of(HIT)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, f"sqlite:///{tmp_path}/eslbot.db")
    made.file()
    yield made
    made.stop()


def played(house: House) -> list[str]:
    return [detail.partition(", with ")[0] for what, _, detail in house.audited() if what == "play"]


def test_looking_is_audited_once_an_hour_and_does_not_stand_for_playing(house: House) -> None:
    for _ in range(3):
        house.ask("appeal", QA, appeal=NAME)
    assert played(house) == [f"{WHAT}, part 1"]
    house.sounds.open(CALL, 1, "both", "", QA)
    assert played(house) == [f"{WHAT}, part 1", "both, part 1"]
    house.now += 3601
    house.ask("appeal", QA, appeal=NAME)
    assert played(house)[2:] == [f"{WHAT}, part 1"]


def test_where_the_audit_is_away_nothing_is_opened(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(entry: object) -> None:
        raise StoreProblem("the audit cannot be written")

    monkeypatch.setattr(house.sounds, "_audit", away)
    with pytest.raises(StoreProblem):
        house.ask("appeal", QA, appeal=NAME)


def test_a_key_that_opens_words_alone_is_enough(house: House) -> None:
    words_only = keys.new_identity()
    row = house.kept.row(CALL)
    file_key = container.open_with(container.parse(row.words_header), [IDENTITY])
    house.store.recordings.patch(CALL, 1, words_header=keys.header_for(file_key, [words_only.recipient]))
    house.store.flush(30)
    house.keys = (words_only,)
    seen = house.ask("appeal", QA, appeal=NAME)
    assert (seen["words"], seen["reason"], seen["sealed"]) == ("这个产品稳赚不赔", "我说的是不保证", "")


def test_what_was_written_is_read_though_the_words_are_lost(house: House) -> None:
    row = house.kept.row(CALL)
    paths.words(house.kept.options.directory, row.path).unlink()
    seen = house.ask("appeal", QA, appeal=NAME)
    assert (seen["words"], seen["reason"], seen["sealed"]) == ("", "我说的是不保证", "")


def test_a_stranger_to_the_call_reads_nothing_and_is_told_why(house: House) -> None:
    house.keys = (keys.new_identity(),)
    seen = house.ask("appeal", QA, appeal=NAME)
    assert (seen["words"], seen["reason"]) == ("", "")
    assert "no key of this service" in seen["sealed"]
