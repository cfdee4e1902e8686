"""Builds a model: sounds, clips, network, graph, and the directory Vosk loads.

Knows which file goes where and the decoder's settings. Does not know how any part is made.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from tools.voice import clips, features, graph, kaldi_io, speech, text
from tools.voice.layers import Network
from tools.voice.phones import PhoneTable

HIDDEN = 128
"""Width of the network."""
ACOUSTIC_SCALE = {"zh": 0.3, "en": 0.37}
"""Of the network against the graph."""
# A short determinize-max-delay makes Vosk 0.3.45 determinize silence over and over: ten times the work, the same words.
_CONF = """--beam=11.0
--lattice-beam=4.0
--min-active=200
--max-active=3000
--acoustic-scale={scale}
--frame-subsampling-factor=3
--frames-per-chunk=6
--determinize-max-delay=100
--endpoint.silence-phones=1
--endpoint.rule2.min-trailing-silence=0.5
--endpoint.rule3.min-trailing-silence=0.75
--endpoint.rule4.min-trailing-silence=1.0
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is chosen about a model: the same plan gives the same bytes, as far as net.train does."""

    language: str
    hours: float = 4.0
    """Of synthetic speech."""
    epochs: int = 16
    seed: int = 1


Progress = Callable[[str, float], None]
"""(stage, share of it that is done, 0 to 1)"""


def build(plan: Plan, directory: Path, progress: Progress, processes: int = 2) -> None:
    """Makes the model and writes it to `directory`, which is created. Needs torch and espeak-ng."""
    from tools.voice import net  # torch is heavy, and only needed here

    corpus = text.read(plan.language)
    sounds = speech.sounds(corpus)
    count = max(8, round(plan.hours * 3600 / clips.SECONDS))
    made = np.zeros((count, clips.FRAMES, features.BINS), dtype=np.float32)
    labels = np.zeros((count, clips.LABELS), dtype=np.int64)
    recipe = clips.Recipe(corpus, sounds.phones, plan.seed)
    for number, (made[number], labels[number]) in enumerate(clips.make(recipe, count, processes)):
        progress("speech", (number + 1) / count)
    epochs = iter(range(1, plan.epochs + 1))
    network = net.train(
        clips.Clips(made, labels),
        len(sounds.phones),
        hidden=HIDDEN,
        epochs=plan.epochs,
        seed=plan.seed,
        progress=lambda loss: progress(f"training (loss {loss:.3f})", next(epochs) / plan.epochs),
    )
    assemble(plan, corpus, sounds, network, directory)


def assemble(plan: Plan, corpus: text.Corpus, sounds: speech.Sounds, network: Network, directory: Path) -> None:
    """Writes the files that Vosk loads, and `made.json` with the plan and what it came from."""
    table = PhoneTable(len(sounds.phones) + 1)
    units = {phone: unit for unit, phone in enumerate(sounds.phones)}
    lexicon = {
        word: tuple((tuple(units[phone] for phone in phones), probability) for phones, probability in said)
        for word, said in sounds.lexicon.items()
    }
    model = graph.bigram(text.bigrams(corpus))
    hclg = graph.build(model, lexicon, table, graph.Garbage())
    words = "".join(f"{word} {index}\n" for index, word in enumerate(graph.words_of(lexicon)))
    made = {**asdict(plan), "words": len(lexicon), "sentences": len(corpus.sentences), "phones": len(sounds.phones)}
    files = {
        "am/final.mdl": kaldi_io.final_mdl(network, table),
        "graph/HCLG.fst": hclg.to_bytes(),
        "graph/words.txt": words.encode(),
        "graph/phones/word_boundary.int": table.word_boundary().encode(),
        "conf/mfcc.conf": features.MFCC_CONF.encode(),
        "conf/model.conf": _CONF.format(scale=ACOUSTIC_SCALE[plan.language]).encode(),
        "made.json": (json.dumps(made, indent=1) + "\n").encode(),
    }
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
