"""The API's document, of all that there is."""

from openapi_spec_validator import OpenAPIV31SpecValidator

from eslbot.supervise.web.openapi import document
from eslbot.supervise.web.operations import OPERATIONS

WHOLE = document(OPERATIONS, "1.2.3")


def test_it_is_openapi_and_holds_every_operation_under_a_name_of_its_own() -> None:
    OpenAPIV31SpecValidator(WHOLE).validate()
    told = [one for path in WHOLE["paths"].values() for one in path.values()]
    assert len(told) == len(OPERATIONS) + 1  # and the sound
    names = [one["operationId"] for one in told]
    assert len(set(names)) == len(names)


def test_every_part_of_a_path_that_may_be_chosen_is_described_and_needed() -> None:
    for path, methods in WHOLE["paths"].items():
        for one in methods.values():
            needed = {each["name"] for each in one["parameters"] if each["in"] == "path" and each["required"]}
            assert needed == {part[1:-1] for part in path.split("/") if part.startswith("{")}


def test_an_operation_says_what_it_takes_to_be_allowed_and_how_it_may_fail() -> None:
    for operation in OPERATIONS:
        one = WHOLE["paths"][operation.path][operation.method.lower()]
        assert all(f"`{permission.value}`" in one["description"] for permission in operation.takes)
        assert {"401", "403", "404", str(operation.status)} <= one["responses"].keys()


def test_what_stands_in_no_body_is_refused() -> None:
    bodies = [one["requestBody"]["content"]["application/json"]["schema"]
              for path in WHOLE["paths"].values() for one in path.values() if "requestBody" in one]
    assert bodies
    assert not any(body["additionalProperties"] for body in bodies)
