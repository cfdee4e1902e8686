"""Packs that take rules of others: what they then judge by, and every way in which it goes wrong."""

from datetime import date
from pathlib import Path

import pytest

from eslbot.judge.examples import failing
from eslbot.judge.explain import described
from eslbot.judge.packs import load, read_pack
from eslbot.judge.trial import try_texts
from eslbot.model.call import Role

COMMON = """pack: common
version: "7"
language: zh
review: 2027-01-01
homophones: false
rules:
  - {id: threat, title: 威胁, says: agent, any: [上门找你], severity: severe, examples: {hit: [我们会上门找你]}}
  - {id: abuse, says: agent, any: [老赖], severity: warning}
"""
MINE = """pack: mine
version: "2"
language: zh
review: 2027-03-01
include:
  - {pack: common.yaml, version: "7"}
rules:
  - {id: promise, says: agent, any: [稳赚不赔], severity: severe}
"""


@pytest.fixture
def written(tmp_path: Path):
    """Puts a pack's text into a file."""

    def write(name: str, text: str) -> Path:
        (tmp_path / name).write_text(text)
        return tmp_path / name

    write("common.yaml", COMMON)
    return write


def problems(file: Path) -> list[str]:
    pack, found = read_pack(file)
    assert (pack is None) == bool(found)
    return [f"{each.line}: {each.text}" for each in found]


def test_what_is_taken_judges_in_the_name_of_the_pack_that_took_it_and_says_where_it_is_from(written) -> None:
    file = written("mine.yaml", MINE)
    packs = load([file])
    assert [rule.id for rule in packs.rules] == ["threat", "abuse", "promise"]
    assert {(verdict.pack, verdict.version) for verdict in packs.verdicts.values()} == {("mine", "2")}
    assert try_texts(packs, Role.AGENT, ["我们上门找你"])[0]["hits"] == ["threat"]
    [pack] = packs.packs
    threat = described(pack.rules[0], pack)
    assert (threat["from"], threat["file"], threat["line"]) == ("common 7", str(file.parent / "common.yaml"), 7)
    assert "taken from" in threat["explained"]
    assert described(pack.rules[2], pack)["from"] is None


def test_a_rule_means_what_it_means_in_its_own_pack_and_the_first_review_counts(written) -> None:
    [pack] = load([written("mine.yaml", MINE)]).packs
    heard = {rule.id: rule.words.parts[0].homophones for rule in pack.rules if rule.words}
    assert heard == {"threat": False, "abuse": False, "promise": True}
    assert pack.review == date(2027, 1, 1)


def test_only_what_is_named_is_taken_and_an_own_rule_stands_instead(written) -> None:
    some = MINE.replace('version: "7"}', 'version: "7", rules: [abuse]}')
    assert [rule.id for rule in load([written("mine.yaml", some)]).rules] == ["abuse", "promise"]
    own = MINE.replace("id: promise", "id: threat")
    rules = load([written("mine.yaml", own)]).rules
    assert [(rule.id, rule.origin is None) for rule in rules] == [("abuse", False), ("threat", True)]


def test_a_pack_of_nothing_but_what_it_takes(written) -> None:
    text = MINE[: MINE.index("rules:")]
    assert len(load([written("mine.yaml", text)]).rules) == 2
    none = text.replace('include:\n  - {pack: common.yaml, version: "7"}\n', "")
    assert problems(written("mine.yaml", none)) == ["1: there is no rule: write `rules`, or `include` another pack's"]


def test_a_shipped_pack_is_taken_from_by_its_name(written) -> None:
    shipped, _ = read_pack("cn-survey")
    text = f'include: [{{pack: cn-survey, version: "{shipped.version}"}}]\n'
    rules = load([written("mine.yaml", MINE[: MINE.index("include")] + text)]).rules
    assert [rule.id for rule in rules] == [rule.id for rule in shipped.rules]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('version: "7"', 'version: "6"', "6: common is version '7', and this takes rules of version '6'"),
        ("common.yaml", "comon.yaml", "6: no rules can be taken of comon.yaml: "),
        ("common.yaml", "mine.yaml", "6: a pack cannot take rules of itself: mine -> mine"),
        ('version: "7"}', 'version: "7", rules: [treat]}', "6: common has no rule 'treat': did you mean 'threat'?"),
        ("language: zh", "language: en", "6: common is a pack for zh, and this one is for en"),
        ('version: "7"}', "}", "6: version is missing"),
        ('version: "7"}', 'version: "7", rule: [threat]}', "6: unknown key 'rule': did you mean 'rules'?"),
        ('version: "7"}', 'version: "7"}\n  - {pack: other.yaml, version: "1"}',
         "7: the rule 'abuse' is taken from common and from other"),
    ],
)
def test_what_cannot_be_taken_is_told_with_its_line(written, old, new, said) -> None:
    written("other.yaml", COMMON.replace("pack: common", "pack: other").replace('"7"', '"1"').replace("threat", "x"))
    assert old in MINE
    [first] = problems(written("mine.yaml", MINE.replace(old, new)))
    assert first.startswith(said)


def test_packs_that_take_of_one_another_in_a_circle_are_told_how(written) -> None:
    written("common.yaml", COMMON.replace("rules:", 'include: [{pack: mine.yaml, version: "2"}]\nrules:'))
    [first] = problems(written("mine.yaml", MINE))
    assert first.startswith("6: no rules can be taken of common.yaml: ")
    assert "common.yaml:6: a pack cannot take rules of itself: mine -> common -> mine" in first


def test_a_pack_that_is_wrong_is_told_once_with_its_own_first_place(written) -> None:
    wrong = COMMON.replace("severity: severe", "severity: sever").replace("any: [老赖]", "an: []")
    file = written("common.yaml", wrong)
    [first] = problems(written("mine.yaml", MINE))
    assert first.startswith("6: no rules can be taken of common.yaml (")
    assert f"{file}:7: rule threat: " in first


def test_an_example_that_fails_is_told_where_it_stands(written) -> None:
    file = written("common.yaml", COMMON.replace("hit: [我们会上门找你]", "hit: [今天天气好]"))
    pack, _ = read_pack(written("mine.yaml", MINE))
    [one] = failing(pack)
    assert (one.file, one.line, one.rule) == (str(file), 7, "threat")


def test_a_mask_may_end_with_a_rule_that_is_taken_and_not_with_one_that_is_left_out(written) -> None:
    masks = "{id: card, says: agent, any: [卡号], severity: notice, actions: [{mask: {for: 30s, until: abuse}}]}"
    taking = MINE.replace("rules:\n  -", f"rules:\n  - {masks}\n  -")
    assert problems(written("mine.yaml", taking)) == []
    [said] = problems(written("mine.yaml", taking.replace('version: "7"}', 'version: "7", rules: [threat]}')))
    assert "6: " in said
    assert "masks until 'abuse'" in said
