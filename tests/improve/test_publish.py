"""Publishing: what is refused, what lies there afterwards, and what is in force then."""

import os
import stat
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest

from eslbot.improve.publish import NotPublished, Place, publish
from eslbot.improve.report import BadReport
from eslbot.judge import PackErrors, load
from eslbot.judge.published import Published, digest, published, sources
from eslbot.judge.whole import digest as whole_digest

TODAY = date(2026, 11, 26)
PACK = """
pack: money
version: "{version}"
{extra}
language: zh
rules:
  - {{id: promise, says: agent, any: [{phrase}], severity: severe}}
"""


def pack(directory: Path, version: str = "1", phrase: str = "保本", effective: str = "") -> Path:
    file = directory / f"draft-{version}.yaml"
    extra = f"effective: {effective}" if effective else "title: money"
    file.write_text(PACK.format(version=version, phrase=phrase, extra=extra))
    os.utime(file, (1000, 1000))
    return file


def reported(directory: Path, file: Path, made: float = 2000.0, **values: Any) -> Path:
    report = directory / f"{file.stem}-report.json"
    report.write_bytes(orjson.dumps({
        "kind": "eslbot-replay", "version": 1, "made": made, "new": [{"pack": "money", "sha256": digest(file)}],
    } | values))  # fmt: skip
    return report


def put(directory: Path, file: Path, report: Path | None = None, configured: tuple[str, ...] = ()) -> Published:
    place = Place(configured, directory / "packs")
    return publish(file, report or reported(directory, file), place, "officer", 3000.0, TODAY)


def in_force(directory: Path, day: date = TODAY, configured: tuple[str, ...] = ()) -> list[str]:
    """name version."""
    there = load(sources(configured, directory / "packs"), day=day)
    return [f"{one.name} {one.version}" for one in there.packs]


def test_a_published_pack_is_in_force_with_a_note_of_who_when_and_why(tmp_path: Path) -> None:
    file = pack(tmp_path)
    made = put(tmp_path, file)
    assert made.file == tmp_path / "packs" / "money" / "1.yaml"
    assert made.file.read_bytes() == file.read_bytes()
    assert stat.S_IMODE(made.file.stat().st_mode) & 0o222 == 0
    assert published(tmp_path / "packs") == [made]
    assert (made.by, made.at, len(made.report)) == ("officer", 3000.0, 64)
    assert in_force(tmp_path) == ["money 1"]
    assert sorted(path.name for path in made.file.parent.iterdir()) == ["1.json", "1.yaml"]


def test_a_pack_that_takes_rules_is_published_with_them_and_no_later_change_of_theirs_reaches_it(
    tmp_path: Path,
) -> None:
    common = tmp_path / "common.yaml"
    common.write_text('pack: common\nversion: "4"\nlanguage: zh\nrules:\n'
                      "  - {id: threat, says: agent, any: [上门找你], severity: severe}\n")
    file = pack(tmp_path)
    file.write_text(file.read_text() + 'include: [{pack: common.yaml, version: "4"}]\n')
    os.utime(file, (1000, 1000))
    report = reported(tmp_path, file, new=[{"pack": "money", "sha256": whole_digest(file)}])
    made = put(tmp_path, file, report)
    assert digest(made.file) == made.sha256 == whole_digest(file)
    common.write_text(common.read_text().replace('"4"', '"5"').replace("上门", "半夜"))
    there = load(sources((), tmp_path / "packs"), day=TODAY)
    assert [rule.id for rule in there.rules] == ["threat", "promise"]
    assert not (made.file.parent / "common.yaml").exists()


def test_a_report_from_before_a_change_of_what_is_taken_is_refused(tmp_path: Path) -> None:
    common = tmp_path / "common.yaml"
    text = ('pack: common\nversion: "4"\nlanguage: zh\nrules:\n'
            "  - {id: a, says: agent, any: [上门找你], severity: severe}\n")
    common.write_text(text)
    file = pack(tmp_path)
    file.write_text(file.read_text() + 'include: [{pack: common.yaml, version: "4"}]\n')
    os.utime(file, (1000, 1000))
    report = reported(tmp_path, file, new=[{"pack": "money", "sha256": whole_digest(file)}])
    common.write_text(text.replace("上门", "半夜"))
    with pytest.raises(NotPublished, match="replay it again"):
        put(tmp_path, file, report)


def test_a_pack_without_a_report_of_exactly_its_content_is_refused(tmp_path: Path) -> None:
    file = pack(tmp_path)
    report = reported(tmp_path, file)
    file.write_text(file.read_text() + "# a word more\n")
    os.utime(file, (1000, 1000))
    with pytest.raises(NotPublished, match="replay it again"):
        put(tmp_path, file, report)
    with pytest.raises(BadReport, match="No such file"):
        put(tmp_path, file, tmp_path / "none.json")
    assert in_force(tmp_path) == []


def test_a_report_older_than_the_file_is_refused(tmp_path: Path) -> None:
    file = pack(tmp_path)
    with pytest.raises(NotPublished, match="older than"):
        put(tmp_path, file, reported(tmp_path, file, made=999.0))


def test_a_published_version_never_changes(tmp_path: Path) -> None:
    put(tmp_path, pack(tmp_path))
    with pytest.raises(NotPublished, match="already, with this very content"):
        put(tmp_path, pack(tmp_path))
    with pytest.raises(NotPublished, match="give it a new version"):
        put(tmp_path, pack(tmp_path, phrase="保息"))
    put(tmp_path, pack(tmp_path, "2", "保息"))
    assert in_force(tmp_path) == ["money 2"]


def test_a_pack_that_is_wrong_is_told_by_file_line_and_rule(tmp_path: Path) -> None:
    file = pack(tmp_path)
    file.write_text(file.read_text().replace("severe", "sever"))
    with pytest.raises(PackErrors, match=r"draft-1\.yaml:7: rule promise"):
        put(tmp_path, file)


def test_it_stands_in_the_place_of_a_configured_pack_of_its_name(tmp_path: Path) -> None:
    configured = (str(pack(tmp_path, "0", "保息")), "cn-marketing")
    put(tmp_path, pack(tmp_path), configured=configured)
    there = in_force(tmp_path, configured=configured)
    assert there[0] == "money 1"
    assert len(there) == 2


def test_a_pack_comes_into_force_on_its_day_and_not_before(tmp_path: Path) -> None:
    put(tmp_path, pack(tmp_path))
    put(tmp_path, pack(tmp_path, "2", effective="2026-12-01"))
    assert in_force(tmp_path) == ["money 1"]
    assert in_force(tmp_path, date(2026, 12, 1)) == ["money 2"]


def test_a_pack_that_would_never_be_in_force_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    put(tmp_path, pack(tmp_path, "2", effective="2026-10-01"))
    with pytest.raises(NotPublished, match="never be in force"):
        put(tmp_path, pack(tmp_path, "3"))
    assert sorted(path.name for path in (tmp_path / "packs" / "money").iterdir()) == ["2.json", "2.yaml"]


@pytest.mark.parametrize("version", ["../../etc/x", ".hidden", "a/b", "1 beta"])
def test_a_version_that_is_no_file_name_is_refused(tmp_path: Path, version: str) -> None:
    file = pack(tmp_path, "x")
    file.write_text(PACK.format(version=version, phrase="保本", extra="title: m"))
    os.utime(file, (1000, 1000))
    with pytest.raises(NotPublished, match="cannot be a file's"):
        put(tmp_path, file)


def test_a_publishing_that_was_cut_short_is_not_there_and_can_be_done_again(tmp_path: Path) -> None:
    half = tmp_path / "packs" / "money" / "1.yaml"
    half.parent.mkdir(parents=True)
    half.write_text("half a p")
    assert in_force(tmp_path) == []
    put(tmp_path, pack(tmp_path))
    assert in_force(tmp_path) == ["money 1"]


def test_a_published_file_that_was_changed_is_told_and_not_loaded(tmp_path: Path) -> None:
    made = put(tmp_path, pack(tmp_path))
    made.file.chmod(0o644)
    made.file.write_text(made.file.read_text().replace("保本", "保息"))
    with pytest.raises(PackErrors, match="is not what was published"):
        in_force(tmp_path)


@pytest.mark.parametrize("note", ["{", "[]", "{}", '{"pack": 1}'])
def test_a_note_that_is_none_is_told(tmp_path: Path, note: str) -> None:
    made = put(tmp_path, pack(tmp_path))
    made.file.with_suffix(".json").chmod(0o644)
    made.file.with_suffix(".json").write_text(note)
    with pytest.raises(PackErrors, match=r"1\.json: no note"):
        published(tmp_path / "packs")
