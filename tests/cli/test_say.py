import io
import sys

import pytest
import typer
from rich import console

from eslbot.cli import say


def test_failing_says_each_line_on_standard_error_and_carries_the_code(capsys):
    with pytest.raises(typer.Exit) as ended:
        say.fail(ValueError("one\ntwo"), say.USAGE)
    assert ended.value.exit_code == 2
    assert capsys.readouterr() == ("", "one\ntwo\n")


def test_json_is_utf_8_and_ends_with_a_newline(capfdbinary):
    say.json({"text": "稳赚"})
    assert capfdbinary.readouterr().out == '{\n  "text": "稳赚"\n}\n'.encode()


def test_cells_are_words_for_every_kind_of_value():
    cells = [say._cell(v) for v in (None, True, False, {"a": 1}, {}, ["x", None], 1.5, "a\x1b\nb")]
    assert cells == ["-", "yes", "no", "a 1", "-", "x, -", "1.5", "a��b"]


def test_progress_is_silent_where_nobody_looks(capsys):
    with say.progress("title") as told:
        told(1, 2)
        told(2, None)
    assert capsys.readouterr() == ("", "")


def test_a_time_is_this_places_own_and_none_stays_none():
    assert say.local_time(None) is None
    assert say.local_time(0.0)[:2] in ("19", "20")


def test_a_terminal_without_chinese_gets_question_marks_and_no_traceback(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="latin-1"))
    say.anywhere()
    print("稳 100", flush=True)
    assert raw.getvalue() == b"? 100\n"


@pytest.mark.parametrize(("columns", "lines"), [("200", 1), ("40", 2)])
def test_a_table_that_is_too_wide_for_the_terminal_is_a_block_a_row(monkeypatch, capsys, columns, lines):
    monkeypatch.setattr(console.Console, "is_terminal", property(lambda self: True))
    monkeypatch.setenv("COLUMNS", columns)
    call = "a4d63d45-bfc6-4f9e-8289-bf8b5f1835f5"
    say.table({"call": "call", "state": "state", "none": "never"}, [{"call": call, "state": "complete"}], "none")
    shown = [line for line in capsys.readouterr().out.splitlines() if call in line or "complete" in line]
    assert len(shown) == lines
    assert any(call in line for line in shown)   # never broken: people copy it
