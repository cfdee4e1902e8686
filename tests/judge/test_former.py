"""What has shipped stays: no shipped pack changes without a new version, and no former version goes."""

import json
from pathlib import Path

import pytest

from tools import packs


def test_every_version_that_has_shipped_is_there_as_it_was() -> None:
    lock, here = packs.locked(), packs.present()
    assert [*packs.wrong(lock, here), *packs.new(lock, here)] == []


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Version 1 of a pack has shipped."""
    (tmp_path / "mine.yaml").write_text('pack: mine\nversion: "1"\n')
    (tmp_path / packs.LOCK).write_text("{}")
    assert packs.main(tmp_path) == 0
    return tmp_path


def refused(directory: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What is said; the lock stays as it was."""
    before = (directory / packs.LOCK).read_text()
    assert packs.main(directory) == 1
    assert (directory / packs.LOCK).read_text() == before
    return capsys.readouterr().err


def test_a_change_wants_a_new_version_and_the_new_version_the_file_of_the_one_before(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = directory / "mine.yaml"
    before = mine.read_text()
    mine.write_text(before + "title: other\n")
    assert "mine 1 has shipped and is not what it was" in refused(directory, capsys)
    mine.write_text('pack: mine\nversion: "2"\n')
    assert "eslbot/judge/packs/former/mine/1.yaml" in refused(directory, capsys)
    (directory / "former/mine").mkdir(parents=True)
    (directory / "former/mine/1.yaml").write_text(before)
    lock, here = packs.locked(directory), packs.present(directory)
    assert list(packs.wrong(lock, here)) == []
    assert [text.split(":")[0] for text in packs.new(lock, here)] == ["mine 2 is not in eslbot/judge/packs/lock.json"]
    assert packs.main(directory) == 0
    assert list(json.loads((directory / packs.LOCK).read_text())["mine"]) == ["1", "2"]
    (directory / "former/mine/1.yaml").write_text(before + "title: other\n")
    assert "mine 1 has shipped and is not what it was" in refused(directory, capsys)


def test_a_pack_that_shipped_cannot_go_without_its_file(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (directory / "mine.yaml").unlink()
    assert "mine 1 has shipped and is gone" in refused(directory, capsys)
