"""The feeder lets files grow as a switch does: all of the talk, in order, each call elsewhere in it."""

import time
from pathlib import Path

import pytest

from eslbot.service.measuring import feeder

RATE = 8000
FRAME = 640
TALK = b"".join(bytes([n]) * FRAME for n in range(200))


def test_each_file_grows_by_the_talk_from_a_place_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "talk").write_bytes(TALK)
    files = [tmp_path / f"{n}.r8" for n in range(7)]
    for file in files:
        file.touch()
    before = time.monotonic()
    feeder.main(["--talk", str(tmp_path / "talk"), "--seconds", "0.2", *map(str, files)])
    begun = float(capsys.readouterr().out)
    assert before < begun < time.monotonic()
    said = [[data[at] for at in range(0, len(data), FRAME)] for data in (file.read_bytes() for file in files)]
    starts = [row[0] for row in said]
    assert starts[0] == 0
    assert len(set(starts)) == len(starts)
    assert all(row == [(row[0] + n) % 200 for n in range(10)] for row in said)


def test_calls_are_spread_over_a_frame() -> None:
    phases = {round(feeder.phase(call), 4) for call in range(50)}
    assert len(phases) == feeder.SLOTS
    assert max(phases) < feeder.FRAME
