"""The queue before the writer, with a database that comes, goes and refuses as a test says."""

from collections.abc import Iterator
from typing import Any

import gevent
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eslbot.greenlets import Greenlets
from eslbot.store import backlog
from eslbot.store.backlog import Backlog, RowRefused, Write
from eslbot.store.offhub import OffHub


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "RETRY_SECONDS", 0.005)


class Database:
    """Rows by key, as upserts leave them."""

    def __init__(self) -> None:
        self.rows: dict[tuple[Any, ...], dict[str, Any]] = {}
        self.batches: list[int] = []
        self.away = 0
        self.lost_answers = 0

    def commit(self, batch: list[Write]) -> None:
        if self.away:
            self.away -= 1
            raise ConnectionError("gone")
        if any(write.values.get("bad") for write in batch):
            raise RowRefused("bad row")
        for write in batch:
            if write.whole:
                self.rows[write.key] = {**self.rows.get(write.key, {}), **write.values}
            elif write.key in self.rows:
                self.rows[write.key] |= write.values
        self.batches.append(len(batch))
        if self.lost_answers:
            self.lost_answers -= 1
            raise ConnectionError("committed, and nobody heard of it")


class Bench:
    def __init__(self, limit: int = 1000) -> None:
        self.database, self.told = Database(), []  # type: ignore[var-annotated]
        self.greenlets, self.off_hub = Greenlets(), OffHub(1)
        self.backlog = Backlog(self.database.commit, self.off_hub, self.greenlets,
                               lambda kind, detail: self.told.append(kind), limit)

    def put(self, key: Any, **values: Any) -> backlog.Ticket:
        return self.backlog.add("t", (key,), values, whole=True)

    def patch(self, key: Any, **values: Any) -> backlog.Ticket:
        return self.backlog.add("t", (key,), values, whole=False)

    def stop(self) -> None:
        self.greenlets.stop()
        self.off_hub.close()


@pytest.fixture
def bench() -> Iterator[Bench]:
    one = Bench()
    yield one
    one.stop()


OPS = st.one_of(
    st.tuples(st.sampled_from(["put", "patch"]), st.integers(0, 3), st.sampled_from("ab"), st.integers(0, 99)),
    st.tuples(st.sampled_from(["away", "lost"]), st.integers(1, 3), st.just(""), st.just(0)),
    st.tuples(st.just("turn"), st.just(0), st.just(""), st.just(0)),
)


@given(st.lists(OPS, max_size=25))
@settings(max_examples=60, deadline=None)
def test_whatever_ails_the_database_the_rows_end_as_if_each_write_had_been_done_once_in_order(
        ops: list[tuple[str, int, str, int]]) -> None:
    bench = Bench()
    expected: dict[tuple[Any, ...], dict[str, Any]] = {}
    tickets = []
    try:
        for op, key, name, value in ops:
            if op == "put":
                tickets.append(bench.put(key, **{name: value}))
                expected[key,] = {**expected.get((key,), {}), name: value}
            elif op == "patch" and (key,) in expected:
                tickets.append(bench.patch(key, **{name: value}))
                expected[key,][name] = value
            elif op == "away":
                bench.database.away = key
            elif op == "lost":
                bench.database.lost_answers = key
            else:
                gevent.sleep(0)
        assert bench.backlog.flush(30)
        assert bench.database.rows == expected
        assert all(ticket.done for ticket in tickets)
        assert len(bench.backlog) == 0
    finally:
        bench.stop()


def test_writes_of_one_row_that_wait_become_one(bench: Bench) -> None:
    for n in range(100):
        bench.put("same", n=n)
    assert len(bench.backlog) == 1
    assert bench.backlog.flush(30)
    assert bench.database.rows == {("same",): {"n": 99}}
    assert bench.database.batches == [1]


def test_many_writes_become_few_transactions_of_bounded_size(bench: Bench) -> None:
    bench.backlog._limit = 5000
    for n in range(1200):
        bench.put(n, n=n)
    assert bench.backlog.flush(30)
    assert bench.database.batches == [500, 500, 200]


def test_down_and_up_are_told_once_each(bench: Bench) -> None:
    bench.database.away = 5
    ticket = bench.put(1, n=1)
    with gevent.Timeout(30):
        while not bench.backlog.down:
            gevent.sleep(0.001)
    assert ticket.wait(30)
    assert bench.told == ["store-down", "store-up"]
    assert not bench.backlog.down


def test_a_refused_row_is_given_up_alone_even_while_the_database_comes_and_goes(bench: Bench) -> None:
    tickets = [bench.put(n, n=n, **({"bad": True} if n in (2, 5) else {})) for n in range(8)]
    gevent.sleep(0)
    bench.database.away = 2
    assert bench.backlog.flush(30)
    assert [t.done for t in tickets] == [n not in (2, 5) for n in range(8)]
    assert [t.problem for t in tickets if not t.done] == ["bad row", "bad row"]
    assert bench.told.count("store-row-refused") == 2


def test_a_ticket_that_is_not_settled_says_neither_yes_nor_no(bench: Bench) -> None:
    bench.database.away = 10 ** 6
    ticket = bench.put(1, n=1)
    assert not ticket.wait(0.03)
    assert (ticket.done, ticket.problem) == (False, "")
    assert not bench.backlog.flush(0.01)
