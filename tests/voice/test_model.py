"""A model directory assembled without training loads in the real Vosk, which then hears what its network says."""

import json
from pathlib import Path

import numpy as np

from tests.voice.networks import random_network
from tools.voice import model, recognise, speech, text
from tools.voice.layers import Affine, Network

CORPUS = text.Corpus("en", (("hello", "you"), ("you",)), (), ("zebra",))
SOUNDS = speech.Sounds(("a", "b", "c"), {"hello": ((("a", "b"), 1.0),), "you": ((("c",), 0.6), (("c", "a"), 0.4))})


def certain(network: Network, output: int) -> Network:
    """The same network, of which one output always wins."""
    last = network.layers[-1]
    bias = last.bias.copy()
    bias[output] = 40.0
    return Network((*network.layers[:-1], Affine(last.offsets, last.weight, bias)), network.priors)


def heard(directory: Path, output: int) -> tuple[str, ...]:
    model.assemble(model.Plan("en"), CORPUS, SOUNDS, certain(random_network(5), output), directory)
    noise = np.random.default_rng(1).integers(-2000, 2000, 8000).astype(np.int16)
    return recognise.recognise(recognise.load(directory), noise).text


def test_vosk_hears_silence_a_word_or_garbage_as_the_networks_outputs_are_numbered(tmp_path: Path) -> None:
    assert heard(tmp_path / "silence", 0) == ()
    assert set(heard(tmp_path / "you", 3)) == {"you"}
    assert set(heard(tmp_path / "garbage", 4)) == {"[unk]"}


def test_a_model_says_what_it_was_made_from(tmp_path: Path) -> None:
    model.assemble(model.Plan("en", hours=0.5, seed=7), CORPUS, SOUNDS, random_network(5), tmp_path)
    made = json.loads((tmp_path / "made.json").read_text())
    assert made == {"language": "en", "hours": 0.5, "epochs": 16, "seed": 7, "words": 2, "sentences": 2, "phones": 3}
    rows = [row.split() for row in (tmp_path / "graph/words.txt").read_text().splitlines()]
    assert rows[:2] == [["<eps>", "0"], ["[unk]", "1"]]
    assert [int(index) for _, index in rows] == list(range(len(rows)))
