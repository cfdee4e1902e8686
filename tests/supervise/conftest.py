"""A web's accounts with one of them, lead, on a clock of our own; for the tests of who gets in."""

import pytest

from eslbot.supervise import remembered
from eslbot.supervise.access import Staff
from eslbot.supervise.accounts import AccountOptions
from tests.supervise.web.rig import QUICK, WebRig


class Time:
    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def moment():
    return Time()


@pytest.fixture
def people(tmp_path, moment, monkeypatch):
    monkeypatch.setattr(remembered, "FRESH", 0.0)
    rig = WebRig(tmp_path, lasting=AccountOptions(idle=100.0, absolute=1000.0), clock=moment)
    rig.add("lead", Staff.SUPERVISOR, ["north"], phone="2001", pin=QUICK.hash("4711"))
    yield rig
    rig.stop()
    assert rig.failures == []
