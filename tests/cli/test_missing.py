"""Calls without a recording, as a person and a script are told of them."""

import time

import pytest

from eslbot.config import load
from eslbot.greenlets import Greenlets
from eslbot.store import CallRow, Store

CALL = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def unrecorded(made):
    greenlets, ended = Greenlets(), time.time() - 7200
    store = Store(load(made, {}, secrets=False).store.url, greenlets)
    store.calls.put(CallRow(CALL, "pbx", ended - 60, bridged=ended - 50, ended=ended, outcome="completed"))
    assert store.flush(10)
    store.stop()
    greenlets.stop()
    return made


def test_a_call_without_a_recording_is_named_within_the_time_asked_for(unrecorded, eslbot):
    told = eslbot("recordings", "missing", "--json", "-c", unrecorded).json
    assert [(one["call"], one["what"]) for one in told["missing"]] == [(CALL, "none")]
    assert CALL in eslbot("recordings", "missing", "-c", unrecorded).out
    none = eslbot("recordings", "missing", "--within", "1h", "-c", unrecorded)
    assert (none.code, none.out) == (0, "every call of the last 1h has its recording\n")


def test_a_period_that_is_none_and_a_store_that_is_not_there_are_said(made, eslbot):
    assert eslbot("recordings", "missing", "--within", "soon", "-c", made).code == 2
    said = eslbot("recordings", "missing", "-c", made)
    assert (said.code, said.err.endswith("no store there yet\n")) == (1, True)
