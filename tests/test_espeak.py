"""The espeak-ng binding: what it says when the library is not there, resampling, and (with the library) speech."""

import hashlib
import subprocess
import sys

import numpy as np
import pytest

from eslbot import espeak


def test_a_missing_library_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak, "_places", lambda: iter([("libnowhere.so.7", None)]))
    with pytest.raises(espeak.EspeakError, match=r"pip install espeakng-loader.*libnowhere\.so\.7"):
        espeak.Espeak()


@pytest.mark.parametrize(("source", "target"), [(22050, 8000), (22050, 16000), (8000, 16000), (8000, 7300.5)])
def test_resampling_keeps_a_tone_its_pitch_and_level(source: float, target: float) -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(int(source)) / source)
    made = espeak.resample(tone, source, target)
    assert len(made) == round(int(source) * target / source)
    expected = np.sin(2 * np.pi * 440 * np.arange(len(made)) / target)
    inside = slice(200, -200)
    np.testing.assert_allclose(made[inside], expected[inside], atol=0.03)


def test_resampling_down_removes_what_the_lower_rate_cannot_hold() -> None:
    tone = np.sin(2 * np.pi * 6000 * np.arange(22050) / 22050)
    assert np.abs(espeak.resample(tone, 22050, 8000)[400:-400]).max() < 0.01


def test_speech_comes_with_words_and_phones_in_order() -> None:
    made = espeak.Espeak().say("您好 再见", espeak.Voice("cmn-latn-pinyin"))
    assert made.rate == 22050
    assert 0.5 < len(made.samples) / made.rate < 3
    assert {0, 3} <= {mark.character for mark in made.words}  # espeak-ng may mark every hanzi
    assert [mark.sample for mark in made.phones] == sorted(mark.sample for mark in made.phones)


@pytest.mark.parametrize("name", ["cmn-latn-pinyin+f2", "cmn-latn-pinyin+whisper", "en-us+klatt"])
def test_an_utterance_is_the_same_whatever_was_said_before(name: str) -> None:
    engine, other = espeak.Espeak(), espeak.Espeak()
    first = engine.say("您好 hello 风险", espeak.Voice(name))
    for said, voice in (("Quite another thing.", "en-us+m3"), ("再见", "cmn-latn-pinyin+croak")):
        engine.say(said, espeak.Voice(voice, 90, 80, 10))
        for again in (engine, other):
            made = again.say("您好 hello 风险", espeak.Voice(name))
            assert np.array_equal(made.samples, first.samples)
            assert (made.words, made.phones) == (first.words, first.phones)


def test_another_process_says_the_same() -> None:
    code = (
        "import hashlib; from eslbot.espeak import Espeak, Voice;"
        "print(hashlib.sha256(Espeak().say('hello there', Voice('en-us+whisper')).samples.tobytes()).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    here = espeak.Espeak().say("hello there", espeak.Voice("en-us+whisper")).samples.tobytes()
    assert done.stdout.decode().strip() == hashlib.sha256(here).hexdigest()


def test_speed_is_heard_and_an_unknown_voice_is_named() -> None:
    engine = espeak.Espeak()
    slow, fast = (len(engine.say("hello there", espeak.Voice("en-us", speed)).samples) for speed in (100, 300))
    assert slow > 1.5 * fast
    with pytest.raises(espeak.EspeakError, match="no voice 'xx-none'"):
        engine.say("hello", espeak.Voice("xx-none"))
