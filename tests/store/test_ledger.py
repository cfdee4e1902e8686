"""The audit in a real SQLite file and a real PostgreSQL (conftest): from many processes at once, and while a store is
being written."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from eslbot.greenlets import Greenlets
from eslbot.store import CallRow, Ledger, Store, StoreProblem, chain
from eslbot.store.chain import Entry
from eslbot.store.engine import make_file


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    group = Greenlets()
    store = Store(url, group)
    yield store
    store.stop(timeout=2)
    group.stop()


@pytest.fixture
def ledger(store: Store, url: str) -> Iterator[Ledger]:
    ledger = Ledger(url)
    yield ledger
    ledger.close()


def tamper(url: str, *statements: str) -> None:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_rows_come_back_in_order_and_unbroken(ledger: Ledger) -> None:
    rows = ledger.append(Entry("export", "审计", "c1", reason="why"), Entry("mute", "b", "c2"))
    rows += ledger.append(Entry("hang-up", "b", "c1"))
    assert list(ledger.rows()) == rows
    assert [row.seq for row in rows] == [1, 2, 3]
    assert [row.what for row in ledger.rows(call="c1")] == ["export", "hang-up"]
    assert [row.seq for row in ledger.rows(after=1)] == [2, 3]
    assert ledger.last() == rows[-1]
    assert chain.walk(ledger.rows()) == chain.Checked(3, rows[-1].digest, None)


def test_an_entry_is_written_once(ledger: Ledger) -> None:
    entry = Entry("mute", "b")
    [first] = ledger.append(entry)
    [again] = ledger.append(entry)
    assert again == first
    assert ledger.count() == 1


def test_a_clock_that_jumps_back_an_hour_leaves_the_order(store: Store, url: str) -> None:
    now = [1_800_000_000.0]
    ledger = Ledger(url, clock=lambda: now[0])
    for jump in (0, 10, -3600, 7200, -90_000):
        now[0] += jump
        ledger.append(Entry("mute", "b", detail=str(jump)))
    rows = list(ledger.rows())
    assert [row.detail for row in rows] == ["0", "10", "-3600", "7200", "-90000"]
    assert rows[2].at_us < rows[1].at_us
    assert chain.walk(rows).fault is None
    ledger.close()


def test_all_of_an_append_or_nothing(ledger: Ledger) -> None:
    def fail() -> None:
        with ledger.writing() as writing:
            writing.append(Entry("mute", "b"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert ledger.count() == 0
    ledger.append(Entry("mute", "b"))
    assert ledger.count() == 1


def test_many_processes_append_to_one_unbroken_chain(ledger: Ledger, store: Store, url: str) -> None:
    program = textwrap.dedent("""
        import sys
        from eslbot.store import Ledger
        from eslbot.store.chain import Entry
        ledger = Ledger(sys.argv[1])
        for n in range(25):
            ledger.append(Entry("export", sys.argv[2], detail=str(n)))
    """)
    processes = [subprocess.Popen([sys.executable, "-c", program, url, name]) for name in "abc"]
    for n in range(100):   # and the service writes its own rows meanwhile
        store.calls.put(CallRow(str(n), "pbx1", float(n)))
        assert store.flush(30)
    assert [process.wait(90) for process in processes] == [0, 0, 0]
    rows = list(ledger.rows())
    assert len(rows) == 75
    assert chain.walk(rows).fault is None
    for name in "abc":
        assert [row.detail for row in rows if row.who == name] == [str(n) for n in range(25)]
    assert len(store.calls.find()) == 100


@pytest.mark.parametrize(("statement", "row", "kind"), [
    ("update audit set reason = 'nothing' where seq = 4", 4, "edited"),
    ("update audit set at_us = at_us + 1 where seq = 2", 2, "edited"),
    ("delete from audit where seq = 3", 3, "missing"),
    ("delete from audit where seq = 1", 1, "missing"),
    ("update audit set seq = 99 where seq = 3; update audit set seq = 3 where seq = 5; "
     "update audit set seq = 5 where seq = 99", 3, "edited"),
    ("delete from audit where seq > 4", 5, "cut"),
    ("delete from audit", 1, "cut"),
])
def test_what_is_done_to_the_table_is_found(ledger: Ledger, url: str, statement: str, row: int, kind: str) -> None:
    rows = ledger.append(*(Entry("export", "b", detail=str(n)) for n in range(6)))
    tamper(url, *statement.split("; "))
    fault = chain.walk(ledger.rows(), {6: rows[-1].digest}).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (row, kind)


def test_more_rows_than_a_page_are_all_walked(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eslbot.store.ledger.PAGE", 3)
    ledger.append(*(Entry("export", "b") for _ in range(10)))
    assert chain.walk(ledger.rows()).rows == 10


def test_a_ledger_makes_no_store(url: str) -> None:
    if not url.startswith("sqlite"):
        make_file(url)
    with pytest.raises(StoreProblem, match=r"no store there yet|revision none"):
        Ledger(url)


def test_a_store_that_cannot_be_written_is_told_in_one_line(ledger: Ledger, url: str) -> None:
    tamper(url, "drop table audit")
    with pytest.raises(StoreProblem, match=r"the audit cannot be written: .*audit") as told:
        ledger.append(Entry("export", "b"))
    assert "INSERT" not in str(told.value)
