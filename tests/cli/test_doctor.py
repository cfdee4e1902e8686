"""The command: its table, its JSON, its exit codes. What each look finds is tests/doctor's."""

import json
import os
import subprocess
import sys

import pytest

from eslbot.doctor import checks, running
from eslbot.doctor.findings import error, good, warning

PASSWORD = "ESLBOT_ESL_PASSWORD"


@pytest.fixture
def table(monkeypatch):
    """Puts looks with these findings in place of the real ones."""

    def put(*findings):
        def at(patient):
            yield from findings

        def looks(patient, subjects):
            return [checks.Look("disk", 5, at)]

        monkeypatch.setattr(running, "looks", looks)

    return put


def test_no_error_is_exit_code_0_and_each_finding_says_how_to_mend_it(made, eslbot, table) -> None:
    table(good("disk.room", "much"), warning("disk.writable", "may not write \x1b[31mit", "chown it", "/srv"))
    said = eslbot("doctor", "-c", made)
    assert said.code == 0
    assert "/srv: may not write �[31mit" in said.out
    assert "mend: chown it" in said.out
    assert said.out.splitlines()[-1] == "1 ok, 0 hints, 1 warning, 0 errors"


def test_an_error_is_exit_code_1_and_for_scripts_the_shape_is_this(made, eslbot, table) -> None:
    table(error("disk.room", "none", "make room", "/srv"))
    said = eslbot("doctor", "-c", made, "--json")
    assert said.code == 1
    found = said.json
    assert set(found) == {"format", "eslbot", "config", "at", "seconds", "subjects", "worst", "counts", "findings"}
    assert (found["format"], found["worst"], found["counts"]["error"]) == (1, "error", 1)
    assert found["findings"] == [{"subject": "disk", "check": "disk.room", "of": "/srv", "level": "error",
                                  "found": "none", "mend": "make room"}]


def test_a_configuration_that_cannot_be_used_and_words_that_are_none_are_exit_code_2(made, eslbot) -> None:
    assert eslbot("doctor", "-c", made, "--only", "switch,sea").code == 2
    assert eslbot("doctor", "-c", made, "--password-env", "NO_SUCH_VARIABLE").code == 2
    made.write_text(made.read_text().replace("port = 8021", 'port = "none"'))
    said = eslbot("doctor", "-c", made)
    assert (said.code, "switch[0].port" in said.err) == (2, True)


def test_it_changes_nothing(made, eslbot) -> None:
    before = sorted(made.parent.rglob("*"))
    said = eslbot("doctor", "-c", made, "--quick", "--json")
    assert said.code == 1   # there is no password for the switch here
    assert "switch.password" in [one["check"] for one in said.json["findings"] if one["level"] == "error"]
    assert not [one for one in said.json["findings"] if one["check"].endswith(".look")]
    assert sorted(made.parent.rglob("*")) == before


def test_in_a_process_of_its_own_where_gevent_has_patched_every_look_comes_to_an_end(made) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    said = subprocess.run([sys.executable, "-m", "eslbot", "doctor", "-c", str(made), "--quick", "--json"],
                          env=environ, stdout=subprocess.PIPE, check=False)
    found = json.loads(said.stdout)["findings"]
    assert [one for one in found if one["check"].endswith(".look")] == []
    assert "model.rate" in [one["check"] for one in found]
