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


def test_check_runs_the_examples_that_stand_in_a_pack(tmp_path, eslbot):
    file = tmp_path / "a.yaml"
    file.write_text(GOOD + "    examples: {hit: [送礼物, 买礼物], miss: [不送礼物]}\n")
    said = eslbot("rules", "check", file)
    assert said.code == 2
    assert said.out == f"{file}:9: rule gift: the example should hit and does not: 买礼物; it hits nothing\n"
    file.write_text(GOOD + "    examples: {hit: [送礼物], miss: [不送礼物]}\n")
    assert eslbot("rules", "check", file).out == f"{file}: good (2 examples)\n"


def test_a_rule_is_explained_in_words_and_with_how_sure_its_law_is(tmp_path, eslbot):
    file = tmp_path / "a.yaml"
    file.write_text(GOOD + "    law: [{source: 某法 1, sure: P}, {source: 某办法 2, sure: S}]\n    actions: [alert]\n")
    said = eslbot("rules", "explain", "gift", "--pack", file)
    assert said.code == 0
    assert "gift: gift  [mine 1, zh]" in said.out
    assert "the agent's words" in said.out
    assert "one of: 送礼物" in said.out
    assert "某法 1 (P, the primary text was read); 某办法 2 (S, from a secondary source: verify" in said.out
    (found,) = eslbot("rules", "explain", file, "--json").json
    assert (found["rule"], found["pack"], found["law"][1]["advice"]) == ("gift", "mine", "verify before relying on it")
    assert found["explained"]["whose"] == "the agent's words"


def test_a_pack_is_explained_rule_by_rule_and_what_is_none_is_refused(tmp_path, eslbot):
    said = eslbot("rules", "explain", "cn-marketing", "--json")
    assert {"guaranteed-return", "recording-notice", "opt-out"} <= {each["rule"] for each in said.json}
    said = eslbot("rules", "explain", "no-such-rule")
    assert (said.code, said.err) == (2, "there is no pack and no rule 'no-such-rule'\n")


def test_the_schema_for_editors_is_printed(eslbot):
    said = eslbot("rules", "schema").json
    assert said["$schema"].startswith("https://json-schema.org/")
    assert said["properties"]["rules"]["type"] == "array"


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


def test_stdin_gives_one_result_for_each_line_read(tmp_path, eslbot, monkeypatch):
    (tmp_path / "a.yaml").write_text(GOOD)
    lines = "送礼物\n\n再见\r\n送 礼物".encode() + b"\n\xff\xe9\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines), "utf-8"))
    said = eslbot("rules", "try", "--pack", tmp_path / "a.yaml", "--stdin", "--json")
    assert [one["hits"] for one in said.json] == [["gift"], [], [], ["gift"], []]
    assert [one["text"] for one in said.json][:4] == ["送礼物", "", "再见", "送 礼物"]


def test_nothing_to_try_is_refused(eslbot):
    assert eslbot("rules", "try", "--pack", "cn-marketing").code == 2


def test_a_pack_that_is_none_is_the_askers_mistake(tmp_path, eslbot):
    said = eslbot("rules", "try", "--pack", tmp_path / "none.yaml", "x")
    assert said.code == 2
    assert "none.yaml" in said.err
