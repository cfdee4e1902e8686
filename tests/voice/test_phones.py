"""Phone ids: unique, contiguous, and one pdf for the four positions of a unit."""

import pytest

from tools.voice.phones import SILENCE_ID, PhoneTable, Position, forward, loop


def test_ids_are_contiguous_and_the_positions_of_a_unit_share_a_pdf() -> None:
    table = PhoneTable(5)
    ids = [table.phone(unit, position) for unit in range(5) for position in Position]
    assert [SILENCE_ID, *ids] == list(range(1, table.count + 1))
    for unit in range(5):
        assert {table.pdf(table.phone(unit, position)) for position in Position} == {unit + 1}
    assert table.pdf(SILENCE_ID) == 0


@pytest.mark.parametrize(
    ("units", "kinds"),
    [((3,), ["singleton"]), ((3, 1), ["begin", "end"]), ((3, 1, 1, 0), ["begin", "internal", "internal", "end"])],
)
def test_a_words_phones_tell_where_they_stand_in_it(units: tuple[int, ...], kinds: list[str]) -> None:
    table = PhoneTable(4)
    boundary = dict(row.split() for row in table.word_boundary().splitlines())
    assert [boundary[str(phone)] for phone in table.word(units)] == kinds
    assert [table.pdf(phone) - 1 for phone in table.word(units)] == list(units)
    assert boundary[str(SILENCE_ID)] == "nonword"
    assert boundary[str(table.garbage)] == "singleton"
    assert len(boundary) == table.count


def test_transition_ids_count_from_one_two_a_phone() -> None:
    assert [loop(1), forward(1), loop(2), forward(2)] == [1, 2, 3, 4]
