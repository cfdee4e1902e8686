"""Who takes a call, as FreeSWITCH would read it; the shipped dialplan, and ones that get in its way."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.doctor.verdicts.dialplan import Answering, NotXml, answering

SHIPPED = (Path(__file__).parents[3] / "freeswitch_conf/dialplan/default/00_eslbot.xml").read_text()
PLAYS = '<action application="playback" data="/p/${x}.wav"/>'


def extension(name: str, inside: str, more: str = "") -> str:
    return f'<extension name="{name}" {more}>{inside}</extension>'


def asks(expression: str, actions: str = PLAYS, field: str = "destination_number", more: str = "") -> str:
    return f'<condition field="{field}" expression="{expression}" {more}>{actions}</condition>'


def of(*extensions: str) -> Answering | None:
    return answering(f"<context name='default'>{''.join(extensions)}</context>", "eslbot_closing", "en")


def shipped(prompts: str = "/prompts") -> str:
    text = SHIPPED.replace("$${eslbot_prompts}", prompts).replace("$${eslbot_default_language}", "zh")
    return text[text.index("<include>"):].replace("include>", "context>")


def test_the_shipped_closing_takes_its_extension_and_plays_a_file_of_each_language_it_may_be_in() -> None:
    found = answering(shipped(), "eslbot_closing", "en")
    assert found is not None
    assert (found.name, found.plays, found.certain, found.before) == ("eslbot_closing", True, True, ())
    assert found.files == ("/prompts/en/closing.wav", "/prompts/zh/closing.wav")
    assert answering(shipped(), "eslbot_closing_2", "en") is None


def test_the_first_that_matches_takes_the_call() -> None:
    found = of(extension("all", asks("^.*$")), extension("eslbot_closing", asks("^eslbot_closing$")))
    assert found is not None
    assert found.name == "all"


def test_one_that_continues_takes_nothing_and_one_that_hangs_on_the_hour_may() -> None:
    found = of(
        extension("counts", asks("^.*$"), 'continue="true"'),
        extension("night", '<condition hour="22-6"/>' + asks("^eslbot")),
        extension("eslbot_closing", asks("^eslbot_closing$")),
    )
    assert found is not None
    assert (found.name, found.certain, found.before) == ("eslbot_closing", True, ("counts", "night"))


def test_one_that_continues_and_leaves_the_call_where_it_is_stands_in_nobodys_way() -> None:
    notes = '<action application="set" data="a=b"/><anti-action application="hash" data="insert/x"/>'
    found = of(
        extension("notes", asks("^.*$", notes), 'continue="true"'),
        extension("ends", asks("^.*$", notes + '<anti-action application="hangup"/>'), 'continue="true"'),
        extension("loop", asks("^true$", '<action application="deflect"/>', "${sip_looped_call}")),
        extension("eslbot_closing", asks("^eslbot_closing$")),
    )
    assert found is not None
    assert found.before == ("ends", "loop")


def test_what_hangs_on_the_call_alone_is_taken_without_certainty() -> None:
    found = of(extension("closing", asks("^eslbot_closing$") + asks("^x$", field="${who}")))
    assert found is not None
    assert (found.name, found.certain) == ("closing", False)
    assert of(extension("other", asks("^1\\d+$") + asks("^x$", field="${who}"))) is None


def test_a_condition_that_breaks_never_keeps_nothing_back() -> None:
    found = of(extension("closing", asks("^eslbot_closing$") + asks("^x$", field="${who}", more='break="never"')))
    assert found is not None
    assert found.certain


@pytest.mark.parametrize(
    ("actions", "plays"),
    [('<action application="hangup"/>', False), (PLAYS, True), ('<action application="transfer" data="9"/>', True),
     ('<action application="log" data="INFO playback"/>', False)],
)
def test_an_extension_that_lets_nobody_hear_anything_is_told_from_one_that_may(actions: str, plays: bool) -> None:
    found = of(extension("closing", asks("^eslbot_closing$", actions)))
    assert found is not None
    assert found.plays is plays


@given(st.text())
def test_what_is_no_xml_is_told_and_an_expression_that_is_none_takes_nothing(text: str) -> None:
    with contextlib.suppress(NotXml):
        answering(text, "eslbot_closing", "zh")
    escaped = "".join(f"&#{ord(sign)};" for sign in text if sign.isprintable())
    found = of(extension("odd", asks(escaped + "[")))
    assert found is None or found.name == "odd"
