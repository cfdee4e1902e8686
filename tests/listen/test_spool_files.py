"""The spool's directory and files: who may name, read and own them, and holes."""

import os
import stat
from pathlib import Path

import pytest

from eslbot.listen import spool_files
from eslbot.listen.spool_files import SpoolError, path_of


@pytest.mark.parametrize("call", ["", "..", "../x", "a/b", "a\0b", ".hidden", "x" * 65, "a b", "-n", "é"])
def test_nothing_but_a_plain_id_becomes_a_path(call: str) -> None:
    with pytest.raises(ValueError, match="call id"):
        path_of(Path("/spool"), call)


def test_a_group_that_does_not_exist_is_named() -> None:
    with pytest.raises(SpoolError, match="nobody-has-this-group"):
        spool_files.group_id("nobody-has-this-group")
    assert spool_files.group_id(12) == 12
    assert spool_files.group_id(None) is None


def test_holes_take_whole_blocks_only_and_leave_the_rest(tmp_path: Path) -> None:
    content = os.urandom(5 * 4096)
    (tmp_path / "f").write_bytes(content)
    descriptor = os.open(tmp_path / "f", os.O_RDWR)
    assert spool_files.punch(descriptor, 0, 2 * 4096 + 100) == 2 * 4096
    os.close(descriptor)
    assert (tmp_path / "f").read_bytes() == bytes(2 * 4096) + content[2 * 4096 :]


def test_a_hole_where_none_can_be_is_an_error() -> None:
    reading, writing = os.pipe()
    with pytest.raises(OSError, match="fallocate"):
        spool_files.punch(writing, 0, 8192)
    os.close(reading)
    os.close(writing)


def test_the_directory_is_made_for_the_group_and_for_nobody_else(tmp_path: Path) -> None:
    spool_files.prepare(tmp_path / "alone", None)
    assert stat.S_IMODE(os.stat(tmp_path / "alone").st_mode) == 0o700
    group = os.getgid()
    spool_files.prepare(tmp_path / "shared", group)
    assert stat.S_IMODE(os.stat(tmp_path / "shared").st_mode) == 0o2770
    assert os.stat(tmp_path / "shared").st_gid == group
    assert list((tmp_path / "shared").iterdir()) == []


def test_a_file_keeps_what_freeswitch_wrote_before_we_came(tmp_path: Path) -> None:
    path = path_of(tmp_path, "call")
    path.write_bytes(b"\1" * 640)
    descriptor = spool_files.open_file(path, os.getgid())
    assert os.pread(descriptor, 1000, 0) == b"\1" * 640
    assert stat.S_IMODE(os.fstat(descriptor).st_mode) == 0o660
    os.close(descriptor)


def test_a_fifo_in_the_files_place_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(path_of(tmp_path, "call"))
    with pytest.raises(SpoolError, match="plain file"):
        spool_files.open_file(path_of(tmp_path, "call"), None)


def test_a_spool_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SpoolError, match="file"):
        spool_files.prepare(tmp_path / "file", None)
