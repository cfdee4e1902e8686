"""bench: more and more calls until it is too much, and what is said then."""

import pytest

from eslbot.cli import bench


@pytest.mark.parametrize("language", bench.PACKS)
def test_one_call_is_measured_for_real_in_each_language(eslbot, language) -> None:
    more = ("--language", language, "--calls", 1, "--seconds", 2, "--json")
    said = eslbot("bench", "--model", f"demo-{language}", *more)
    assert said.code == 0
    found = said.json
    [row] = found["steps"]
    assert row["calls"] == 1
    assert row["p50"] is not None
    assert found["calls"] == (0 if row["why"] else 1)


def test_the_last_number_that_was_not_too_much_is_what_the_machine_carries(eslbot, monkeypatch) -> None:
    rows = [{"calls": 10, "service": 0.1, "recogniser": 0.2, "p50": 5, "p95": 9, "lost": 0.0, "words": 9, "why": ""},
            {"calls": 20, "service": 0.1, "recogniser": 0.2, "p50": 5, "p95": 900, "lost": 0.0, "words": 9,
             "why": "words come 900 ms late"}]
    monkeypatch.setattr(bench, "_measured", lambda *told: (rows, rows[-1]["why"]))
    said = eslbot("bench", "--model", "demo-zh")
    assert "carry 10 calls with demo-zh; words come 900 ms late" in said.out
    assert "too much because" in said.out


def test_a_model_that_is_none_is_a_sentence(eslbot, tmp_path) -> None:
    said = eslbot("bench", "--model", tmp_path)
    assert (said.code, said.out) == (1, "")
    assert str(tmp_path) in said.err
    assert eslbot("bench", "--model", "demo-zh", "--language", "fr").code == 2
