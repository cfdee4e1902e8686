"""What outlives the process: states and tails, killed between any two steps."""

import dataclasses
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eslbot.record.live import Live, LiveDirectory, LiveLost, Tail
from tests.record.rig import CALL, OTHER

LIVE = Live(CALL, "pbx1", 8000, 1.5, "abcd", b"k" * 32, b"n" * 16, b"\x00\xffheader", b"K" * 32, b"N" * 16, b"h",
            ("age1a", "age1b"), 2, 77, ({"first": 1, "end": 2, "reason": "disk"},), "partial")


@pytest.fixture
def directory(tmp_path: Path) -> LiveDirectory:
    return LiveDirectory(tmp_path / "live")


def test_a_state_comes_back_as_it_was_saved(directory: LiveDirectory) -> None:
    for live in (LIVE, dataclasses.replace(LIVE, first=None, part=0, gaps=(), state="recording")):
        directory.save(live)
        assert directory.load(CALL) == live
    assert directory.load(OTHER) is None


def test_a_state_shows_no_key_where_it_is_printed() -> None:
    assert "kkkk" not in repr(LIVE)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b'{"version": 2}', b"\xff", b'{"version": 1, "call": "x"}'])
def test_a_state_that_cannot_be_read_is_lost_and_not_an_unexpected_error(
        directory: LiveDirectory, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "live" / f"{CALL}.live").write_bytes(data)
    with pytest.raises(LiveLost):
        directory.load(CALL)
    assert directory.calls() == [CALL]


def test_half_a_state_never_takes_a_whole_ones_place(directory: LiveDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    directory.save(LIVE)
    monkeypatch.setattr(os, "write", lambda handle, data: len(data) - 1)
    with pytest.raises(OSError, match="full"):
        directory.save(dataclasses.replace(LIVE, part=9))
    assert directory.load(CALL) == LIVE


def test_discarding_takes_all_of_a_call_and_nothing_of_others(directory: LiveDirectory, tmp_path: Path) -> None:
    for live in (LIVE, dataclasses.replace(LIVE, call=OTHER)):
        directory.save(live)
        directory.tail(live, "audio").append(b"a")
    directory.tail(dataclasses.replace(LIVE, series="ffff"), "audio").append(b"a")
    directory.discard(CALL, keep="abcd")
    assert sorted(p.name for p in (tmp_path / "live").glob(f"{CALL}*")) == [f"{CALL}.abcd.audio.0", f"{CALL}.live"]
    directory.discard(CALL)
    assert directory.calls() == [OTHER]
    assert len(list((tmp_path / "live").iterdir())) == 2


def test_a_tail_holds_what_was_appended_for_whoever_opens_it_next(tmp_path: Path) -> None:
    tail = Tail(tmp_path, "t")
    tail.append(b"one")
    tail.append(b"two")
    again = Tail(tmp_path, "t")
    assert (again.held, again.index, again.frozen) == (b"onetwo", 0, False)
    again.append(b"three")
    again.freeze()
    third = Tail(tmp_path, "t")
    assert (third.held, third.frozen) == (b"onetwothree", True)
    third.advance(4, b"three")
    fourth = Tail(tmp_path, "t")
    assert (fourth.held, fourth.index, fourth.frozen) == (b"three", 4, True)
    assert len(list(tmp_path.iterdir())) == 1


def test_numbers_are_compared_as_numbers(tmp_path: Path) -> None:
    for n, data in ((9, b"old"), (10, b"new")):
        (tmp_path / f"t.{n}").write_bytes(data)
    (tmp_path / "t.11.new").write_bytes(b"half")
    tail = Tail(tmp_path, "t")
    assert (tail.index, tail.held) == (10, b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["t.10"]


@given(st.binary(max_size=100), st.integers(0, 120))
@settings(max_examples=30)
def test_trimming_is_seen_by_whoever_opens_it_next(data: bytes, length: int) -> None:

    with tempfile.TemporaryDirectory() as directory:
        Tail(Path(directory), "t").append(data)
        tail = Tail(Path(directory), "t")
        tail.trim(length)
        tail.append(b"more")
        assert Tail(Path(directory), "t").held == data[:length] + b"more"


@pytest.mark.parametrize("step", ["rename", "unlink"])
def test_dying_while_a_tail_moves_on_leaves_exactly_one_truth(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    tail = Tail(tmp_path, "t")
    tail.append(b"chunk-rest")

    def killed(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, step, killed)
        with pytest.raises(KeyboardInterrupt):
            tail.advance(1, b"rest")
    again = Tail(tmp_path, "t")
    assert (again.index, again.held) == {"rename": (0, b"chunk-rest"), "unlink": (1, b"rest")}[step]
    assert len(list(tmp_path.iterdir())) == 1
