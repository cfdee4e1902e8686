"""The console's texts, one file a language. Knows keys and placeholders; the frame chooses the language."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def catalogue(language: str) -> dict[str, str]:
    """All texts of a language (zh or en): `wall.title` -> text."""
    raw = (files("eslbot.supervise.web") / "texts" / f"{language}.toml").read_text("utf-8")
    return {f"{room}.{key}": text for room, texts in tomllib.loads(raw).items() for key, text in texts.items()}


def text(language: str, key: str, **values: Any) -> str:
    """One text with its placeholders filled. Raises KeyError for one that is not there."""
    found = catalogue(language)[key]
    for name, value in values.items():  # not str.format: a value may hold braces of its own
        found = found.replace("{" + name + "}", str(value))
    return found
