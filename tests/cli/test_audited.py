import os
import pwd

import pytest
import typer

from eslbot.cli.audited import reason_of, who
from eslbot.config import load


def test_who_is_the_account_of_this_process():
    assert who() == pwd.getpwuid(os.getuid()).pw_name


def test_an_account_without_a_name_is_told_by_its_number(monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 3_999_999)
    assert who() == "uid:3999999"


def test_a_reason_keeps_no_number_and_is_asked_for_where_it_is_wanted(made, capfd):
    settings = load(made, {}, secrets=False)
    assert reason_of(settings, " ask of 138 0013 8000 ") == "ask of [number]"
    assert reason_of(settings, "") == ""
    made.write_text(made.read_text().replace("# reasons = false", "reasons = true"))
    with pytest.raises(typer.Exit):
        reason_of(load(made, {}, secrets=False), " ")
    assert "--reason" in capfd.readouterr().err
