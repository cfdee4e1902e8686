"""What is written down of an ended call."""

from dataclasses import replace

import pytest

from eslbot.call import book
from eslbot.call.state import CallState, Phase
from eslbot.close.closing import Closing
from eslbot.model.orders import BookCall, BookClosing, StopListening
from tests.words import CALL, CUSTOMER

ENDED = CallState(
    CALL, "pbx", CUSTOMER, phase=Phase.ENDED, roles_known=True, closes=True, bridged=2.0, ended=("completed", 30.0),
    listening=True, closing=Closing(armed=True, alone=20.0, started=20.1, stopped=26.0, complete=True),
)


def test_a_call_and_its_closing_are_booked() -> None:
    assert book.ended(ENDED) == [
        BookClosing("", CALL, "played", 20.1, 26.0), BookCall("", CALL, "completed", 2.0, 30.0, True),
    ]


@pytest.mark.parametrize("what", [{"closes": False}, {"bridged": None}], ids=str)
def test_there_is_no_closing_to_book_where_none_was_to_play_or_nobody_was_there(what: dict[str, None]) -> None:
    assert [type(order) for order in book.ended(replace(ENDED, **what))] == [BookCall]


def test_listening_ends_once() -> None:
    assert book.stop_listening(ENDED) == [StopListening("", CALL, CUSTOMER)]
    assert book.stop_listening(replace(ENDED, sealed=True)) == []
    assert book.stop_listening(replace(ENDED, listening=False)) == []
