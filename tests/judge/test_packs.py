from datetime import date
from functools import cache
from pathlib import Path

import pytest

from eslbot.judge.explain import VERIFY, describe
from eslbot.judge.inforce import Packs
from eslbot.judge.located import PackErrors
from eslbot.judge.packs import LARGEST, check, load
from eslbot.judge.trial import try_texts
from eslbot.model.call import Confirm, Role, Severity
from eslbot.model.judgement import Act, Law
from tests.judge.build import packs

MINE = """
pack: mine
version: "3"
language: zh
rules:
  - {id: guaranteed-return, says: agent, any: [包您满意], severity: notice}
  - id: close-words
    says: agent
    near: {words: [转账, [个人账户, 私人账户]], within: 8}
    severity: warning
    actions: [alert]
  - {id: all-words, says: either, all: [加, 微信], severity: notice, law: {source: 自拟, sure: S}}
"""
ENGLISH = """
pack: other
version: "1"
language: en
rules:
  - {id: close-words, says: agent, any: [no risk], severity: notice}
"""


@cache
def of(name: str) -> Packs:
    """A shipped pack, loaded once."""
    return load([name])


def tried(loaded: Packs, role: Role, text: str) -> list[str]:
    return try_texts(loaded, role, [text])[0]["hits"]


def test_the_contract_s_own_pack_loads(tmp_path: Path) -> None:
    text = """
pack: my-pack
version: "1"
language: zh
rules:
  - id: guaranteed-return
    title: promise of return
    says: agent              # agent | customer | either
    any: [稳赚不赔, 保本保息]
    severity: severe         # notice | warning | severe
    confirm: agreed
    actions: [{mute: 3s}, alert]
    law: {source: 广告法 25, sure: P}
  - id: recording-notice
    says: agent
    require: {any: [通话将被录音], within: 20s}     # of the bridge, in samples
    severity: warning
    actions: [{remind: recording-notice}]
  - {id: close-words, says: agent, near: {words: [转账, 个人账户], within: 8}, severity: warning, actions: [alert]}
"""
    loaded = packs(tmp_path, text)
    first, notice, _ = loaded.rules
    assert first.verdict.laws == (Law("广告法 25", "P"),)
    assert (first.verdict.severity, first.verdict.confirm) == (Severity.SEVERE, Confirm.AGREED)
    assert notice.require is not None
    assert notice.require.within == 20.0
    assert notice.verdict.title == "recording-notice"
    assert notice.verdict.actions[0].act is Act.REMIND


def test_a_later_pack_replaces_rules_of_an_earlier_one(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(MINE, encoding="utf-8")
    loaded = load(["cn-marketing", "./mine.yaml"], base=tmp_path)
    assert loaded.verdicts["guaranteed-return"].pack == "mine"
    assert loaded.replaced == (("guaranteed-return", "cn-marketing", "mine"),)
    assert tried(loaded, Role.AGENT, "稳赚不赔") == []
    assert tried(loaded, Role.AGENT, "包您满意，没有风险") == ["guaranteed-return", "no-risk"]


def test_a_word_may_be_one_of_several_phrases(tmp_path: Path) -> None:
    loaded = packs(tmp_path, MINE)
    assert tried(loaded, Role.AGENT, "转账到私人账户") == ["close-words"]
    assert tried(loaded, Role.AGENT, "私人账户个人账户") == []


def test_two_languages_stand_side_by_side_but_not_under_one_id(tmp_path: Path) -> None:
    both = packs(tmp_path, MINE, ENGLISH.replace("close-words", "no-risk"))
    assert [each.program.language for each in both.compiled] == ["zh", "en"]
    assert tried(both, Role.AGENT, "包您满意 no risk") == ["guaranteed-return", "no-risk"]
    with pytest.raises(PackErrors, match=r"1\.yaml:6: rule close-words: pack mine \(zh\) has a rule of this id too"):
        packs(tmp_path, MINE, ENGLISH)


def test_the_same_pack_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackErrors, match="the pack 'mine' is there twice"):
        packs(tmp_path, MINE, MINE)


def test_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(MINE.replace("notice", "notise"), encoding="utf-8")
    with pytest.raises(PackErrors) as caught:
        load(["bad.yaml", "cn-marketng", "cn-marketing"], base=tmp_path)
    assert [(problem.file, problem.line, problem.rule) for problem in caught.value.problems] == [
        ("bad.yaml", 6, "guaranteed-return"), ("bad.yaml", 12, "all-words"), ("cn-marketng", 0, ""),
    ]  # fmt: skip
    assert "no shipped pack (there are cn-collections, cn-common, cn-finance-marketing," in str(caught.value)


def test_check_looks_at_each_file_by_itself(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(MINE, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(MINE, encoding="utf-8")
    (tmp_path / "c.yaml").write_text("pack: [", encoding="utf-8")
    files = [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    assert check(files) == []
    assert [problem.file for problem in check([*files, tmp_path / "c.yaml"])] == [str(tmp_path / "c.yaml")]


def test_a_directory_or_unreadable_file_is_a_problem_not_a_crash(tmp_path: Path) -> None:
    (problem,) = check([tmp_path])
    assert "Is a directory" in problem.text


def test_a_file_that_is_too_large_for_a_pack_is_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"#" * (LARGEST + 1))
    (problem,) = check([tmp_path / "a.yaml"])
    assert problem.text == "larger than 1,000,000 bytes: no rule pack"


def test_versions_of_a_pack_stand_side_by_side_with_different_days(tmp_path: Path) -> None:
    new = MINE.replace('version: "3"', 'version: "4"\neffective: 2026-12-01').replace("包您满意", "包治百病")
    (tmp_path / "a.yaml").write_text(MINE, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(new, encoding="utf-8")
    loaded = load(["a.yaml", "b.yaml"], base=tmp_path, day=date(2026, 11, 30))
    assert tried(loaded, Role.AGENT, "包您满意 包治百病") == ["guaranteed-return"]
    assert loaded.verdicts["guaranteed-return"].version == "3"
    assert loaded.on(date(2026, 12, 1)).verdicts["guaranteed-return"].version == "4"
    with pytest.raises(PackErrors, match=r"twice, effective from the same day: also b\.yaml"):
        load(["b.yaml", "b.yaml"], base=tmp_path)


def test_no_packs_judge_nothing() -> None:
    assert load([]).rules == ()


def test_a_description_says_what_has_to_be_verified(tmp_path: Path) -> None:
    by_id = {each["rule"]: each for each in describe(packs(tmp_path, MINE))}
    assert by_id["all-words"]["law"][0]["advice"] == by_id["all-words"]["advice"] == VERIFY
    assert by_id["close-words"]["advice"] is None
    assert by_id["all-words"]["kind"] == "all"
    assert by_id["close-words"]["actions"] == [{"act": "alert"}]
    assert by_id["guaranteed-return"]["law"] == []
