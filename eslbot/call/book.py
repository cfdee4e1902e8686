"""What is written down, and still to be done, of a call that has ended. Pure; knows no fact that ended it."""

from eslbot.call.state import CallState
from eslbot.close import closing
from eslbot.model import orders
from eslbot.model.orders import Order


def ended(state: CallState) -> list[Order]:
    """Rows are kept by their call's id: writing them again changes nothing."""
    assert state.ended is not None
    outcome, at = state.ended
    books: list[Order] = []
    if state.bridged is not None and state.closes:
        how = closing.outcome(state.closing, at)
        books.append(orders.BookClosing("", state.id, how, state.closing.started, state.closing.stopped))
    books.append(orders.BookCall("", state.id, outcome, state.bridged, at, state.roles_known))
    return books


def stop_listening(state: CallState) -> list[Order]:
    """Nothing where nothing is recorded, or all is sealed already."""
    return [orders.StopListening("", state.id, state.customer)] if state.listening and not state.sealed else []
