"""A load is heard by the real thing: words found, recordings sealed, nothing lost, and its processor time counted."""

import os
import shutil
from pathlib import Path

import gevent
import pytest

from eslbot import data
from eslbot.judge import load as packs
from eslbot.listen.recogniser import RecogniserOptions
from eslbot.service.measuring.load import Load, Measured, spent_by
from eslbot.service.measuring.talk import two_way


def test_two_calls_are_heard_and_sealed_and_what_they_cost_is_told(tmp_path: Path) -> None:
    talk = tmp_path / "talk"
    talk.write_bytes(two_way("zh"))
    options = RecogniserOptions(data.model("demo-zh"), workers=1)
    seen: list[float] = []
    with Load(tmp_path / "slow", tmp_path / "fast", packs(["cn-marketing"]), options) as load:
        found = load.measure(2, talk, 3.0, seen.append)
        load.store.flush(30)
        rows = load.store.recordings.find()
    assert load.troubles == []
    assert found.calls == 2
    assert found.lost == 0
    assert found.lags
    assert found.service > 0
    assert found.recogniser >= 0
    assert seen[0] >= 0
    assert seen == sorted(seen)
    assert [row.state for row in rows] == ["complete"] * 2
    assert all(row.samples == 6 * 8000 for row in rows)
    assert list((tmp_path / "fast" / "spool").glob("*.r8")) == []


def test_quantiles_of_what_was_late() -> None:
    found = Measured(1, 1.0, 0.1, 0.2, tuple(n / 100 for n in range(100)), 3, 0.0)
    assert (found.lag(0.5), found.lag(0.95), found.lag(1.0)) == (0.5, 0.95, 0.99)
    assert Measured(1, 1.0, 0.1, 0.2, (), 0, 0.0).lag(0.5) == float("inf")
    assert abs(found.cores - 0.3) < 1e-9


def test_a_process_processor_time_is_read() -> None:
    before = spent_by(os.getpid())
    sum(n * n for n in range(3_000_000))
    assert spent_by(os.getpid()) > before


def test_a_recogniser_that_dies_before_it_is_ready_is_not_waited_for(tmp_path: Path) -> None:
    shutil.copytree(data.model("demo-zh"), tmp_path / "model")
    (tmp_path / "model/am/final.mdl").write_bytes(b"no model")
    options = RecogniserOptions(tmp_path / "model", workers=1)
    load = Load(tmp_path / "slow", tmp_path / "fast", packs(["cn-marketing"]), options)
    with pytest.raises(RuntimeError, match="does not get ready: "), load:
        pass
    gevent.sleep(0)
    assert load.greenlets.names == []
