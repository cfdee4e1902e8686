"""What all sections of the configuration share: the frozen base, names, and secrets from the environment.
Knows no particular setting."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo

_ONE_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")

Language = Literal["zh", "en"]


def _word(value: str) -> str:
    if not _ONE_WORD.fullmatch(value):
        raise ValueError("must be 1 to 64 letters, digits, '_', '-' or '.', beginning with a letter or a digit")
    return value


def _variable(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
        raise ValueError("must be the name of an environment variable, not the secret itself")
    return value


Word = Annotated[str, AfterValidator(_word)]
Variable = Annotated[str, AfterValidator(_variable)]
"""Name of an environment variable."""


class Section(BaseModel):
    """A table of eslbot.toml: frozen, and no key but its own."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=True, hide_input_in_errors=True, defer_build=True
    )


def secret_of(name: str, info: ValidationInfo) -> str:
    """The environment variable's value; empty where nobody asked for secrets. ValueError where it is needed and not
    set, or cannot be sent."""
    context = info.context or {}
    value = str(context.get("environ", {}).get(name, ""))
    if context.get("secrets", True) and not value:
        raise ValueError(f"the environment variable {name} is not set")
    if re.search(r"[\r\n\0]", value):
        raise ValueError(f"the environment variable {name} holds a line break or a NUL")
    return value
