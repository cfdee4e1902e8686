"""The two catalogues say the same things, and everything that is shown is in them."""

import inspect
import re
from importlib.resources import files
from pathlib import Path

import pytest

from eslbot.model.orders import Alert
from eslbot.supervise.web.pages import ACTS
from eslbot.supervise.web.texts import catalogue, text

WEB = Path(str(files("eslbot.supervise.web")))
HOLES = re.compile(r"\{(\w+)\}")
USED = re.compile(r"""(?:\bt|\btr|\bhas)\(\s*["'`]([a-z]+\.[a-z0-9_-]+)["'`]""")
QUOTED = re.compile(r"""["'`]([a-z]+\.[a-z0-9_-]+)["'`]""")
MADE = re.compile(r"""["'`]([a-z]+\.[a-z-]*?-?)(?:\$\{|["'] ~)""")


def sources() -> str:
    named = [*WEB.glob("static/js/*.js"), *WEB.glob("templates/*.html"), *WEB.glob("*.py")]
    return "\n".join(file.read_text("utf-8") for file in named)


def test_both_languages_have_the_same_texts_with_the_same_holes() -> None:
    zh, en = catalogue("zh"), catalogue("en")
    assert zh.keys() == en.keys()
    assert {key: set(HOLES.findall(zh[key])) for key in zh} == {key: set(HOLES.findall(en[key])) for key in en}


def test_every_text_that_is_asked_for_is_there() -> None:
    assert {key for key in USED.findall(sources()) if not key.endswith("-") and key not in catalogue("en")} == set()
    assert {f"act.{verb}" for group in ACTS for verb, _ in group} <= catalogue("en").keys()


def test_every_kind_of_alert_has_a_name() -> None:
    told = inspect.getsource(Alert).split("severity: str")[0]
    kinds = [kind for kind in re.findall(r"`([a-z-]+)`", told) if kind != "rule"]
    assert len(kinds) > 10
    assert [kind for kind in kinds if f"alerts.kind-{kind}" not in catalogue("en")] == []


def test_no_text_is_left_that_nobody_asks_for() -> None:
    source = sources()
    named, begun = set(QUOTED.findall(source)), tuple(set(MADE.findall(source)))
    assert [key for key in catalogue("en") if key not in named and not key.startswith(begun)] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_put_in_is_not_read_for_holes(language: str) -> None:
    assert "{who}" in text(language, "alerts.acknowledged", who="{who}")


def test_no_text_has_markup() -> None:
    said = {**catalogue("zh"), **{f"en {key}": text for key, text in catalogue("en").items()}}
    assert [key for key, text in said.items() if re.search("[<>&]", text)] == []
