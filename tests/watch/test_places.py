"""Who has a place, who makes room for a new one, and how many answers may go on."""

from dataclasses import dataclass

from eslbot.watch.places import Places


@dataclass(eq=False)
class Connection:
    known: bool = False


def full(*guests: Connection) -> Places[Connection]:
    """Each of them waits for a request, the first one longest."""
    places: Places[Connection] = Places(len(guests), 2, 1)
    for guest in guests:
        assert not places.full()
        places.take(guest)
        places.waits(guest)
    assert places.full()
    return places


def test_who_has_waited_longest_makes_room() -> None:
    first, second = Connection(), Connection()
    places = full(first, second)
    places.waits(first)   # it has asked and was answered meanwhile: its wait begins anew
    assert places.displace() is second
    assert (places.taken, places.displaced, places.refused, places.full()) == (1, 1, 0, False)


def test_somebody_known_is_kept_before_others_and_goes_where_there_are_no_others() -> None:
    known, stranger = Connection(known=True), Connection()
    places = full(known, stranger)
    assert places.displace() is stranger
    assert places.displace() is known


def test_nobody_who_is_being_answered_makes_room() -> None:
    busy = Connection()
    places = full(busy)
    places.works(busy)
    assert places.displace() is None
    assert (places.taken, places.displaced, places.refused) == (1, 0, 1)
    places.waits(busy)
    assert places.displace() is busy


def test_who_is_gone_has_no_place_and_makes_no_room_twice() -> None:
    one = Connection()
    places = full(one)
    places.gone(one)
    places.gone(one)
    assert (places.taken, places.displace()) == (0, None)


def test_one_who_asks_has_so_many_answers_that_go_on_and_all_together_so_many() -> None:
    places: Places[Connection] = Places(10, 3, 2)
    mine, more, last, other, late = (Connection() for _ in range(5))
    assert places.goes_on(mine, "account:lead")
    assert places.goes_on(more, "account:lead")
    assert not places.goes_on(last, "account:lead")
    assert places.goes_on(other, "")   # nobody's: counted with all alone
    assert not places.goes_on(late, "account:boss")
    places.answered(more)
    places.answered(last)   # one that was not let in has nothing to end
    assert places.going_on == (mine, other)
    assert places.goes_on(late, "account:boss")
