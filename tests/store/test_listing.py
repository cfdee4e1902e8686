"""Lists a page at a time: complete, in order, and nobody's but whose they are."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.greenlets import Greenlets
from eslbot.store import Store
from eslbot.store.listing import BETWEEN, BadPlace, Listing, Scope, Span, _order, _placed, place_of
from eslbot.store.recording_rows import RecordingRow
from eslbot.store.rows import AlertRow, CallRow, StayRow
from eslbot.store.tables import alerts, recordings

NORTH, SOUTH = Scope(frozenset({"north"})), Scope(frozenset({"south"}))


def recording(call: str, started: float, part: int = 1, state: str = "complete") -> RecordingRow:
    return RecordingRow(call, "pbx", started, 8000, b"a", b"b", "p", part=part, state=state)


@pytest.fixture
def filled(url: str) -> Iterator[Listing]:
    """Calls at the same second as others, one that went from north to south, one of nobody."""
    greenlets = Greenlets()
    store = Store(url, greenlets)
    for call, started, teams in (
        ("a", 10.0, ["north"]), ("b", 10.0, ["north", "south"]), ("c", 10.0, []), ("d", 20.0, ["south"]),
    ):
        store.calls.put(CallRow(call, "pbx", started, agent_leg=f"{call}-last", customer_leg=call))
        store.recordings.put(recording(call, started))
        store.alerts.put(AlertRow(f"{call}#1", call, started, "violation", "severe",
                                  acknowledged=30.0 if call == "d" else None))
        for ordinal, team in enumerate(teams, 1):
            store.stays.put(StayRow(call, ordinal, f"{call}-leg-{ordinal}", started, f"of-{team}", team))
    store.recordings.put(recording("b", 10.0, part=2, state="partial"))
    store.alerts.put(AlertRow("down", "", 15.0, "store-down", "severe"))
    assert store.flush(30)
    yield store.listing
    store.stop()
    greenlets.stop()


def through(page: Callable[[str], tuple[list[object], str | None]]) -> list[object]:
    """All rows, page after page."""
    found, after = page("")
    while after is not None:
        more, after = page(after)
        assert more, "an empty page"
        found += more
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_pages_give_every_row_once_also_where_many_began_in_one_second(filled: Listing, size: int) -> None:
    rows = through(lambda after: filled.recordings(size, after))  # type: ignore[arg-type, return-value]
    assert [(row.call, row.part) for row in rows] == [  # type: ignore[attr-defined]
        ("d", 1), ("c", 1), ("b", 2), ("b", 1), ("a", 1)]


def test_a_call_that_changed_hands_is_in_both_teams_lists_and_one_of_nobody_in_neither(filled: Listing) -> None:
    assert [[row.call for row in filled.recordings(9, scope=scope)[0]] for scope in (
        NORTH, SOUTH, Scope(frozenset()), Scope(agent="of-south"), Scope(agent=""))] == [
            ["b", "b", "a"], ["d", "b", "b"], [], ["d", "b", "b"], []]
    assert [row.id for row in filled.alerts(9, scope=NORTH)[0]] == ["b#1", "a#1"]
    assert [row.id for row in filled.alerts(9, unseen=True)[0]] == ["down", "c#1", "b#1", "a#1"]


def test_a_list_is_narrowed_within_the_scope_and_never_beyond_it(filled: Listing) -> None:
    def calls(**narrowed: str) -> list[str]:
        return [row.call for row in filled.recordings(9, scope=SOUTH, **narrowed)[0]]  # type: ignore[arg-type]

    assert (calls(team="north"), calls(agent="of-north"), calls(state="partial")) == (["b", "b"], ["b", "b"], ["b"])
    assert [row.call for row in filled.recordings(9, span=Span(10.0, 20.0), scope=SOUTH)[0]] == ["b", "b"]
    assert [row.id for row in filled.alerts(9, call="b")[0]] == ["b#1"]


def test_a_call_is_found_by_the_leg_of_any_agent_who_was_in_it(filled: Listing) -> None:
    assert [[row.call for row in filled.calls_of_leg(leg)] for leg in ("b-leg-1", "b-la", "d", "%")] == [
        ["b"], ["b"], ["d"], []]


@given(st.text(max_size=40) | st.lists(st.sampled_from(["nan", "1.5", "~", "a", "inf", "²", "9" * 30])).map("".join))
def test_what_is_no_place_is_refused_and_never_a_query(text: str) -> None:
    parts = text.split(BETWEEN, 2)
    try:
        float(parts[0]), int(parts[2])
    except (ValueError, IndexError):
        with pytest.raises(BadPlace, match="no place"):
            _placed(text, _order(recordings))
    else:
        assert len(_placed(text, _order(recordings))) == 3


@given(st.floats(0, 1e11), st.text("ab-~#0", max_size=9), st.integers(1, 9))
def test_a_place_says_exactly_where_it_is(started: float, call: str, part: int) -> None:
    row = AlertRow(call, "c", started, "k", "s")
    assert _placed(place_of(row), _order(alerts)) == [started, call]
