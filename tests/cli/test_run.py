import json
import os
import signal
import subprocess
import sys

import pytest

PASSWORD = "ESLBOT_ESL_PASSWORD"


def broken(file):
    pack = file.parent / "mine.yaml"
    pack.write_text('pack: mine\nversion: "1"\nlanguage: zh\nrules:\n  - id: a\n    says: agnt\n    any: [x]\n')
    text = file.read_text().replace('packs = ["cn-marketing"]', 'packs = ["./mine.yaml"]')
    file.write_text(text.replace("port = 8021", 'port = "none"').replace("[watch]", "[wach]"))


def test_a_good_configuration_is_good(made, eslbot):
    said = eslbot("check", "-c", made)
    assert said.code == 0
    assert said.out.splitlines()[-1] == f"{made}: good"


def test_the_configurations_and_the_packs_mistakes_are_told_in_one_go(made, eslbot):
    broken(made)
    said = eslbot("check", "-c", made)
    assert said.code == 2
    lines = said.out.splitlines()
    number = {line.split(" = ")[0]: n for n, line in enumerate(made.read_text().splitlines(), 1)}
    assert any(line.startswith(f"{made}:{number['port']}: switch[0].port: ") for line in lines)
    assert any("wach: unknown key; did you mean watch?" in line for line in lines)
    assert any(line.startswith(f"{made.parent}/mine.yaml:6: ") and "rule a" in line for line in lines)


def test_findings_for_scripts(made, eslbot):
    broken(made)
    said = eslbot("check", "--json", "-c", made)
    assert said.code == 2
    assert {"switch[0].port", "wach"} <= {finding["key"] for finding in said.json}
    assert all(isinstance(finding["line"], int) for finding in said.json)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('model = "demo-zh"', 'model = "./nowhere"', "recogniser.model"),
        ('# remind_default = "reminder"', 'remind_default = "nothing"', "act.remind_default"),
        ('# group = "freeswitch"', 'group = "no-such-group"', "audio.group"),
    ],
)
def test_what_the_values_name_must_be_there(made, eslbot, old, new, key):
    text = made.read_text()
    assert old in text
    made.write_text(text.replace(old, new))
    said = eslbot("check", "-c", made)
    assert said.code == 2
    line = made.read_text().splitlines().index(next(x for x in made.read_text().splitlines() if x.startswith(new))) + 1
    assert f"{made}:{line}: {key}: " in said.out


def test_a_pack_that_asks_for_a_prompt_that_is_not_there_is_told(made, eslbot):
    pack = made.parent / "mine.yaml"
    pack.write_text(
        'pack: mine\nversion: "1"\nlanguage: zh\nrules:\n'
        "  - {id: a, title: t, says: agent, any: [稳赚不赔], severity: notice, actions: [{remind: nothing-like-it}]}\n"
    )
    made.write_text(made.read_text().replace('packs = ["cn-marketing"]', 'packs = ["./mine.yaml"]'))
    said = eslbot("check", "-c", made)
    assert said.code == 2
    assert "nothing-like-it" in said.out


def test_a_secret_that_is_not_set_here_is_a_warning_of_check_and_an_error_of_run(made, eslbot):
    said = eslbot("check", "-c", made)
    assert said.code == 0
    assert f"warning: switch[0].password_env: the environment variable {PASSWORD} is not set here" in said.out
    said = eslbot("run", "-c", made)
    assert said.code == 2
    assert f"{PASSWORD} is not set" in said.err


def test_places_on_a_disk_are_warned_of_where_speech_or_keys_would_lie_there(made, eslbot, monkeypatch):
    text = made.read_text()
    made.write_text(text.replace('spool = "', 'spool = "/proc/'))
    said = eslbot("check", "-c", made)
    assert "warning: audio.spool: is not on a tmpfs" in said.out
    made.write_text(text.replace('spool = "', 'spool = "/dev/shm/'))
    assert "audio.spool" not in eslbot("check", "-c", made).out


def test_run_tells_every_mistake_and_starts_nothing(made, eslbot):
    broken(made)
    said = eslbot("run", "-c", made)
    assert said.code == 2
    assert "switch[0].port" in said.err
    assert "wach" in said.err
    assert not (made.parent / "eslbot.db").exists()


def start(made, *arguments, **environ):
    """The real program in a process of its own."""
    command = [sys.executable, "-m", "eslbot", *arguments, "-c", str(made)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env={**os.environ, PASSWORD: "x", **environ})


def test_run_refuses_a_bad_pack_in_one_line_without_a_traceback(made):
    made.write_text(made.read_text().replace('packs = ["cn-marketing"]', 'packs = ["nowhere"]'))
    with start(made, "run") as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "nowhere" in err.splitlines()[-1]
    assert "Traceback" not in err


def test_run_serves_without_a_switch_and_ends_when_it_is_told_to(made):
    with start(made, "run", ESLBOT_WATCH__LISTEN="127.0.0.1:0") as process:
        try:
            for line in process.stderr:
                if '"started"' in line:
                    break
            with start(made, "calls", "--json") as asking:
                out, err = asking.communicate(timeout=60)
            assert (asking.returncode, json.loads(out)) == (0, []), err
        finally:
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in err
    assert not (made.parent / "eslbot.sock").exists()


def test_a_file_that_is_not_there_is_told(tmp_path, eslbot):
    said = eslbot("check", "-c", tmp_path / "none.toml")
    assert said.code == 2
    assert said.out == f"{tmp_path}/none.toml: cannot be read: No such file or directory\n"
