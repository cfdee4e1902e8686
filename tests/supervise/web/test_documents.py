"""The API's description for people."""

import pytest

from eslbot.supervise.web.documents import kind, rows
from eslbot.supervise.web.openapi import document
from eslbot.supervise.web.operations import OPERATIONS


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"$ref": "#/components/schemas/Call"}, "Call"), ({"type": "string"}, "string"),
        ({"type": ["number", "null"]}, "number or null"), ({"type": "string", "enum": ["a", "b"]}, "a or b"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Seat"}}, "list of Seat"), ({}, "anything"),
    ],
)
def test_a_shape_is_said_in_a_few_words(schema: dict[str, object], said: str) -> None:
    assert kind(schema) == said


def test_each_operation_is_a_row_with_all_that_it_takes_and_gives() -> None:
    told = {(row["method"], row["path"]): row for row in rows(document(OPERATIONS, "1"))}
    assert len(told) == len(OPERATIONS) + 1
    mute = told["POST", "/api/v1/calls/{call}/mute"]
    assert [(one["name"], one["where"], one["needed"]) for one in mute["takes"][:1]] == [("call", "path", True)]
    assert {one["where"] for one in mute["takes"]} == {"path", "header", "body"}
    assert mute["gives"] == "Done"
    assert told["GET", "/api/v1/recordings/{call}/audio"]["gives"] == "audio/wav"
