from pathlib import Path

from eslbot.cli.checking import _in_memory, _nearest, findings_of


def test_the_nearest_place_that_is_there_is_asked(tmp_path):
    assert _nearest(tmp_path / "a" / "b") == tmp_path
    assert _nearest(Path("/no/such/place")) == Path("/")


def test_shared_memory_is_in_memory_and_proc_is_not():
    assert _in_memory(Path("/dev/shm/eslbot/x"))
    assert not _in_memory(Path("/proc/self"))


def test_a_file_with_a_syntax_error_has_one_finding(tmp_path):
    (tmp_path / "eslbot.toml").write_text("[judge\n")
    assert [finding.line for finding in findings_of(tmp_path / "eslbot.toml", {})] == [1]
