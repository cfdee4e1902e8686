"""The shapes of answers are JSON Schema, and hang together."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from eslbot.supervise.web.operations import OPERATIONS
from eslbot.supervise.web.schemas import SCHEMAS, maybe, named


def refs(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].removeprefix("#/components/schemas/")
        for value in schema.values():
            yield from refs(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from refs(value)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_shape_is_a_schema_of_shapes_that_are_there(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert set(refs(SCHEMAS[name])) <= SCHEMAS.keys()


def test_no_shape_is_left_that_nothing_answers_with() -> None:
    used, more = set(), {one.answer for one in OPERATIONS} | {"Problem"}
    while more:
        used |= more
        more = {ref for name in more for ref in refs(SCHEMAS[name])} - used
    assert set(SCHEMAS) == used


def test_what_may_be_null_may_be_so_where_its_values_are_named_too() -> None:
    for value, fits in (("a", True), (None, True), ("c", False), (1, False)):
        assert Draft202012Validator(maybe(named(["a", "b"]))).is_valid(value) == fits
