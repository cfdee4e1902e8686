from pathlib import Path

import pytest

from eslbot.judge.examples import counted, failing, spoken
from eslbot.judge.inforce import Pack
from eslbot.judge.packs import read_pack, shipped
from eslbot.model.call import Role

HEAD = """\
pack: mine
version: "1"
language: zh
rules:
  - {id: other, says: either, any: [零风险], severity: notice}
"""


def pack(tmp_path: Path, rule: str) -> Pack:
    (tmp_path / "a.yaml").write_text(HEAD + rule, encoding="utf-8")
    found, problems = read_pack("a.yaml", tmp_path)
    assert problems == []
    assert found is not None
    return found


def told(tmp_path: Path, rule: str) -> list[str]:
    return [str(problem) for problem in failing(pack(tmp_path, rule))]


def test_examples_that_do_what_they_say_are_no_problem(tmp_path: Path) -> None:
    rule = """\
  - id: promise
    says: agent
    any: [稳赚]
    severity: severe
    examples:
      hit: [这个 稳 赚, {says: agent, text: 稳赚}]
      miss: [不稳赚, {says: customer, text: 稳赚}, 好的]
"""
    assert told(tmp_path, rule) == []
    assert counted(pack(tmp_path, rule)) == 5


def test_a_failing_example_is_told_with_file_line_rule_text_and_what_hit_instead(tmp_path: Path) -> None:
    rule = """\
  - id: promise
    says: agent
    any: [稳赚]
    severity: severe
    examples:
      hit:
        - 稳赚
        - 保本，零风险
        - 保本
      miss: [稳赚]
"""
    assert told(tmp_path, rule) == [
        "a.yaml:13: rule promise: the example should hit and does not: 保本，零风险; it hits other",
        "a.yaml:14: rule promise: the example should hit and does not: 保本; it hits nothing",
        "a.yaml:15: rule promise: the example should not hit and does: 稳赚",
    ]


def test_the_customer_s_rules_have_the_customer_s_lines(tmp_path: Path) -> None:
    rule = "  - {id: stop, says: customer, any: [别再打], severity: notice, examples: {hit: [别再打了]}}\n"
    assert told(tmp_path, rule) == []


@pytest.mark.parametrize(
    ("modifier", "hits", "misses"),
    [
        ("unless: {any: [有风险], says: agent}", "[[有风险, 稳赚]]", ""),
        ("repeated: {times: 3, within: 60s}", "[[稳赚, 稳赚]]", "[[稳赚, 稳赚, 稳赚]]"),
        ("during: {last: 2s}", "[[稳赚, 好的好的好的好的好的好的]]", "[稳赚]"),
        ("during: {first: 2s}", "[[好的好的好的好的好的好的, 稳赚]]", "[稳赚]"),
    ],
)
def test_talk_of_several_lines_tries_what_one_line_cannot(
    tmp_path: Path, modifier: str, hits: str, misses: str
) -> None:
    """`hits`: talk that is none. `misses`: talk that is one."""
    rule = f"  - {{id: a, says: agent, any: [稳赚], severity: notice, {modifier}, examples: {{miss: {hits}"
    rule += f", hit: {misses}}}}}\n" if misses else "}}\n"
    assert told(tmp_path, rule) == []


def test_what_is_required_hits_where_it_is_said_or_after_a_trigger_where_it_is_not(tmp_path: Path) -> None:
    rule = """\
  - id: notice
    says: agent
    require: {any: [录音], within: 20s}
    severity: notice
    examples: {hit: [录音], miss: [好]}
  - id: conditions
    says: agent
    require: {after: {any: [优惠], says: either}, any: [截止], within: 15s}
    severity: notice
    examples:
      hit: [现在有优惠, [截止到今天, 现在有优惠], [{says: customer, text: 我要优惠}, 有的]]
      miss: [优惠截止到今天, 截止到今天, [{says: customer, text: 我要优惠}, 有的 今天截止]]
"""
    assert told(tmp_path, rule) == []


@pytest.mark.parametrize("name", shipped())
def test_the_examples_of_the_shipped_packs_hold(name: str) -> None:
    found, _ = read_pack(name)
    assert found is not None
    assert [str(problem) for problem in failing(found)] == []


def test_talk_is_shown_on_one_line_with_who_says_it() -> None:
    assert spoken(((Role.AGENT, "甲"),)) == "甲"
    assert spoken(((Role.AGENT, "甲"), (Role.CUSTOMER, "乙"))) == "agent: 甲 / customer: 乙"
