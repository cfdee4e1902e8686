"""Erasure and holds as people command them, over real sealed recordings."""

import gevent
import pytest

from tests.cli.test_recordings import CUT, WHOLE, export, sealed

__all__ = ["sealed"]


def erase(eslbot, file, call=WHOLE, reason="asked to by 138 0013 8000"):
    return eslbot("recordings", "erase", call, "--reason", reason, "--json", "-c", file)


def test_a_receipt_is_given_and_the_recording_is_gone(sealed, eslbot, tmp_path):
    said = erase(eslbot, sealed, WHOLE[:8])
    assert said.code == 0
    receipt = said.json
    assert (receipt["call"], receipt["reason"], receipt["basis"]) == (WHOLE, "asked to by [number]", "request")
    assert len(receipt["files"]) == 2
    rows = {row["call"]: row["state"] for row in eslbot("recordings", "list", "--json", "-c", sealed).json}
    assert rows == {WHOLE: "erased", CUT: "recording"}
    assert not list((sealed.parent / "recordings").rglob(f"{WHOLE}*"))
    said = export(eslbot, sealed, WHOLE, tmp_path / "x.wav")
    assert (said.code, "was erased" in said.err) == (1, True)
    [row] = eslbot("audit", "list", "--json", "-c", sealed).json
    assert (row["seq"], row["what"], row["call"]) == (receipt["audit"], "erase", WHOLE)


def test_erasing_twice_gives_one_receipt(sealed, eslbot):
    assert erase(eslbot, sealed).json == erase(eslbot, sealed).json
    assert WHOLE in eslbot("recordings", "erase", WHOLE, "--reason", "again", "-c", sealed).out


def test_without_a_reason_nothing_is_erased(sealed, eslbot):
    assert eslbot("recordings", "erase", WHOLE, "-c", sealed).code == 2
    assert erase(eslbot, sealed, reason="  ").code == 2


def test_what_is_still_recorded_is_refused(sealed, eslbot):
    said = erase(eslbot, sealed, CUT)
    assert (said.code, len(said.err.splitlines())) == (1, 1)
    assert "still being recorded" in said.err


def test_a_call_the_service_has_on_the_line_is_refused(sealed, eslbot, admin):
    admin({"calls": lambda args, peer: {"calls": [{"call": WHOLE}], "shadow": False}})
    said = gevent.get_hub().threadpool.apply(erase, (eslbot, sealed))
    assert (said.code, said.err) == (1, f"{WHOLE} is up; erase it when it has ended\n")


def test_a_hold_is_listed_and_beats_erasure(sealed, eslbot):
    assert eslbot("recordings", "hold", WHOLE, "--reason", "court", "-c", sealed).code == 0
    [held] = eslbot("recordings", "holds", "--json", "-c", sealed).json
    assert (held["call"], held["reason"]) == (WHOLE, "court")
    said = erase(eslbot, sealed)
    assert said.code == 1
    assert "legal hold" in said.err
    assert eslbot("recordings", "release", WHOLE, "--reason", "done", "-c", sealed).code == 0
    assert eslbot("recordings", "release", WHOLE, "--reason", "done", "-c", sealed).code == 1
    assert "nothing is held" in eslbot("recordings", "holds", "-c", sealed).out
    assert erase(eslbot, sealed).code == 0


@pytest.mark.parametrize("verb", ["erase", "hold", "release"])
def test_a_call_that_is_none_is_told(sealed, eslbot, verb):
    said = eslbot("recordings", verb, "999999", "--reason", "x", "-c", sealed)
    assert (said.code, len(said.err.splitlines())) == (1, 1)
