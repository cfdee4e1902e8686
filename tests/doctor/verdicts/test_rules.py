from datetime import date, timedelta

from eslbot.doctor.verdicts.rules import judge, judge_broken
from eslbot.judge import Problem, load
from tests.doctor.conftest import levels

REVIEW = date(2027, 3, 1)
TEXT = (f'pack: mine\nversion: "1"\nlanguage: en\nreview: {REVIEW}\nrules:\n'
        "  - {id: a, title: t, says: agent, any: [guaranteed profit], severity: notice}\n")


def test_a_pack_past_its_review_and_one_that_is_soon_to_be(tmp_path) -> None:
    (tmp_path / "mine.yaml").write_text(TEXT)
    packs = load([tmp_path / "mine.yaml"])
    for days, level in ((60, None), (10, "hint"), (0, "warning"), (-10, "warning")):
        found = levels(judge(packs.loaded, packs.packs, "en", REVIEW - timedelta(days)))
        assert (found.get("rules.review"), found["rules.load"]) == (level, "ok")


def test_rules_for_another_language_hit_nothing(tmp_path) -> None:
    (tmp_path / "mine.yaml").write_text(TEXT)
    packs = load([tmp_path / "mine.yaml"])
    assert levels(judge(packs.loaded, packs.packs, "zh", date(2026, 1, 1)))["rules.language"] == "warning"


def test_a_broken_pack_names_file_line_and_rule_and_no_rule_at_all_is_an_error() -> None:
    [one] = judge_broken([Problem("mine.yaml", 6, "a", "is wrong")])
    assert (one.level.value, "mine.yaml:6" in one.found) == ("error", True)
    assert levels(judge([], [], "zh", REVIEW)) == {"rules.load": "error"}
