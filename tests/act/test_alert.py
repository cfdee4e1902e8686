"""Alerts say what, by which rule and law, and where in the recording; never the words."""

from eslbot.act import alert
from tests.words import ALERT, CALL, verdict, violated


def test_an_alert_of_a_violation_names_rule_pack_law_and_place() -> None:
    told = alert.of_violation(violated(verdict(ALERT), start=1, end=2))
    assert told.verdict is not None
    assert (told.kind, told.rule, told.severity, told.start, told.end) == ("violation", "promise", "severe", 1, 2)
    assert (told.verdict.pack, bool(told.verdict.laws)) == ("a-pack", True)


def test_lost_audio_weighs_less_than_a_mute_that_failed() -> None:
    assert alert.of_trouble(CALL, "audio-lost", "shed").severity == "warning"
    assert alert.of_trouble(CALL, "mute-failed", "").severity == "severe"


def test_an_alert_of_the_packs_is_of_no_call_and_has_a_name_of_its_own() -> None:
    told = alert.of_packs("review-due", "money", "version 1", "1-2026-12-01")
    assert (told.call, told.kind, told.severity, told.rule) == ("", "review-due", "warning", "money")
    assert told.id == "review-due/money/1-2026-12-01"
    assert alert.of_packs("packs-broken", "", "x", "1").severity == "severe"
