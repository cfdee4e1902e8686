"""Dialogues as files."""

from pathlib import Path

import pytest

from eslbot import data
from eslbot.sim.dialogue import DialogueError, load

SHIPPED = [path for language in data.LANGUAGES for path in sorted(data.dialogues(language).iterdir()) if path.is_dir()]


@pytest.mark.parametrize("directory", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_shipped_dialogues_load_and_are_spoken_at_their_times(directory: Path) -> None:
    play = load(directory)
    assert {line.role for line in play.lines} == {"agent", "customer"}
    for line in play.lines:
        speech = play.agent if line.role == "agent" else play.customer
        said = speech.samples(0, round(line.at * 8000), round(line.seconds * 8000), 8000)
        assert abs(said).max() > 3000, line.text
    assert max(line.at + line.seconds for line in play.lines) <= play.ends


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("title = 1", "line"),
        ('title = "x"\nhangs_up = "nobody"\nends = 1\nline = []', "hangs_up"),
        ('title = "x"\nhangs_up = "agent"\n[[line]]\nrole = "agent"\nat = 0\nfile = "no.wav"\ntext = ""', "no.wav"),
        ("title =", "dialogue.toml"),
    ],
)
def test_a_broken_dialogue_is_named(tmp_path: Path, text: str, names: str) -> None:
    (tmp_path / "dialogue.toml").write_text(text)
    with pytest.raises(DialogueError, match=names):
        load(tmp_path)


def test_a_missing_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(DialogueError, match=r"dialogue\.toml"):
        load(tmp_path / "nowhere")
