"""A party's speech, its clock and its ear."""

from pathlib import Path

import numpy as np
import pytest

from eslbot.sim.party import Dialogue, Line, Party, Samples, Silence, Tone, render
from eslbot.sim.sound import SoundError, read_wav


def test_samples_begin_at_the_bridge_and_end_in_silence() -> None:
    party = Party(Samples(np.arange(1, 241, dtype=np.int16)))
    assert not party.say(160).any()
    party.pass_frame(160)
    party.was_bridged()
    assert party.say(160).tolist() == list(range(1, 161))
    party.pass_frame(160)
    assert party.say(160).tolist() == list(range(161, 241)) + [0] * 80
    party.pass_frame(160)
    assert not party.say(160).any()


def test_samples_may_begin_at_the_answer() -> None:
    assert Party(Samples(np.ones(160, np.int16), from_answer=True)).say(160).all()


def test_a_tone_goes_on_without_a_break() -> None:
    tone = Tone(440)
    whole = tone.samples(0, None, 320, 8000)
    assert (np.concatenate([tone.samples(0, None, 160, 8000), tone.samples(160, None, 160, 8000)]) == whole).all()


def test_lines_stand_at_their_times_and_overlaps_are_mixed() -> None:
    pcm = np.full(80, 100, np.int16)
    dialogue = Dialogue([Line(0.01, pcm), Line(0.015, pcm), Line(1.0, pcm, rate=16000)])
    assert dialogue.samples(0, 0, 240, 8000).tolist() == [0] * 80 + [100] * 40 + [200] * 40 + [100] * 40 + [0] * 40
    assert dialogue.samples(0, 8000, 80, 8000).tolist() == [100] * 40 + [0] * 40
    with pytest.raises(SoundError):
        dialogue.samples(0, 0, 160, 16000)


def test_what_is_heard_stands_where_it_was_heard(tmp_path: Path) -> None:
    party = Party(Silence())
    party.pass_frame(4)
    party.was_bridged()
    party.hear(np.full(4, 5, np.int16))
    party.pass_frame(4)
    party.pass_frame(4)
    assert party.heard.tolist() == [0] * 4 + [5] * 4 + [0] * 4
    samples, rate = read_wav(render(party, tmp_path / "x.wav"))
    assert (samples.tolist(), rate) == ([5] * 4 + [0] * 4, 8000)


def test_frames_that_come_in_pairs_are_played_one_after_the_other() -> None:
    party = Party()
    for value in (1, 2, 3, 4, 5):
        party.hear(np.full(1, value, np.int16))
    for _ in range(4):
        party.pass_frame(1)
    assert party.heard.tolist() == [3, 4, 5, 0]


def test_a_party_that_keeps_nothing_heard_nothing() -> None:
    party = Party(keeps=False)
    party.hear(np.ones(4, np.int16))
    party.pass_frame(4)
    assert len(party.heard) == 0
    assert party.answered == 4


def test_hanging_up_is_counted_from_the_bridge() -> None:
    party = Party(hangs_up_at=0.02)
    party.pass_frame(800)
    assert not party.hangs_up_now
    party.was_bridged()
    party.pass_frame(159)
    assert not party.hangs_up_now
    party.pass_frame(1)
    assert party.hangs_up_now
