"""What a process of a replay is told, and what it answers."""

import io
import sys
from types import SimpleNamespace

import orjson
import pytest

from eslbot.improve import worker
from eslbot.improve.worker import Replayer, row_of_plain, row_to_plain
from eslbot.judge import load
from tests.improve.conftest import Place


def test_a_row_comes_through_json_with_what_opening_its_words_needs(place: Place) -> None:
    row = place.rows[0]
    again = row_of_plain(orjson.loads(orjson.dumps(row_to_plain(row))))
    assert (again.words_header, again.path, again.samples, again.state) == (
        row.words_header, row.path, row.samples, row.state)
    assert again.audio_header == b""


def test_one_call_is_judged_in_this_process_too(place: Place) -> None:
    replayer = Replayer(load([place.new]), load([place.old]), place.directory / "recordings", [place.identity])
    answer = replayer.judge([place.rows[1]], True, [])
    assert [hit["text"] for hit in answer["gained"]] == ["这个 产品 保本"]
    assert (answer["lost"], answer["kept"], answer["scores"]) == ([], {}, None)


def test_the_job_and_the_identity_come_over_standard_input_alone(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = {"new": [str(place.new)], "old": [], "base": "/", "directory": str(place.directory / "recordings"),
           "identities": [place.identity.encode()], "redacted": True}  # fmt: skip
    batch = [{"rows": [row_to_plain(row)], "roles_known": True, "labels": []} for row in place.rows[:2]]
    said, asked = io.BytesIO(), io.BytesIO(orjson.dumps(job) + b"\n" + orjson.dumps(batch) + b"\n")
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=asked))
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=said))
    worker.main()
    assert [len(one["gained"]) for one in orjson.loads(said.getvalue())] == [1, 1]
