"""The JSON Schema of pack files, for editors: `python -m eslbot.judge.editor` prints eslbot/data/pack.schema.json.

Made of the schema's models; adds what they read but cannot tell: that some values may stand alone or in a list. It
holds for YAML as an editor reads it, where 110 is a number. What it cannot say `eslbot rules check` does. Pure.
"""

import json
from typing import Any

from eslbot.judge.schema import PackModel

ADDRESS = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The schema as plain values."""
    made = PackModel.model_json_schema(by_alias=True, mode="validation")
    shapes = made["$defs"]
    laws = shapes["RuleModel"]["properties"]["law"]
    laws["anyOf"] = [laws["items"], {"type": laws.pop("type"), "items": laws.pop("items"), "minItems": 1}]
    line = {"anyOf": [{"type": ["string", "number"]}, {"$ref": "#/$defs/LineModel"}]}
    for key in ("hit", "miss"):
        shapes["ExamplesModel"]["properties"][key]["items"] = {
            "anyOf": [*line["anyOf"], {"type": "array", "items": line, "minItems": 1, "maxItems": 40}]
        }
    return {"$schema": ADDRESS, **_without_titles(made), "title": "A rule pack of eslbot"}


def render() -> str:
    """The file."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def _without_titles(value: Any) -> Any:
    """Titles and empty choices that are made of our names, and tell an editor's user nothing."""
    if isinstance(value, list):
        return [_without_titles(each) for each in value]
    if not isinstance(value, dict):
        return value
    choices = value.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        rest = [choice for choice in choices if choice != {"type": "null"}]
        kept = {key: each for key, each in value.items() if key not in ("anyOf", "default")}
        value = kept | (rest[0] if len(rest) == 1 else {"anyOf": rest})
    return {
        key: _without_titles(each) for key, each in value.items()
        if not (key == "title" and isinstance(each, str)) and not (key == "default" and each is None)
    }  # fmt: skip


if __name__ == "__main__":
    print(render(), end="")
