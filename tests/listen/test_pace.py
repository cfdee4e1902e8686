"""The numbers that promises hang on."""

from eslbot.listen.pace import Pace


def test_the_defaults_keep_the_promises() -> None:
    pace = Pace()
    assert pace.message <= 0.04, "a hypothesis comes at most 60 ms after its frame"
    assert pace.longest <= 0.2, "where a recogniser falls behind, words are agreed a fifth of a second later at most"
    assert pace.message <= pace.longest <= pace.window < pace.late_after
    assert pace.late_after < 2, "late audio is alerted within two seconds"
    assert pace.late_after < pace.shed_after
    assert pace.keep < pace.late_after
    assert pace.answer_within + 0.5 < 2, "a silent recogniser is replaced within two seconds"
