from pathlib import Path

import pytest

from eslbot.judge.lines import Line
from eslbot.judge.located import PackErrors
from eslbot.judge.measure import Measured, Score, Wrong, measure
from eslbot.model.call import Role
from tests.judge.build import packs

PACK = """
pack: mine
version: "1"
language: zh
rules:
  - {id: promise, says: agent, any: [稳赚不赔], severity: severe}
  - {id: best, says: agent, any: [最好], severity: notice}
  - {id: opt-out, says: customer, any: [别再打], severity: notice}
"""


def line(text: str, *rules: str, role: Role = Role.AGENT, pack: str = "mine", kind: str = "plain") -> Line:
    return Line(text, role, pack, frozenset(rules), kind, "f.yaml", 3)


def measured(tmp_path: Path, *lines: Line) -> Measured:
    return measure({"mine": packs(tmp_path, PACK)}, lines)


def test_hits_are_counted_as_right_false_and_missed(tmp_path: Path) -> None:
    wrong = [line("最好您能来", kind="near-miss"), line("闭着眼睛都赚", "promise"), line("最好的不会亏", "promise")]
    found = measured(
        tmp_path, line("稳赚不赔", "promise"), line("最好的", "best"), line("您好"), *wrong,
        line("别再打", "opt-out", role=Role.CUSTOMER),
    )  # fmt: skip
    assert found.scores == {
        ("mine", "promise"): Score(1, 0, 2),
        ("mine", "best"): Score(1, 2, 0),
        ("mine", "opt-out"): Score(1, 0, 0),
    }
    assert found.lines == 7
    assert found.kinds == {"near-miss": (0, 1), "plain": (4, 6)}
    assert found.wrong == [
        Wrong(wrong[0], ("best",), ()), Wrong(wrong[1], (), ("promise",)), Wrong(wrong[2], ("best",), ("promise",)),
    ]  # fmt: skip


def test_ratios_are_the_textbook_s() -> None:
    score = Score(right=6, false=2, missed=4)
    assert (score.precision, score.recall) == (0.75, 0.6)
    assert score.f1 == pytest.approx(2 * 0.75 * 0.6 / (0.75 + 0.6))


def test_where_there_is_nothing_to_divide_by_there_is_no_ratio(tmp_path: Path) -> None:
    none, only_false, only_missed = Score(0, 0, 0), Score(0, 1, 0), Score(0, 0, 1)
    assert (none.precision, none.recall, none.f1) == (None, None, None)
    assert (only_false.precision, only_false.recall, only_false.f1) == (0.0, None, 0.0)
    assert (only_missed.precision, only_missed.recall, only_missed.f1) == (None, 0.0, 0.0)
    assert measured(tmp_path).macro_f1 is None
    assert measured(tmp_path).scores == {}


def test_micro_adds_counts_and_macro_means_the_rules_that_have_an_f1(tmp_path: Path) -> None:
    found = measured(tmp_path, line("稳赚不赔", "promise"), line("稳赚不赔啊", "promise"), line("最好", "best"),
                     line("最好您来"))  # fmt: skip
    assert found.micro == Score(3, 1, 0)
    assert found.macro_f1 == pytest.approx((1 + 2 / 3) / 2)


def test_a_line_is_judged_by_its_own_pack_and_role_only(tmp_path: Path) -> None:
    found = measured(tmp_path, line("稳赚不赔", pack="other"), line("稳赚不赔", role=Role.CUSTOMER))
    assert found.lines == 1
    assert found.wrong == []


def test_a_label_that_the_pack_does_not_have_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(PackErrors, match=r"f.yaml:3: the pack mine has no rule 'promis': did you mean 'promise'\?"):
        measured(tmp_path, line("稳赚不赔", "promis"))


def test_a_rule_that_no_line_is_labelled_with_is_counted_but_not_judged(tmp_path: Path) -> None:
    found = measured(tmp_path, line("最好您来"), line("稳赚不赔，最好的", "promise"))
    assert found.scores == {("mine", "promise"): Score(1, 0, 0)}
    assert found.unlabelled == {("mine", "best"): 2, ("mine", "opt-out"): 0}
    assert found.wrong == []


def test_the_plain_form_holds_what_scripts_read(tmp_path: Path) -> None:
    plain = measured(tmp_path, line("最好您来", kind="near-miss"), line("最好的", "best")).plain()
    assert plain["rules"] == [{
        "pack": "mine", "rule": "best", "hits": 2, "tp": 1, "fp": 1, "fn": 0, "precision": 0.5, "recall": 1.0,
        "f1": pytest.approx(2 / 3),
    }]  # fmt: skip
    assert plain["unlabelled"] == [
        {"pack": "mine", "rule": "promise", "hits": 0}, {"pack": "mine", "rule": "opt-out", "hits": 0},
    ]  # fmt: skip
    assert plain["wrong"] == [{
        "file": "f.yaml", "line": 3, "pack": "mine", "role": "agent", "kind": "near-miss", "text": "最好您来",
        "false": ["best"], "missed": [],
    }]  # fmt: skip
    assert (plain["lines"], plain["micro"]["fp"]) == (2, 1)
    assert plain["kinds"] == [{"kind": "near-miss", "right": 0, "lines": 1}, {"kind": "plain", "right": 1, "lines": 1}]
