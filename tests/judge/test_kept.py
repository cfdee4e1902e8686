from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eslbot.judge import kept
from eslbot.judge.kept import read_kept
from eslbot.judge.located import PackErrors, read

DATA = "pack: mine\nrules:\n  - {id: 一, any: [保本, 110]}\n".encode()


def restart() -> None:
    """What a process kept in memory is gone."""
    kept._in_memory.cache_clear()
    kept._once.cache_clear()


@pytest.fixture(autouse=True)
def _as_after_a_restart() -> None:
    restart()


def entries(directory: Path) -> list[Path]:
    return sorted(directory.glob("*.pack"))


def again(directory: Path, data: bytes = DATA) -> None:
    """Reads as the next process would, and finds what the file says."""
    restart()
    assert read_kept(data, "mine.yaml", directory) == read(data, "mine.yaml")


def unread(*_: object) -> None:
    raise AssertionError("the file was read again")


def test_what_was_read_is_not_read_again_after_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    again(tmp_path / "cache")
    whole = read(DATA, "other.yaml")
    monkeypatch.setattr(kept, "read", unread)
    restart()
    assert read_kept(DATA, "other.yaml", tmp_path / "cache") == whole


def test_what_was_read_is_not_read_again_in_the_same_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read_kept(DATA, "mine.yaml")
    monkeypatch.setattr(kept, "read", unread)
    assert read_kept(DATA, "mine.yaml") == first
    assert read_kept(DATA, "mine.yaml", tmp_path) == first
    assert len(entries(tmp_path)) == 1


def test_another_content_or_another_version_is_another_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    again(tmp_path)
    again(tmp_path, DATA.replace("保本".encode(), "保息".encode()))
    monkeypatch.setattr(kept, "version", lambda _: "99")
    again(tmp_path)
    assert len(entries(tmp_path)) == 3


@given(st.binary(max_size=40), st.integers(0, 400), st.integers(0, 40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_an_entry_that_is_broken_is_not_used_and_is_made_anew(
    tmp_path: Path, junk: bytes, place: int, length: int
) -> None:
    again(tmp_path)
    (entry,) = entries(tmp_path)
    whole = entry.read_bytes()
    entry.write_bytes(whole[:place] + junk + whole[place + length :])
    again(tmp_path)
    assert entry.read_bytes() == whole


def test_an_entry_of_another_file_is_not_used(tmp_path: Path) -> None:
    again(tmp_path / "one")
    again(tmp_path / "other", b"pack: other\n")
    (one,), (other,) = entries(tmp_path / "one"), entries(tmp_path / "other")
    one.write_bytes(other.read_bytes())
    again(tmp_path / "one")


def test_a_directory_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    again(tmp_path / "file" / "below")


def test_a_file_with_mistakes_is_not_kept(tmp_path: Path) -> None:
    again(tmp_path, b"pack: a\npack: b\n")
    with pytest.raises(PackErrors):
        read_kept(b"a: [", "x", tmp_path)
    assert entries(tmp_path) == []


def test_only_so_many_entries_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 3)
    for number in range(6):
        again(tmp_path, f"pack: a{number}\n".encode())
    assert len(entries(tmp_path)) == 3
