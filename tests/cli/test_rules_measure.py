import pytest

PACK = """\
pack: mine
version: "1"
language: zh
rules:
  - {id: gift, says: agent, any: [送礼物], severity: notice}
"""
LINES = """\
- {text: 我们送礼物, role: agent, pack: mine, rules: [gift], kind: plain}
- {text: 有礼品相送, role: agent, pack: mine, rules: [gift], kind: plain}
- {text: 送礼物的节日, role: agent, pack: mine, rules: [], kind: near-miss}
"""


@pytest.fixture
def measured(tmp_path, eslbot):
    (tmp_path / "mine.yaml").write_text(PACK)
    (tmp_path / "lines.yaml").write_text(LINES)

    def run(*options):
        files = ("--pack", tmp_path / "mine.yaml", "--lines", tmp_path / "lines.yaml")
        return eslbot("rules", "measure", *files, *options)

    return run


def test_each_rule_has_its_numbers(measured):
    said = measured()
    assert said.code == 0
    row = next(row for row in said.out.splitlines() if row.split()[:1] == ["gift"])
    assert row.split() == ["gift", "1", "1", "1", "0.500", "0.500", "0.500"]
    assert "near-miss: 0 of 1 lines as labelled" in said.out
    assert "送礼物的节日" not in said.out


def test_wrong_lines_are_listed_with_their_place_when_asked(measured, tmp_path):
    out = measured("--show", "wrong").out
    assert f"{tmp_path}/lines.yaml:3: agent: 送礼物的节日\n    +gift" in out
    assert f"{tmp_path}/lines.yaml:2: agent: 有礼品相送\n    -gift" in out
    assert "我们送礼物" not in out


def test_scripts_read_json(measured):
    found = measured("--json").json
    assert (found["part"], found["lines"], found["macro_f1"]) == ("all", 3, 0.5)
    assert found["rules"][0]["rule"] == "gift"


def test_the_two_parts_make_the_whole(measured):
    parts = [measured("--part", part, "--json") for part in ("tuned", "held-out")]
    assert sum(part.json["lines"] for part in parts if part.code == 0) == 3


def test_what_cannot_be_measured_is_the_askers_mistake(measured, tmp_path, eslbot):
    (tmp_path / "lines.yaml").write_text(LINES.replace("rules: [gift]", "rules: [gifts]"))
    said = measured()
    assert said.code == 2
    assert "lines.yaml:1: the pack mine has no rule 'gifts'" in said.err
    (tmp_path / "lines.yaml").write_text(LINES.replace("pack: mine", "pack: other"))
    assert "no line is labelled for mine" in measured().err
    assert eslbot("rules", "measure", "--pack", "cn-marketing", "--lines", tmp_path / "none.yaml").code == 2
    assert eslbot("rules", "measure", "--pack", tmp_path / "none.yaml", "--lines", tmp_path / "lines.yaml").code == 2
