"""The store against a real SQLite file and a real PostgreSQL (conftest): one writer beside the hub, and what happens
while the database is away."""

import dataclasses
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import gevent
import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from eslbot.greenlets import Greenlets
from eslbot.store import (
    CallRow,
    FlagRow,
    Store,
    StoreProblem,
    backlog,
)
from tests.record.rig import until
from tests.store.conftest import Open
from tests.store.test_rows import RECORDING


def test_the_hub_goes_on_while_the_writer_waits_for_a_lock(opened: Open, url: str) -> None:
    store = opened()
    blocker = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect()
    lock = "BEGIN IMMEDIATE" if url.startswith("sqlite") else "BEGIN; LOCK TABLE flags IN ACCESS EXCLUSIVE MODE"
    blocker.exec_driver_sql(lock)
    ticket = store.flags.put(FlagRow("a", "b", 1.0))
    turns = 0
    for _ in range(20):
        gevent.sleep(0.005)
        turns += 1
    assert turns == 20
    assert not ticket.done
    blocker.exec_driver_sql("COMMIT")
    blocker.close()
    assert ticket.wait(20)


def test_while_the_database_is_away_rows_wait_and_are_drained_once(
        opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "RETRY_SECONDS", 0.02)
    told: list[str] = []
    store = opened(alarm=lambda kind, detail: told.append(kind))
    away = True
    real = store._writer.commit

    def flaky(batch: list[backlog.Write]) -> None:
        if away:
            raise sqlite3.OperationalError("disk I/O error")
        real(batch)

    assert store._backlog is not None
    monkeypatch.setattr(store._backlog, "_commit", flaky)
    tickets = [store.calls.put(CallRow(str(n), "pbx1", float(n))) for n in range(50)]
    tickets += [store.calls.patch("7", outcome="completed") for _ in range(3)]
    until(lambda: told)
    assert told == ["store-down"]
    assert store.down
    assert store.waiting == 50
    assert not any(t.done for t in tickets)
    away = False
    assert store.flush(30)
    assert told == ["store-down", "store-up"]
    assert all(t.done for t in tickets)
    assert [c.call for c in store.calls.find()] == [str(n) for n in range(50)]
    assert store.calls.get("7") == CallRow("7", "pbx1", 7.0, outcome="completed")


def test_a_full_backlog_refuses_new_rows_says_so_once_and_keeps_the_old(
        opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "RETRY_SECONDS", 0.02)
    told: list[str] = []
    store = opened(alarm=lambda kind, detail: told.append(kind), limit=10)
    assert store._backlog is not None
    real, broken = store._writer.commit, True

    def flaky(batch: list[backlog.Write]) -> None:
        if broken:
            raise OSError("away")
        real(batch)

    monkeypatch.setattr(store._backlog, "_commit", flaky)
    tickets = [store.calls.put(CallRow(f"{n:02}", "pbx1", 1.0)) for n in range(12)]
    again = store.calls.put(CallRow("03", "pbx2", 1.0))
    until(lambda: len(told) >= 2)
    assert sorted(told) == ["store-backlog-full", "store-down"]
    assert ["full" in t.problem for t in tickets] == [False] * 10 + [True] * 2
    broken = False
    assert store.flush(30)
    assert again.done
    assert [c.call for c in store.calls.find()] == [f"{n:02}" for n in range(10)]
    found = store.calls.get("03")
    assert found is not None
    assert found.switch == "pbx2"


def test_a_row_that_the_database_refuses_does_not_take_its_batch_with_it(opened: Open) -> None:
    told: list[str] = []
    store = opened(alarm=lambda kind, detail: told.append(kind))
    good = [store.calls.put(CallRow(str(n), "pbx1", 1.0)) for n in range(3)]
    bad = store.calls.put(CallRow("bad", None, 1.0))  # type: ignore[arg-type]
    worse = store.calls.put(CallRow("worse", object(), 1.0))  # type: ignore[arg-type]
    worst = store.recordings.put(dataclasses.replace(RECORDING, samples=1 << 70))
    good += [store.calls.put(CallRow(str(n), "pbx1", 1.0)) for n in range(3, 6)]
    assert store.flush(30)
    assert all(t.done for t in good)
    assert not bad.done
    assert "null" in bad.problem.lower()
    assert not worse.done
    assert not worst.done
    assert told == ["store-row-refused"] * 3
    assert len(store.calls.find()) == 6
    assert not store.down


def test_a_ticket_calls_back_whenever_it_is_asked(opened: Open) -> None:
    store = opened()
    heard: list[str] = []
    ticket = store.flags.put(FlagRow("a", "b", 1.0))
    ticket.then(lambda: heard.append("before"))
    assert ticket.wait(30)
    ticket.then(lambda: heard.append("after"))
    until(lambda: len(heard) >= 2)
    assert heard == ["before", "after"]


def test_a_reader_sees_what_a_running_writer_committed_and_changes_nothing(opened: Open, url: str) -> None:
    store = opened()
    assert store.calls.put(CallRow("a", "pbx1", 1.0)).wait(30)
    reader = Store.open_readonly(url)
    assert [c.call for c in reader.calls.find()] == ["a"]
    with pytest.raises(StoreProblem, match="for reading"):
        reader.calls.put(CallRow("b", "pbx1", 1.0))
    assert store.calls.put(CallRow("c", "pbx1", 2.0)).wait(30)
    assert [c.call for c in reader.calls.find()] == ["a", "c"]
    assert reader.flush()
    reader.stop()


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(b"this is no database at all, only some text that is long enough" * 40)
    with pytest.raises(StoreProblem, match="not a database"):
        Store(f"sqlite:///{path}", Greenlets())
    with pytest.raises(StoreProblem, match="not a database"):
        Store.open_readonly(f"sqlite:///{path}")


def test_it_works_in_a_monkey_patched_process(url: str) -> None:
    program = textwrap.dedent("""
        from gevent import monkey; monkey.patch_all()
        import sys, gevent
        from eslbot.greenlets import Greenlets
        from eslbot.store import Store, CallRow
        group = Greenlets()
        store = Store(sys.argv[1], group)
        def write(start):
            for n in range(start, start + 50):
                store.calls.put(CallRow(f"{n:04}", "pbx1", float(n)))
                if n % 10 == 0:
                    store.calls.find(limit=3)
                gevent.sleep(0)
        gevent.joinall([gevent.spawn(write, start) for start in range(0, 500, 50)], raise_error=True)
        assert store.flush(20)
        print(len(store.calls.find()))
        assert store.stop()
        group.stop()
    """)
    done = subprocess.run([sys.executable, "-W", "error", "-c", program, url], capture_output=True, text=True,
                          timeout=60, check=False)
    assert (done.stdout.strip(), done.returncode) == ("500", 0), done.stderr
