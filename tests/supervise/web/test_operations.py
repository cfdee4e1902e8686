"""The table of what the HTTP API can do hangs together."""

import re

import pytest

from eslbot.supervise.web.openapi import arguments
from eslbot.supervise.web.operations import OPERATIONS, Operation
from eslbot.supervise.web.schemas import SCHEMAS


def test_no_two_operations_share_a_route() -> None:
    routes = [(one.method, re.sub(r"\{\w+\}", "{}", one.path)) for one in OPERATIONS]
    assert len(set(routes)) == len(routes)


@pytest.mark.parametrize("one", OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
def test_an_argument_comes_from_one_place_and_an_answer_has_a_shape(one: Operation) -> None:
    places = [*arguments(one), *one.query, *one.body]
    assert len(set(places)) == len(places)
    assert set(one.required) <= set(one.body)
    assert one.answer in SCHEMAS
    assert one.takes, "anybody may"
    assert not (one.body or one.idempotent) or one.method != "GET"
