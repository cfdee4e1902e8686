"""Packs that take rules of a shipped pack which has another version by now: they go on, and it is told what changed."""

from pathlib import Path

import pytest

from eslbot.judge import PackErrors, check, load, packs, read_pack, shipped
from eslbot.judge.outdated import NotRepinned, changes, outdated, repinned, taken
from eslbot.judge.whole import whole

OLD = """pack: shared
version: "1"
language: zh
rules:
  - {id: threat, says: agent, any: [后果自负], severity: severe}
  - {id: abuse, says: agent, any: [老赖], severity: severe}
  - {id: same, says: agent, any: [保本], severity: severe}
"""
NEW = OLD.replace('"1"', '"2"').replace("[后果自负]", "[后果自负, 走着瞧]").replace("id: abuse", "id: insult")
MINE = """# mine
pack: mine
version: "7"   # ours
language: zh
include:
  - pack: shared
    version: "1"  # as of autumn
rules:
  - {id: own, says: agent, any: [稳赚], severity: notice}
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """After an upgrade: shared 2 ships, and 1 as a former version."""
    directory = tmp_path / "shipped"
    (directory / "former" / "shared").mkdir(parents=True)
    (directory / "shared.yaml").write_text(NEW)
    (directory / "former" / "shared" / "1.yaml").write_text(OLD)
    monkeypatch.setattr(packs, "_SHIPPED", directory)
    file = tmp_path / "mine.yaml"
    file.write_text(MINE)
    return file


def test_it_goes_on_with_the_very_rules_it_was_written_against(mine: Path) -> None:
    loaded = load([mine])
    assert [rule.id for rule in loaded.rules] == ["threat", "abuse", "same", "own"]
    assert "走着瞧" not in whole(mine).decode()
    assert "老赖" in whole(mine).decode()


def test_that_something_newer_ships_is_told_with_its_line(mine: Path) -> None:
    [problem] = outdated([mine, mine.with_name("none.yaml")])
    assert (problem.line, "shared 1, and 2 ships" in problem.text) == (7, True)
    mine.write_text(MINE.replace('version: "1"', 'version: "2"'))
    assert outdated([mine]) == []


def test_a_version_that_never_shipped_is_refused_as_before(mine: Path) -> None:
    mine.write_text(MINE.replace('version: "1"', 'version: "../1"'))
    assert "this takes rules of version '../1'" in check([mine])[0].text
    assert taken(mine) == []


def test_what_changed_is_told_rule_by_rule_in_words(mine: Path) -> None:
    [entry] = taken(mine)
    assert (entry.pack, entry.version, entry.now) == ("shared", "1", "2")
    found = {one.rule: one for one in changes(entry, mine)}
    assert {name: one.how for name, one in found.items()} == {
        "threat": "changed", "abuse": "gone", "insult": "new"}
    assert "走着瞧" in str(found["threat"].after)
    assert "走着瞧" not in str(found["threat"].before)
    mine.write_text(MINE.replace("# as of autumn", "\n    rules: [same]"))
    assert changes(taken(mine)[0], mine) == []


def test_the_file_is_written_anew_with_nothing_else_changed(mine: Path) -> None:
    text = repinned(mine, "8")
    assert text == MINE.replace('"7"', '"8"').replace('version: "1"', 'version: "2"')
    mine.write_text(text)
    assert [rule.id for rule in load([mine]).rules] == ["threat", "insult", "same", "own"]


def test_what_a_program_cannot_tell_apart_is_left_to_a_person(mine: Path) -> None:
    mine.write_text(MINE.replace('version: "1"', 'version: !!str 1'))
    with pytest.raises((NotRepinned, PackErrors)):
        repinned(mine, "8")
    assert 'version: "8"' not in mine.read_text()


def test_every_former_version_that_ships_is_what_its_name_says_and_not_the_one_that_ships() -> None:
    for file in (Path(packs.__file__).parent / "former").glob("*/*.yaml"):
        pack, problems = read_pack(file)
        assert not problems, problems
        assert (pack.name, pack.version) == (file.parent.name, file.stem)
        assert pack.name in shipped()
        now, _ = read_pack(pack.name)
        assert now.version != pack.version
