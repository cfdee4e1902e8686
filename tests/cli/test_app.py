import subprocess
import sys

import pytest

import eslbot as package

COMMANDS = [
    ["init"], ["run"], ["check"], ["demo"], ["calls"], ["mute"], ["unmute"], ["hangup"], ["shadow"], ["disarm"],
    ["recordings", "list"], ["recordings", "export"], ["recordings", "erase"], ["recordings", "hold"],
    ["recordings", "release"], ["recordings", "holds"], ["audit", "list"],
    ["audit", "verify"], ["audit", "checkpoint"], ["audit", "key"],
    ["backup", "run"], ["backup", "verify"], ["backup", "rehearse"], ["backup", "restore"], ["backup", "list"],
    ["retention", "run"], ["retention", "report"], ["keys", "new"], ["rules", "check"], ["rules", "try"],
    ["rules", "measure"],
    ["model", "list"], ["model", "fetch"], ["model", "path"], ["prompts", "list"], ["prompts", "render"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_of_the_contract_explains_itself(command, eslbot):
    said = eslbot(*command, "--help")
    assert said.code == 0
    assert "Usage: eslbot " + " ".join(command) in said.out


def test_without_a_command_help_is_shown(eslbot):
    said = eslbot()
    assert "recordings" in said.out + said.err


@pytest.mark.parametrize("arguments", [["fly"], ["calls", "--fly"], ["mute"], ["recordings", "export"]])
def test_a_wrong_command_line_is_code_2(arguments, eslbot):
    assert eslbot(*arguments).code == 2


def test_the_version_is_the_packages(eslbot):
    assert eslbot("--version").out == f"eslbot {package.__version__}\n"


def test_help_loads_nothing_that_help_does_not_need():
    code = (
        "import sys; import eslbot.cli.app; "
        "print([m for m in ('gevent', 'vosk', 'sqlalchemy', 'cryptography', 'pydantic', 'numpy', 'prometheus_client', "
        "'eslbot.service', 'eslbot.config', 'eslbot.sim') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"


def test_the_program_runs_as_a_module():
    done = subprocess.run(
        [sys.executable, "-m", "eslbot", "--version"], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == f"eslbot {package.__version__}\n"
