"""Facts and orders as plain JSON values and back, for the journal. Pure. Works from the words' own type hints, so a new
word needs no line here; knows nothing of what a word means."""

import types
import typing
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any

from eslbot.model import facts, orders

CLASSES: dict[str, type] = {
    cls.__name__: cls for union in (facts.CallFact, orders.Order) for cls in typing.get_args(union)
}
"""Every word that may stand in a journal."""


class PlainError(ValueError):
    """The value is not a word this version knows; says which word and field."""


def to_plain(word: Any) -> dict[str, Any]:
    """A fact or an order as a JSON object; `is` names its class. Fields at their defaults are left out."""
    return {"is": type(word).__name__, **_fields(word)}


def _fields(word: Any) -> dict[str, Any]:
    return {f.name: _plain(getattr(word, f.name)) for f in fields(word) if getattr(word, f.name) != f.default}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return _fields(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def from_plain(plain: Any) -> Any:
    """The word back. Raises PlainError for an unknown class, an unknown or missing field, or a wrong type."""
    if not isinstance(plain, dict) or plain.get("is") not in CLASSES:
        raise PlainError(f"not a word of a journal: {str(plain)[:80]}")
    return _build(CLASSES[plain["is"]], {key: value for key, value in plain.items() if key != "is"})


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _build(cls: type, plain: dict[str, Any]) -> Any:
    hints = _hints(cls)
    unknown = plain.keys() - hints.keys()
    if unknown:
        raise PlainError(f"{cls.__name__} has no field {sorted(unknown)[0]}")
    try:
        return cls(**{name: _value(hints[name], value) for name, value in plain.items()})
    except (TypeError, ValueError) as error:
        raise PlainError(f"{cls.__name__}: {error}") from error


def _value(hint: Any, plain: Any) -> Any:
    if isinstance(hint, typing.NewType):
        return _value(hint.__supertype__, plain)
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        if plain is None:
            return None
        (inner,) = (arg for arg in typing.get_args(hint) if arg is not type(None))
        return _value(inner, plain)
    if origin is tuple:
        inner, ellipsis = (*typing.get_args(hint), None)[:2]
        if ellipsis is Ellipsis:
            return tuple(_value(inner, item) for item in plain)
        return tuple(_value(arg, item) for arg, item in zip(typing.get_args(hint), plain, strict=True))
    if is_dataclass(hint):
        return _build(typing.cast(type, hint), plain)
    if issubclass(hint, Enum):
        return hint(plain)
    if hint is float and isinstance(plain, int) and not isinstance(plain, bool):
        return float(plain)
    if type(plain) is not hint:
        raise TypeError(f"{plain!r} is not a {hint.__name__}")
    return plain
