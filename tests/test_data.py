"""The files that ship are where they are said to be."""

import pytest

from eslbot import data


@pytest.mark.parametrize("name", data.MODELS)
def test_a_shipped_model_has_what_vosk_loads(name: str) -> None:
    names = ("am/final.mdl", "graph/HCLG.fst", "graph/words.txt", "graph/phones/word_boundary.int", "conf/model.conf")
    assert [part for part in names if not (data.model(name) / part).is_file()] == []


def test_the_models_stay_under_3_megabytes_together() -> None:
    assert sum(path.stat().st_size for path in (data.ROOT / "models").rglob("*") if path.is_file()) < 3_000_000


@pytest.mark.parametrize("language", data.LANGUAGES)
def test_prompts_and_dialogues_ship_in_every_language(language: str) -> None:
    assert (data.prompts(language) / "prompts.toml").is_file()
    assert list(data.dialogues(language).glob("*/dialogue.toml"))


@pytest.mark.parametrize("wrong", ["demo-fr", "../models/demo-zh", ""])
def test_another_name_is_refused_with_those_there_are(wrong: str) -> None:
    with pytest.raises(ValueError, match="there are demo-zh, demo-en"):
        data.model(wrong)
    with pytest.raises(ValueError, match="there are zh, en"):
        data.prompts(wrong)
    with pytest.raises(ValueError, match="there are zh, en"):
        data.dialogues(wrong)
