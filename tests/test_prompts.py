"""Prompts: the shipped files, prompts.toml with all its mistakes at once, rendering with a speaker of our own."""

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from eslbot import data, espeak, prompts
from tests.voice import sounds

NEEDED = {"closing", "reminder", "recording-notice", "identity", "refusal-way", "supervised", "supervised-tone"}
NEEDED |= {"risk-warning", "correction", "conditions"}
ALSO = {"zh": set[str](), "en": {"debt-notice"}}
"""What only the packs of one language name."""


def tone(text: str, voice: str) -> tuple[npt.NDArray[np.int16], int]:
    """Half a second of 300 Hz between silences, for any text."""
    wave_form = 5000 * np.sin(2 * np.pi * 300 * np.arange(11025) / 22050)
    return np.pad(wave_form, 4000).astype(np.int16), 22050


def seconds(path: Path) -> float:
    with wave.open(str(path)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
        return float(sound.getnframes() / sound.getframerate())


@pytest.mark.parametrize("language", data.LANGUAGES)
def test_every_prompt_that_rules_name_ships_as_an_8_khz_wav(language: str) -> None:
    shipped = prompts.shipped(language)
    assert {prompt.name for prompt in shipped} == NEEDED | ALSO[language]
    for prompt in shipped:
        low, high = (0.2, 1.0) if prompt.name.endswith("-tone") else (1.5, 10.0)
        assert low < seconds(prompt.path) < high
        with wave.open(str(prompt.path)) as sound:
            assert sound.getframerate() == 8000
    assert 6 <= seconds(prompts.find("closing", language).path) <= 9


@pytest.mark.parametrize(("language", "keys"), [("zh", "一二三"), ("en", "123")])
def test_the_closing_names_three_keys(language: str, keys: str) -> None:
    text = prompts.find("closing", language).text
    assert [key for key in keys if key not in text] == []


def test_an_unknown_prompt_or_language_is_refused_with_those_there_are() -> None:
    with pytest.raises(prompts.PromptError, match="no zh prompt 'nothing': there are closing, reminder"):
        prompts.find("nothing", "zh")
    with pytest.raises(prompts.PromptError, match="language 'fr': there are zh, en"):
        prompts.shipped("fr")


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text('language = "fr"\nvoice = "x"\n[prompts]\n"../up" = "a"\ngood = "b"\nempty = " "\nnumber = 3\n')
    with pytest.raises(prompts.PromptError) as told:
        prompts.read_texts(path)
    message = str(told.value)
    assert str(path) in message
    for part in ("unknown field 'voice'", "language is 'fr'", "prompt '../up'", "prompt 'empty'", "prompt 'number'"):
        assert part in message
    assert "'good'" not in message


@pytest.mark.parametrize("content", ["language = ", "language = 'zh'\n", "language = 'zh'\n[prompts]\n"])
def test_a_file_without_prompts_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(content)
    with pytest.raises(prompts.PromptError, match=str(path)):
        prompts.read_texts(path)
    with pytest.raises(prompts.PromptError, match=r"none\.toml"):
        prompts.read_texts(tmp_path / "none.toml")


@pytest.mark.parametrize("rate", prompts.RATES)
def test_rendering_writes_each_prompt_at_the_rate_and_the_level(tmp_path: Path, rate: int) -> None:
    (tmp_path / "p.toml").write_text('language = "en"\n[prompts]\none = "One."\ntwo = "Two."\n')
    told: list[str] = []
    made = prompts.render(
        tmp_path / "p.toml", tmp_path / "out", rate=rate, say=tone, progress=lambda prompt: told.append(prompt.name)
    )
    assert told == [prompt.name for prompt in made] == ["one", "two"]
    for prompt in made:
        with wave.open(str(prompt.path)) as sound:
            assert sound.getframerate() == rate
            samples = np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2") / 32768
        assert len(samples) / rate == pytest.approx(0.6, abs=0.02)  # the silence is cut to 50 ms a side
        assert 20 * np.log10(np.sqrt(np.mean(samples**2))) == pytest.approx(prompts.LOUDNESS_DBFS, abs=0.2)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["one.wav", "two.wav"]


def test_levelling_never_clips() -> None:
    spiky = np.zeros(8000, dtype=np.int16)
    spiky[2000:6000:400] = 30000
    assert np.abs(prompts.levelled(spiky, 8000, 8000).astype(int)).max() <= 0.91 * 32767


def test_another_rate_is_refused_and_silence_is_no_prompt(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text('language = "en"\n[prompts]\none = "One."\n')
    with pytest.raises(prompts.PromptError, match="rate 44100: it must be one of 8000, 16000"):
        prompts.render(tmp_path / "p.toml", tmp_path, rate=44100, say=tone)
    with pytest.raises(prompts.PromptError, match="prompt 'one': the sound is silent"):
        prompts.render(tmp_path / "p.toml", tmp_path, say=lambda text, voice: (np.zeros(9000, dtype=np.int16), 22050))


def test_without_library_and_program_rendering_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak, "_places", lambda: iter([("libnowhere.so.7", None)]))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(prompts.PromptError, match=r"espeak-ng is not installed.*and no program espeak-ng on the PATH"):
        prompts.speaker()


def test_the_program_speaks_where_only_it_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "espeak-ng"
    prompts.write_wav(tmp_path / "said.wav", tone("", "")[0], 22050)
    program.write_text(f'#!/bin/sh\ncat > {tmp_path}/asked; echo "$@" >> {tmp_path}/asked; cat {tmp_path}/said.wav\n')
    program.chmod(0o755)
    monkeypatch.setattr(espeak, "_places", lambda: iter([("libnowhere.so.7", None)]))
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    samples, rate = prompts.speaker(180)("Hello; $(rm -rf /)", "en-us")
    assert rate == 22050
    assert np.array_equal(samples, tone("", "")[0])
    assert (tmp_path / "asked").read_text() == "Hello; $(rm -rf /)-v en-us -s 180 --stdin --stdout\n"
    program.write_text("#!/bin/sh\necho no such voice >&2; exit 1\n")
    with pytest.raises(espeak.EspeakError, match="no such voice"):
        prompts.speaker()("Hello", "xx")


@pytest.mark.parametrize("language", data.LANGUAGES)
def test_rendering_twice_gives_the_same_bytes(tmp_path: Path, language: str) -> None:
    source = data.prompts(language) / "prompts.toml"
    for one, other in zip(prompts.render(source, tmp_path / "1"), prompts.render(source, tmp_path / "2"), strict=True):
        assert one.path.read_bytes() == other.path.read_bytes()


@pytest.mark.parametrize("language", data.LANGUAGES)
def test_the_shipped_prompts_say_their_texts_as_espeak_ng_does(tmp_path: Path, language: str) -> None:
    source = data.prompts(language) / "prompts.toml"
    rendered = {prompt.name: prompt.path for prompt in prompts.render(source, tmp_path)}
    ours = prompts.shipped(language)
    assert sorted(prompt.name for prompt in ours) == sorted(rendered)
    shipped = [sounds.samples(prompt.path) for prompt in ours]
    made = [sounds.samples(rendered[prompt.name]) for prompt in ours]
    for at, again in enumerate(made):
        alike = [sounds.likeness(again, prompt) for prompt in shipped]
        assert alike[at] > 0.9
        assert max(alike[:at] + alike[at + 1 :]) < 0.6
        assert abs(len(again) - len(shipped[at])) < 0.15 * 8000  # an older rendering: pauses at the ends differ


def test_tones_are_rendered_as_they_are_written_and_need_no_speaker(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(
        'language = "en"\n[prompts]\none = "One."\n[tones]\nbeep = {text = "Beep", tones = [[500, 0.2], [0, 0.1]]}\n')
    beep, one = prompts.render(tmp_path / "p.toml", tmp_path / "out", say=tone)
    assert (beep.name, beep.text, one.name, seconds(beep.path)) == ("beep", "Beep", "one", 0.3)


@pytest.mark.parametrize("language", data.LANGUAGES)
def test_the_shipped_tones_are_what_their_file_says(language: str) -> None:
    written = prompts.read_texts(data.prompts(language) / "prompts.toml").tones
    for name, tones in written.items():
        with wave.open(str(prompts.find(name, language).path)) as sound:
            there = np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2")
        assert np.array_equal(there, tones.samples(8000, prompts.LOUDNESS_DBFS))
