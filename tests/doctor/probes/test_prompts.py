import os
from pathlib import Path

from eslbot import data
from eslbot.doctor.probes import prompts
from eslbot.doctor.rights import Who

STRANGER = Who(65533, frozenset())


def test_a_path_that_no_command_may_hold_is_found_before_a_call_is(made, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(data, "ROOT", Path("/opt/two words"))   # where it was installed
    [one] = prompts.wanted(made(), {"reminder"})
    assert (one.sayable, one.path) == (False, "/opt/two words/prompts/zh/reminder.wav")
    assert prompts.wanted(made(prompts={"path": str(tmp_path)}), {"reminder"})[0].sayable


def test_a_file_the_switch_does_not_see_and_we_do_is_barred_to_it(made, tmp_path: Path) -> None:
    (tmp_path / "reminder.wav").touch()
    tmp_path.chmod(0o700)
    asked = prompts.wanted(made(prompts={"path": str(tmp_path)}), {"reminder"})
    path = asked[0].path
    [one] = prompts.look(asked, {path: False}, True, STRANGER)
    assert (one.there, one.barred != "") == (True, True)
    [one] = prompts.look(asked, {path: False}, True, Who(os.geteuid(), frozenset()))
    assert (one.there, one.barred) == (False, "")   # it lives elsewhere: in a container


def test_a_switch_on_another_machine_is_believed(made) -> None:
    asked = prompts.wanted(made(), {"reminder"})
    assert prompts.look(asked, {}, False, None)[0].there is None
    assert prompts.look(asked, {asked[0].path: True}, False, None)[0].there is True
