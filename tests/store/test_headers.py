"""Headers of recordings that are over, page by page, and put in each other's place."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from eslbot.store import HoldRow, RecordingRow, Store
from eslbot.store.engine import engine_of
from eslbot.store.headers import Wrapped, pages, swap, tally

CALLS = [f"{n}aaaaaaa-0000-4000-8000-000000000000" for n in range(5)]


def recording(call: str, ended: float | None = 20.0, state: str = "complete", part: int = 1) -> RecordingRow:
    return RecordingRow(call, "pbx", 10.0, 8000, f"a {call}".encode(), f"w {call}".encode(), "p", ("one", "two"), part,
                        ended=ended, state=state)


@pytest.fixture
def engine(opened: Callable[..., Store], url: str) -> Iterator[Engine]:
    store = opened()
    for row in (recording(CALLS[0]), recording(CALLS[0], part=2), recording(CALLS[1]),
                recording(CALLS[2], state="erased"), recording(CALLS[3], ended=None, state="recording")):
        store.recordings.put(row)
    store.holds.put(HoldRow(CALLS[1], 5.0, "lead", "court"))
    assert store.flush(30)
    engine = engine_of(url)
    yield engine
    engine.dispose()


def all_of(engine: Engine, size: int = 10) -> list[Wrapped]:
    return [one for page in pages(engine, size) for one in page]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_what_is_over_and_not_erased_comes_once_each_part_by_itself(engine: Engine, size: int) -> None:
    assert [(one.call, one.part, one.held) for one in all_of(engine, size)] == [
        (CALLS[0], 1, False), (CALLS[0], 2, False), (CALLS[1], 1, True)]
    assert all(not one.audio for page in pages(engine, size, headers=False) for one in page)
    assert list(pages(engine, size, since=11.0)) == []


def test_headers_that_are_others_by_now_stay_as_they_are(engine: Engine) -> None:
    first, second, third = all_of(engine)
    new = replace(first, audio=b"new", words=b"new", recipients=("three",))
    stale = replace(second, audio=b"of yesterday")
    assert swap(engine, [(first, new), (stale, replace(stale, audio=b"new"))]) == 1
    assert all_of(engine) == [new, second, third]


def test_they_are_counted_by_whom_they_are_for_and_how_they_stand(engine: Engine) -> None:
    both = ("one", "two")
    assert sorted(tally(engine)) == [
        (both, "complete", True, 3), (both, "erased", True, 1), (both, "recording", False, 1)]
