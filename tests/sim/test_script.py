"""Scripts as files. A script that is played is in test_switch.py."""

from pathlib import Path

import pytest

from eslbot import data
from eslbot.sim.party import Dialogue, Silence, Tone
from eslbot.sim.script import ScriptError, read


def test_what_a_script_may_say(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    play = data.dialogues("en") / "clean"
    path.write_text(
        f'{{"calls": [{{"agent": {{"dialogue": "{play}"}}, "customer": {{"dialogue": "{play}"}}}},'
        ' {"at": 2, "agent": {"tone": 440}, "agent_number": "1002"}], "faults": [{"at": 3, "do": "kill"}], "ends": 9}'
    )
    script = read(path)
    assert isinstance(script.calls[0].customer, Dialogue)
    assert list(script.calls[0].hangs_up) == ["agent"]
    assert script.calls[1].agent == Tone(440)
    assert script.calls[1].customer == Silence()
    assert (script.calls[1].agent_number, script.calls[1].customer_number) == ("1002", "9001")
    assert (script.faults, script.ends) == (((3.0, "kill"),), 9.0)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{", "x.json"),
        ("[]", "x.json"),
        ('{"calls": [{"first": "nobody"}]}', "nobody"),
        ('{"calls": [{"agent": {"wav": "gone.wav"}}]}', "gone.wav"),
        ('{"calls": [{"agent": {"dialogue": "gone"}}]}', "dialogue.toml"),
        ('{"faults": [{"do": "kill"}]}', "at"),
        ('{"faults": [{"at": 1, "do": "explode"}]}', "explode"),
    ],
)
def test_a_script_that_is_wrong_says_where(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(ScriptError, match=named):
        read(path)
