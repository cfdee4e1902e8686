"""In processes of their own: a log is set up once for a process."""

import json
import subprocess
import sys

import pytest

from eslbot.watch.logs import configure

START = "import logging, structlog, warnings; from eslbot.watch.logs import configure\n"


def run(code, tmp_path):
    result = subprocess.run(
        [sys.executable, "-W", "default", "-c", START + code], capture_output=True, text=True, check=True, timeout=60
    )
    assert result.stdout == ""
    return result.stderr


def lines(code, tmp_path):
    return [json.loads(line) for line in run(code, tmp_path).splitlines()]


def test_a_line_is_an_object_with_time_level_and_values(tmp_path):
    (line,) = lines(
        "configure('info', 'json')\n"
        "structlog.get_logger('eslbot.link').warning('link lost', switch='pbx1', reason='EOF', waiting=3)",
        tmp_path,
    )
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "link lost", "level": "warning", "logger": "eslbot.link", "switch": "pbx1", "reason": "EOF",
        "waiting": 3,
    }  # fmt: skip


def test_no_number_comes_through_whoever_logs_it_and_in_whatever_way(tmp_path):
    text = run(
        "configure('debug', 'json')\n"
        "log = structlog.get_logger()\n"
        "log.info('from %s', '13800138000')\n"
        "log.info('x', caller='138 0013 8000', who={'n': ['+8613800138000']}, n=13800138000)\n"
        "structlog.contextvars.bind_contextvars(bound='13800138000')\n"
        "logging.getLogger('some.library').error('dialled %s', '13800138000', extra={'more': '13800138000'})\n"
        "warnings.warn('about 13800138000')\n"
        "try:\n    raise ValueError('13800138000')\nexcept ValueError:\n"
        "    log.exception('failed')\n    logging.getLogger('x').exception('failed')\n",
        tmp_path,
    )
    assert "13800138000" not in text
    assert "138 0013 8000" not in text
    assert text.count("[number]") >= 10
    assert text.count("ValueError") >= 2
    for line in text.splitlines():
        json.loads(line)


def test_a_text_with_newlines_stays_one_line(tmp_path):
    found = lines("configure('info', 'json')\nstructlog.get_logger().info('a\\n{\"event\":\"forged\"}')", tmp_path)
    assert [line["event"] for line in found] == ['a\n{"event":"forged"}']


def test_what_is_below_the_level_is_not_written(tmp_path):
    code = "configure('warning', 'json')\nstructlog.get_logger().info('a')\nlogging.getLogger('x').info('b')\n"
    assert lines(code, tmp_path) == []


def test_libraries_never_show_their_debug_lines_which_may_hold_what_was_said(tmp_path):
    code = (
        "configure('debug', 'json')\n"
        "logging.getLogger('websockets.client').debug('< TEXT %s', '稳赚不赔')\n"
        "structlog.get_logger('eslbot.x').debug('ours')\n"
        "structlog.get_logger('eslbot').debug('ours too')\n"
    )
    assert [line["event"] for line in lines(code, tmp_path)] == ["ours", "ours too"]


def test_the_console_form_is_for_eyes_and_redacted_too(tmp_path):
    text = run("configure('info', 'console')\nstructlog.get_logger().info('call', n='13800138000')", tmp_path)
    assert "call" in text
    assert "[number]" in text
    assert "\x1b" not in text


@pytest.mark.parametrize(("level", "form"), [("loud", "json"), ("info", "xml")])
def test_an_unknown_level_or_form_is_refused(level, form):
    with pytest.raises(ValueError, match="there are debug, info"):
        configure(level, form)
