import pytest
import typer

from eslbot.cli.options import client_of, settings_of
from tests.config.examples import SMALLEST, write


def test_settings_need_no_password_in_the_environment(tmp_path, monkeypatch):
    monkeypatch.delenv("ESLBOT_ESL_PASSWORD", raising=False)
    assert settings_of(write(tmp_path, SMALLEST)).switches[0].name == "pbx1"


def test_a_configuration_with_mistakes_ends_the_command_with_all_of_them(tmp_path, capsys):
    path = write(tmp_path, "[wach]\n")
    with pytest.raises(typer.Exit) as ended:
        settings_of(path)
    assert ended.value.exit_code == 2
    assert len(capsys.readouterr().err.splitlines()) == 3


def test_the_socket_is_the_configurations(tmp_path, capsys):
    from eslbot.supervise.admin import NotReachable

    client = client_of(write(tmp_path, SMALLEST + '[admin]\nsocket = "./here.sock"\n'))
    with pytest.raises(NotReachable, match=str(tmp_path / "here.sock")):
        client.call("calls")
