from eslbot.doctor.findings import Level, counts, error, good, hint, warning, worst


def test_the_worst_of_nothing_is_ok_and_of_all_an_error() -> None:
    found = [good("a.b", "x"), hint("a.c", "x", "y"), error("a.d", "x", "y"), warning("a.e", "x", "y")]
    assert worst([]) is Level.OK
    assert [worst(found[:n]) for n in (1, 2, 3)] == [Level.OK, Level.HINT, Level.ERROR]
    assert counts(found[:3]) == {"ok": 1, "hint": 1, "warning": 0, "error": 1}


def test_a_findings_shape_for_scripts() -> None:
    assert error("switch.password", "x", "y", "pbx").plain() == {
        "subject": "switch", "check": "switch.password", "of": "pbx", "level": "error", "found": "x", "mend": "y",
    }
