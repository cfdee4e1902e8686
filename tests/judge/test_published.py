"""Where the published packs lie (publishing them is tested in improve/)."""

from pathlib import Path

from eslbot.judge.packs import path_of
from eslbot.judge.published import describe, digest, published, sources


def test_a_directory_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert published(tmp_path / "none") == []
    assert sources(["cn-marketing"], tmp_path / "none") == ["cn-marketing"]


def test_a_source_that_cannot_be_read_is_left_to_be_told_by_whoever_loads_it(tmp_path: Path) -> None:
    assert sources(["none.yaml"], tmp_path) == ["none.yaml"]


def test_a_shipped_name_and_a_relative_path_lead_to_their_files(tmp_path: Path) -> None:
    assert path_of("cn-marketing").is_file()
    assert path_of("mine.yaml", tmp_path) == tmp_path / "mine.yaml"
    assert len(digest(path_of("cn-marketing"))) == 64
    assert describe(["cn-marketing"], tmp_path) == {}
