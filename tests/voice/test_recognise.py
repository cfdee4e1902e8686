"""The shipped models through the real Vosk: the demo's dialogues, word for word, however the audio is cut."""

import tomllib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import vosk

from eslbot import data
from tests.voice.sounds import samples
from tools.voice import line, recognise

LINES = [
    (language, place.parent.name, entry)
    for language in data.LANGUAGES
    for place in sorted(data.dialogues(language).glob("*/dialogue.toml"))
    for entry in tomllib.loads(place.read_text(encoding="utf-8"))["line"]
]


@pytest.fixture(scope="module")
def models() -> dict[str, vosk.Model]:
    return {language: recognise.load(data.model(f"demo-{language}")) for language in data.LANGUAGES}


def bare(words: str) -> str:
    """Letters and hanzi only: neither spaces nor punctuation are heard."""
    return "".join(character for character in words.lower() if character.isalnum())


@pytest.mark.parametrize("piece", [0.02, pytest.param(0.1, marks=pytest.mark.voice)])
@pytest.mark.parametrize(("language", "dialogue", "entry"), LINES, ids=lambda value: str(value)[:40])
def test_every_line_of_the_demo_is_recognised_exactly(
    models: dict[str, vosk.Model], language: str, dialogue: str, entry: dict[str, str], piece: float
) -> None:
    sound = samples(data.dialogues(language) / dialogue / entry["file"])
    heard = recognise.recognise(models[language], np.concatenate([sound, np.zeros(8000, dtype=np.int16)]), piece)
    assert bare(" ".join(heard.text)) == bare(entry["text"])


@pytest.mark.parametrize("language", data.LANGUAGES)
@pytest.mark.parametrize(("role", "codec"), [("agent", line.ulaw), ("customer", line.alaw)])
def test_a_whole_leg_of_each_dialogue_is_recognised_through_g711(
    models: dict[str, vosk.Model], language: str, role: str, codec: object
) -> None:
    for place in sorted(data.dialogues(language).iterdir()):
        script = tomllib.loads((place / "dialogue.toml").read_text(encoding="utf-8"))
        leg = np.zeros(int((script["ends"] + 1) * 8000), dtype=np.int16)
        for entry in script["line"]:
            if entry["role"] == role:
                sound = samples(place / entry["file"])
                begin = int(entry["at"] * 8000)
                leg[begin : begin + len(sound)] = sound
        heard = recognise.recognise(models[language], codec(leg))  # type: ignore[operator]
        said = "".join(bare(entry["text"]) for entry in script["line"] if entry["role"] == role)
        assert bare(" ".join(heard.text)) == said


def test_words_lie_where_they_were_said(models: dict[str, vosk.Model]) -> None:
    sound = samples(data.dialogues("zh") / "clean" / "02-agent.wav")
    lead = np.zeros(16000, dtype=np.int16)
    heard = recognise.recognise(models["zh"], np.concatenate([lead, sound, lead]))
    assert heard.words[0].begin == pytest.approx(2.05, abs=0.1)
    assert heard.words[-1].end == pytest.approx(2 + len(sound) / 8000, abs=0.25)
    assert all(word.begin < word.end for word in heard.words)
    assert heard.ends
    assert heard.shown["录音"] < heard.words[-1].end + 0.5


def _tones() -> npt.NDArray[np.int16]:
    random = np.random.default_rng(11)
    pieces = [line.not_speech(random) for _ in range(25)]
    return (np.clip(np.concatenate(pieces), -1, 1) * 20000).astype(np.int16)


@pytest.mark.parametrize("language", data.LANGUAGES)
def test_keys_ringing_and_noise_are_not_words(models: dict[str, vosk.Model], language: str) -> None:
    heard = recognise.recognise(models[language], _tones())
    assert len([word for word in heard.text if word != "[unk]"]) <= 2


@pytest.mark.parametrize("language", data.LANGUAGES)
def test_silence_is_no_word(models: dict[str, vosk.Model], language: str) -> None:
    quiet = (np.random.default_rng(1).standard_normal(80000) * 20).astype(np.int16)
    assert recognise.recognise(models[language], quiet).text == ()
    assert recognise.recognise(models[language], np.zeros(80000, dtype=np.int16)).text == ()


def test_a_directory_that_is_no_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"is no model: it has no am/final\.mdl"):
        recognise.load(tmp_path)
