"""The live table, drawn on a console of its own."""

import io
import json

from rich.console import Console

from eslbot.cli import watching

QUIET = {"call": "aaaaaaaa-2222", "switch": "pbx", "phase": "up", "seconds": 100.0, "worst": None, "violations": 0,
         "muted_for": None, "supervisors": [], "disclosures": {}}
BAD = QUIET | {"call": "bbbbbbbb-2222", "seconds": 3.0, "worst": "severe", "violations": 2, "muted_for": 2.6,
               "supervisors": [{"by": "first", "mode": "whisper", "state": "in"},
                               {"by": "other", "mode": "barge", "state": "consult"},
                               {"by": "", "phone": "1001", "mode": "listen", "state": "ringing"}],
               "disclosures": {"identity": "pending", "recording-notice": "said"}}
WARNED = QUIET | {"call": "[red]c[/]\x1b[2J", "worst": "warning", "violations": 1}


def drawn(rows, looks=1):
    out = io.StringIO()
    console = Console(file=out, width=160, force_terminal=False)
    left = iter([False] * (looks - 1) + [True])
    watching.watch(lambda: {"calls": rows, "shadow": True}, console, lambda seconds: next(left))
    return out.getvalue()


def test_the_worst_come_first():
    assert [row["worst"] for row in watching.worst_first([QUIET, WARNED, BAD])] == ["severe", "warning", None]


def test_a_row_says_what_a_supervisor_needs():
    text = drawn([BAD])
    for part in ("bbbbbbbb", "severe", "3 s", "first whisper", "waits", "1001 rings", "identity", "shadow mode is on"):
        assert part in text
    assert "recording-notice" not in text


def test_what_a_row_holds_is_neither_markup_nor_control_characters():
    text = drawn([WARNED])
    assert "[red]c[/" in text
    assert "\x1b[2J" not in text


def test_json_is_a_line_a_look(capfdbinary, monkeypatch):
    monkeypatch.setattr(watching, "EVERY", 0.0)
    left = iter([True, True, False])
    watching.lines(lambda: {"calls": [BAD]}, lambda: next(left))
    lines = capfdbinary.readouterr().out.splitlines()
    assert [json.loads(line)["calls"][0]["worst"] for line in lines] == ["severe", "severe"]
