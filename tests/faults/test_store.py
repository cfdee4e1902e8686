"""The database is away (15): another process holds SQLite's lock, for 20 s or, with ESLBOT_FAULTS_LONG, 5 minutes."""

import sqlite3
import time
from pathlib import Path

import gevent
import pytest

from eslbot.sim import Switch
from tests.faults.conftest import LONG, Show
from tests.faults.house import House, at
from tests.service.rig import ANSWER, NOTICE, PROMISE, line, party
from tests.watch.receiver import Receiver

pytestmark = [pytest.mark.faults, pytest.mark.timeout(480)]
AWAY = 300.0 if LONG else 16.0


def test_while_the_database_is_away_calls_go_on_and_everything_is_written_once_when_it_is_back(
    tmp_path: Path, switch: Switch, show: Show,
) -> None:
    with Receiver() as receiver:
        alert = {"webhook": receiver.url()}
        with House(tmp_path, switch, alert=alert) as house:
            agent = party(line(NOTICE, 0.3), line(PROMISE, 3.0), hangs_up_at=8.0)
            first = switch.place(agent, party(line(ANSWER, 1.5)))
            house.line("Joined")
            lock = sqlite3.connect(tmp_path / "eslbot.db", isolation_level=None)
            lock.execute("BEGIN IMMEDIATE")
            locked = time.time()
            down = house.line("store", kind="store-down", timeout=30.0)
            house.until(lambda: any(b"store-down" in body for _, body, _ in receiver.got), "nobody was told", 10.0)
            second = switch.place(party(line(PROMISE, 0.3), hangs_up_at=5.0), party(line(ANSWER, 3.0)))
            gevent.sleep(max(0.0, locked + AWAY - time.time()))
            waiting = house.metric("eslbot_queue_length", queue="store")
            ready = house.ready
            lock.execute("ROLLBACK")
            lock.close()
            back = time.time()
            house.until(lambda: first.customer.gone and second.customer.gone, "the calls did not end", 40.0)
            house.until(lambda: house.lines("store", kind="store-up"), "it was not noticed to be back", 20.0)
            house.settled()
            drained = at(house.lines("store", kind="store-up")[0]) - back
            calls = {first.customer.uuid, second.customer.uuid}
            assert not ready
            assert {row.call for row in house.rows("calls")} == calls
            assert sorted(row.outcome for row in house.rows("calls")) == ["completed", "completed"]
            assert [row.outcome for row in house.rows("acts") if row.kind == "mute"] == ["done", "done"]
            assert {row.call for row in house.rows("violations") if row.rule == "guaranteed-return"} == calls
            recordings = house.rows("recordings")
            assert {row.call for row in recordings} == calls
            assert [(row.state, row.gaps) for row in recordings] == [("complete", ())] * 2
            assert all(house.recording(row).verify().whole for row in recordings)
            assert sum(b"store-down" in body for _, body, _ in receiver.got) == 1
            assert house.metric("eslbot_troubles_total", where="store-down") == 1
            told = at(down) - locked
            show(15, went_on="2 of 2 judged, muted, closed",
                 lost=f"nothing; {waiting:.0f} rows waited, each written once; /readyz 503, an alert and a post",
                 took=f"told {told:.1f} s after the lock (waited for 1.5), written {drained:.1f} s after {AWAY:.0f} s")
