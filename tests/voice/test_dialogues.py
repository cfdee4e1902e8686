"""The demo's dialogues as they ship: what they promise about length, turns, and when what is said."""

import tomllib
import wave
from pathlib import Path
from typing import Any

import pytest

from eslbot import data, prompts
from tests.voice import sounds
from tools.voice import dialogues
from tools.voice.voices import DIALOGUE_VOICES, EVALUATION_VOICES, PROMPT_VOICE, TRAINING_VOICES

NAMES = ("clean", "missing-disclosure", "severe-promise")
NOTICE = {"zh": "通话会录音", "en": "call is recorded"}
PROMISE = {"zh": "稳赚不赔", "en": "guaranteed return"}
CASES = [(language, name) for language in data.LANGUAGES for name in NAMES]


def script(language: str, name: str) -> dict[str, Any]:
    return tomllib.loads((data.dialogues(language) / name / "dialogue.toml").read_text(encoding="utf-8"))


def seconds(language: str, name: str, file: str) -> float:
    with wave.open(str(data.dialogues(language) / name / file)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (8000, 1, 2)
        return float(sound.getnframes() / 8000)


@pytest.mark.parametrize(("language", "name"), CASES)
def test_a_dialogue_lasts_15_to_25_seconds_and_nobody_interrupts(language: str, name: str) -> None:
    played = script(language, name)
    assert 15 <= played["ends"] <= 25
    assert played["hangs_up"] in ("agent", "customer")
    assert played["title"]
    now = 0.0
    for entry in played["line"]:
        assert entry["at"] >= now
        assert entry["file"].endswith(f"-{entry['role']}.wav")
        now = entry["at"] + seconds(language, name, entry["file"])
    assert now < played["ends"]
    assert {entry["role"] for entry in played["line"]} == {"agent", "customer"}


@pytest.mark.parametrize(("language", "name"), CASES)
def test_the_recording_is_announced_within_8_seconds_or_never(language: str, name: str) -> None:
    played = script(language, name)
    ends = [
        entry["at"] + seconds(language, name, entry["file"])
        for entry in played["line"]
        if entry["role"] == "agent" and NOTICE[language] in entry["text"]
    ]
    if name == "missing-disclosure":
        assert not ends
        assert played["ends"] > 12 + 5  # the demo's deadline, and time to hear what follows it
    else:
        assert min(ends) <= 8


@pytest.mark.parametrize(("language", "name"), CASES)
def test_only_the_severe_dialogue_promises_and_goes_on_for_4_seconds(language: str, name: str) -> None:
    promises = [entry for entry in script(language, name)["line"] if PROMISE[language] in entry["text"]]
    assert bool(promises) == (name == "severe-promise")
    for entry in promises:
        assert entry["role"] == "agent"
        before, after = entry["text"].split(PROMISE[language])
        share = len(after) / len(before + PROMISE[language] + after)
        assert before
        assert share * seconds(language, name, entry["file"]) >= 4


def test_the_dialogues_stay_under_4_megabytes() -> None:
    assert sum(path.stat().st_size for path in (data.ROOT / "dialogues").rglob("*") if path.is_file()) < 4_000_000


def test_no_voice_is_in_two_of_training_evaluation_dialogues_and_prompts() -> None:
    every = [*TRAINING_VOICES, *EVALUATION_VOICES, *DIALOGUE_VOICES.values(), PROMPT_VOICE]
    assert len(set(every)) == len(every)
    assert {voice.split("+")[1] for voice in prompts.VOICES.values()} == {PROMPT_VOICE}


@pytest.mark.parametrize("language", data.LANGUAGES)
def test_what_ships_says_what_the_scripts_say(language: str) -> None:
    scripts = dialogues.read_scripts(dialogues.SCRIPTS / f"{language}.toml")
    assert sorted(made.name for made in scripts) == sorted(NAMES)
    for made in scripts:
        shipped = script(language, made.name)
        assert (shipped["title"], shipped["hangs_up"]) == (made.title, made.hangs_up)
        said = [(entry["role"], entry["text"]) for entry in shipped["line"]]
        assert said == [(line.role, line.text) for line in made.lines]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{role = "boss", after = 0.1, text = "x"}', "role 'boss' is neither"),
        ('{role = "agent", after = 0.1, says = "x"}', "unexpected keyword argument 'says'"),
    ],
)
def test_a_bad_script_is_refused_by_file_and_dialogue(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(f'[[dialogue]]\nname = "odd"\ntitle = "t"\nhangs_up = "agent"\nlines = [{line}]\n')
    with pytest.raises(ValueError, match=rf"bad\.toml: dialogue 'odd': .*{message}"):
        dialogues.read_scripts(path)


@pytest.mark.parametrize("language", data.LANGUAGES)
def test_rendering_twice_gives_the_same_bytes(tmp_path: Path, language: str) -> None:
    for name in ("1", "2"):
        dialogues.render(language, tmp_path / name)
    first = sorted(path for path in (tmp_path / "1").rglob("*") if path.is_file())
    assert len(first) > 3 * len(NAMES)
    for path in first:
        assert path.read_bytes() == (tmp_path / "2" / path.relative_to(tmp_path / "1")).read_bytes()


@pytest.mark.parametrize("language", data.LANGUAGES)
def test_the_shipped_dialogues_sound_and_are_timed_as_espeak_ng_says_them(tmp_path: Path, language: str) -> None:
    dialogues.render(language, tmp_path)
    for name in NAMES:
        shipped = script(language, name)
        made = tomllib.loads((tmp_path / name / "dialogue.toml").read_text(encoding="utf-8"))
        assert made["ends"] == pytest.approx(shipped["ends"], abs=0.1)
        for entry, again in zip(shipped["line"], made["line"], strict=True):
            assert {**entry, "at": 0} == {**again, "at": 0}
            assert again["at"] == pytest.approx(entry["at"], abs=0.1)
            ships = sounds.samples(data.dialogues(language) / name / entry["file"])
            assert sounds.likeness(sounds.samples(tmp_path / name / entry["file"]), ships) > 0.85
