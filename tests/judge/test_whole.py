"""A pack in one file: it judges as the pack does, takes nothing of anybody, and is the same whenever its parts are."""

from dataclasses import replace
from pathlib import Path

import pytest

from eslbot.judge.packs import load, read_pack
from eslbot.judge.whole import digest, whole
from tests.judge.test_including import COMMON, MINE


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    (tmp_path / "common.yaml").write_text(COMMON)
    odd = "  - {id: number, says: agent, any: [110, 'true', 'null'], severity: notice}\n"
    (tmp_path / "mine.yaml").write_text(MINE + odd)
    return tmp_path / "mine.yaml"


def meant(file: Path):
    """The rules, but for where they stand."""
    pack, problems = read_pack(file)
    assert problems == []
    return [
        replace(rule, line=0, origin=None, examples=tuple(replace(each, line=0) for each in rule.examples))
        for rule in pack.rules
    ], pack.review


def test_written_out_it_means_the_same_and_takes_nothing(mine: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    alone = tmp_path / "elsewhere/whole.yaml"
    alone.write_bytes(whole(mine))
    assert meant(alone) == meant(mine)
    assert all(rule.origin is None for rule in load([alone]).rules)
    assert "common are those of version 7" in alone.read_text().splitlines()[0]
    assert whole(alone) == alone.read_bytes()


def test_a_pack_that_takes_nothing_is_its_own_bytes(tmp_path: Path) -> None:
    (tmp_path / "common.yaml").write_text("# a comment\n" + COMMON)
    assert whole(tmp_path / "common.yaml") == (tmp_path / "common.yaml").read_bytes()


def test_its_digest_changes_with_what_it_takes_and_with_nothing_else(mine: Path, tmp_path: Path) -> None:
    before = digest(mine)
    (tmp_path / "common.yaml").write_text("# a comment\n" + COMMON)
    assert digest(mine) == before
    (tmp_path / "common.yaml").write_text(COMMON.replace("老赖", "骗子"))
    assert digest(mine) != before
