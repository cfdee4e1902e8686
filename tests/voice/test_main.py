"""The maker's command line: its errors, and the quick model that CI trains."""

from pathlib import Path

import pytest

from eslbot import data
from tools.voice.__main__ import main


def files(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file()]


def test_a_model_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(tmp_path / "none")]) == 1
    assert f"error: {tmp_path / 'none'} was not made by this maker" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["build", "--language", "fr", "-o", "x"], ["build", "--language", "zh"], []])
def test_wrong_arguments_end_with_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert "usage: python -m tools.voice" in capsys.readouterr().err


@pytest.mark.voice
def test_a_bound_that_is_passed_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["evaluate", str(data.model("demo-en")), "--rounds", "1", "--bound"]
    assert main([*arguments, "0.1"]) == 1
    shown = capsys.readouterr()
    assert "| word error rate, other sentences of the same words |" in shown.out
    assert "is above the bound of 0.1 %" in shown.err


@pytest.mark.voice
def test_the_same_seed_builds_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    made = []
    for name, seed in (("one", "5"), ("two", "5"), ("three", "6")):
        small = ["build", "--language", "en", "--hours", "0.03", "--epochs", "1", "--seed", seed]
        assert main([*small, "-o", str(tmp_path / name)]) == 0
        made.append({str(path.relative_to(tmp_path / name)): path.read_bytes() for path in files(tmp_path / name)})
    assert "am/final.mdl" in made[0]
    assert made[0] == made[1]
    assert made[0]["am/final.mdl"] != made[2]["am/final.mdl"]
    assert made[0]["graph/HCLG.fst"] == made[2]["graph/HCLG.fst"]  # a seed is of clips and training only


@pytest.mark.voice
def test_a_quick_model_hears_nine_words_of_ten(tmp_path: Path) -> None:
    assert main(["build", "--language", "zh", "--quick", "-o", str(tmp_path)]) == 0
    assert main(["evaluate", str(tmp_path), "--rounds", "1", "--bound", "10"]) == 0
