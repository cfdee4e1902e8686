"""A whole service on a real PostgreSQL, which goes away in the middle of a call and comes back."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eslbot.model import orders
from eslbot.sim import Switch
from tests.service.rig import ANSWER, PROMISE, Rig, line, party

pytestmark = pytest.mark.services


@pytest.fixture
def cluster() -> Iterator[Any]:
    from tests.postgres import cluster

    with cluster() as running:
        yield running


def test_the_main_job_keeps_its_rows_there(tmp_path: Path, switch: Switch, cluster: Any) -> None:
    rig = Rig(tmp_path, switch, store={"url": cluster.database()})
    rig.start()
    try:
        rig.place(party(line(PROMISE, 0.5), hangs_up_at=6.0), party(line(ANSWER, 0.3)))
        rig.until(lambda: rig.seen(orders.Unmute), "it was not unmuted")
        rig.settled()
        [row] = rig.rows("recordings")
        assert (row.state, row.gaps) == ("complete", ())
        assert rig.recording(row).verify().whole
        assert [violation.rule for violation in rig.rows("violations")] == ["guaranteed-return"]
        assert {act.kind: act.outcome for act in rig.rows("acts")}["mute"] == "done"
    finally:
        rig.stop()


def test_while_it_is_away_the_call_is_muted_and_recorded_and_the_rows_are_there_once_afterwards(
    tmp_path: Path, switch: Switch, cluster: Any,
) -> None:
    rig = Rig(tmp_path, switch, store={"url": cluster.database()})
    service = rig.start()
    try:
        cluster.stop(signal.SIGQUIT)
        rig.place(party(line(PROMISE, 0.5), hangs_up_at=6.0), party(line(ANSWER, 0.3)))
        rig.until(lambda: rig.seen(orders.Unmute), "it was not muted while the database was away")
        rig.until(lambda: service.store.down, "nobody noticed")
        assert service.health.reasons() == {"store": "away"}
        cluster.start()
        rig.settled()
        rig.until(lambda: not service.store.down, "it did not come back")
        [row] = rig.rows("recordings")
        assert (row.state, row.gaps) == ("complete", ())
        assert rig.recording(row).verify().whole
        assert len(rig.rows("violations")) == 1
        assert sorted(act.kind for act in rig.rows("acts")).count("mute") == 1
        assert [call.outcome for call in rig.rows("calls")] == ["completed"]
    finally:
        rig.stop()
