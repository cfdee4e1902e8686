import io
import sys

GOOD = """\
pack: mine
version: "1"
language: zh
rules:
  - id: gift
    says: agent
    any: [送礼物]
    severity: notice
"""


def test_the_shipped_packs_are_good(eslbot):
    assert eslbot("rules", "check", "cn-marketing", "us-telemarketing").code == 0


def test_a_bad_pack_is_told_with_file_line_and_rule(tmp_path, eslbot):
    (tmp_path / "a.yaml").write_text(GOOD.replace("says: agent", "says: agnt"))
    (tmp_path / "b.yaml").write_text(GOOD)
    said = eslbot("rules", "check", tmp_path / "a.yaml", tmp_path / "b.yaml")
    assert said.code == 2
    assert said.out.startswith(f"{tmp_path}/a.yaml:6: rule gift: ")
    (problem,) = eslbot("rules", "check", "--json", tmp_path / "a.yaml").json
    assert (problem["line"], problem["rule"]) == (6, "gift")


def test_sentences_are_tried_by_role(tmp_path, eslbot, monkeypatch):
    (tmp_path / "a.yaml").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    tried = ("rules", "try", "--pack", "./a.yaml", "--json")
    assert eslbot(*tried, "--role", "agent", "今天 送 礼物", "再见").json == [
        {"text": "今天 送 礼物", "hits": ["gift"]},
        {"text": "再见", "hits": []},
    ]
    assert eslbot(*tried, "--role", "customer", "送礼物").json == [{"text": "送礼物", "hits": []}]
    assert eslbot(*tried, "--role", "nobody", "送礼物").code == 2


def test_several_packs_and_sentences_from_input(tmp_path, eslbot, monkeypatch):
    (tmp_path / "a.yaml").write_text(GOOD)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("送礼物\n\n稳赚不赔\n".encode()), "utf-8"))
    said = eslbot("rules", "try", "--pack", tmp_path / "a.yaml", "--pack", "cn-marketing", "--json", "-")
    assert [one["text"] for one in said.json] == ["送礼物", "稳赚不赔"]
    assert "gift" in said.json[0]["hits"]
    assert "guaranteed-return" in said.json[1]["hits"]


def test_a_pack_that_is_none_is_the_askers_mistake(tmp_path, eslbot):
    said = eslbot("rules", "try", "--pack", tmp_path / "none.yaml", "x")
    assert said.code == 2
    assert "none.yaml" in said.err
