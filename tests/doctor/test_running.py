"""Looks that hang, fall or cannot look, beside one that can."""

import gevent

from eslbot.doctor.checks import Look
from eslbot.doctor.findings import Level, good
from eslbot.doctor.running import together


def hangs(patient):
    yield good("a.first", "before it hung")
    gevent.sleep(60)


def hangs_in_a_thread(patient):
    import time

    patient.off(time.sleep, 3.0)
    yield good("b.never", "")


def falls(patient):
    yield good("c.first", "before it fell")
    raise KeyError("mistake")


def cannot(patient):
    raise PermissionError(13, "Permission denied", "/there")


def can(patient):
    yield good("e.done", "well")


def test_one_look_keeps_no_other_from_telling(made, patient) -> None:
    told = []
    looks = [Look("a", 0.2, hangs), Look("b", 0.2, hangs_in_a_thread), Look("c", 9, falls), Look("d", 9, cannot),
             Look("e", 9, can)]
    found = together(patient(made()), looks, lambda ended, of: told.append((ended, of)))
    assert [one.check for one in found] == ["a.first", "a.look", "b.look", "c.first", "c.look", "d.look", "e.done"]
    levels = {one.check: one.level for one in found}
    assert [levels[check] for check in ("a.look", "b.look", "c.look", "d.look")] == [
        Level.ERROR, Level.ERROR, Level.WARNING, Level.ERROR]
    assert "/there: Permission denied" in next(one.found for one in found if one.check == "d.look")
    assert told == [(number, 5) for number in range(1, 6)]


def test_a_timeout_of_a_looks_own_is_its_own_affair(made, patient) -> None:
    def waits(patient):
        with gevent.Timeout(0.01, False):
            gevent.sleep(5)
        yield good("a.done", "went on")

    assert [one.check for one in together(patient(made()), [Look("a", 9, waits)])] == ["a.done"]
