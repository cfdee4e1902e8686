"""freeswitch_conf/ against what the program asks for. Whether a FreeSWITCH loads it is tests/conformance's business."""

import math
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from eslbot.switch import commands, facts

CONF = Path(__file__).resolve().parents[1] / "freeswitch_conf"
FILES = sorted(CONF.rglob("*.xml"))
USER = ET.parse(CONF / "directory/default/eslbot.xml")
REPLY_BYTES = 511
"""mod_event_socket writes its answer to userauth, after a mark of its own, into a buffer of 512, and lets the rest, its
end included, fall off (mod_event_socket.c: `reply` of parse_command)."""
ROOM = 40
"""Characters that stay free for the next commands: whoever takes the last of them has to make room first."""


def param(tree: ET.ElementTree, name: str) -> str:
    values = [each.get("value") for each in tree.iter("param") if each.get("name") == name]
    assert len(values) == 1, f"{name}: {values}"
    return values[0] or ""


def events_with_forks() -> str:
    found = re.search(r'"(ALL CUSTOM [^"]+)"', (CONF / "directory/default/eslbot.xml").read_text())
    assert found
    return found[1]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_file_is_well_formed(file: Path) -> None:
    ET.parse(file)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_preprocessor_line_stands_alone_because_freeswitch_drops_the_rest_of_its_line(file: Path) -> None:
    lines = [line.strip() for line in file.read_text().splitlines() if "X-PRE-PROCESS" in line]
    assert [line for line in lines if not re.fullmatch(r"<X-PRE-PROCESS [^>]*/>", line)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_include_stands_alone_because_freeswitch_drops_its_whole_line(file: Path) -> None:
    lines = [line.strip() for line in file.read_text().splitlines() if "<include" in line or "</include" in line]
    assert set(lines) <= {"<include>", "</include>"}


def test_the_user_may_use_every_command_that_is_sent() -> None:
    assert set(commands.MINIMUM_API) <= set(param(USER, "esl-allowed-api").split())


def test_the_user_may_have_mutes_of_up_to_60_seconds_released() -> None:
    allowed = set(param(USER, "esl-allowed-api").split())
    assert {commands.release_word(seconds) for seconds in (0.5, *range(1, 61))} <= allowed
    assert commands.release_word(math.nextafter(60, 61)) not in allowed


def test_the_user_may_have_nothing_that_is_not_used() -> None:
    words = [word for word in param(USER, "esl-allowed-api").split() if not word.startswith("+")]
    assert set(words) == set(commands.MINIMUM_API)


def test_the_user_may_subscribe_to_every_event_that_is_read() -> None:
    """An event that is not listed has the whole subscription refused: a newer eslbot would stand at a closed door."""
    assert param(USER, "esl-allowed-events") == "ALL"
    assert set(facts.SUBCLASSES) <= set(events_with_forks().split())


@pytest.mark.parametrize("events", [param(USER, "esl-allowed-events"), events_with_forks()], ids=["spool", "fork"])
def test_the_answer_to_userauth_keeps_its_end_and_there_is_room_for_more_commands(events: str) -> None:
    api = param(USER, "esl-allowed-api")
    text = f"~Reply-Text: +OK accepted\nAllowed-Events: {events}\nAllowed-API: {api}\nAllowed-LOG: false\n\n"
    assert len(text) + ROOM <= REPLY_BYTES, f"commands {len(api)}, events {len(events)}: {len(text)} of {REPLY_BYTES}"


def test_no_password_of_ours_works_and_no_port_is_open_to_others() -> None:
    socket = ET.parse(CONF / "autoload_configs/event_socket.conf.xml")
    assert param(socket, "password") == param(USER, "esl-password") == "CHANGE-THIS-PASSWORD"
    assert param(socket, "listen-ip") == "127.0.0.1"
    assert param(socket, "apply-inbound-acl") == "loopback.auto"


def test_only_two_letters_of_a_channels_language_reach_a_path() -> None:
    tree = ET.parse(CONF / "dialplan/default/00_eslbot.xml")
    (expression,) = (
        each.get("expression") or "" for each in tree.iter("condition") if each.get("field") == "${eslbot_language}"
    )
    accepted = [text for text in ("zh", "en") if re.search(expression, text)]
    assert accepted == ["zh", "en"]
    assert [text for text in ("", "z", "../", "..", "zh/..", "ZH", "zho", "${x}") if re.search(expression, text)] == []
