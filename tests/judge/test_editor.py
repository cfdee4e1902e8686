from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from eslbot import data
from eslbot.judge import packs
from eslbot.judge.editor import render, schema
from tests.judge.test_findings import EVERY_KEY

HEAD = "pack: mine\nversion: 1.0\nlanguage: zh\nrules:\n"
CHECKER = Draft202012Validator(schema())


def wrong(text: str) -> list[str]:
    """What an editor underlines in a pack: the path of each mistake."""
    value: Any = YAML(typ="safe").load(text)
    return ["/".join(map(str, error.absolute_path)) for error in CHECKER.iter_errors(value)]


def of_rule(fields: str) -> list[str]:
    return wrong(f"{HEAD}  - {{id: a, says: agent, severity: notice, {fields}}}\n")


def test_the_shipped_file_is_what_the_code_says() -> None:
    """Else: python -m eslbot.judge.editor > eslbot/data/pack.schema.json"""
    assert resources.files(data).joinpath("pack.schema.json").read_text(encoding="utf-8") == render()


def test_it_is_a_schema_and_knows_every_key() -> None:
    Draft202012Validator.check_schema(schema())
    assert wrong(EVERY_KEY.replace("2026-12-01", "'2026-12-01'").replace("2027-03-01", "'2027-03-01'")) == []


@pytest.mark.parametrize("name", packs.shipped())
def test_an_editor_finds_nothing_wrong_with_the_shipped_packs(name: str) -> None:
    text = (Path(packs.__file__).parent / f"{name}.yaml").read_text(encoding="utf-8")
    text = "\n".join(line for line in text.splitlines() if not line.startswith(("effective:", "review:")))
    assert wrong(text) == []


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ("any: [甲], none: [乙], priority: 3, once: true", None),
        ("any: [110]", None),
        ("any: [甲], law: {source: x, sure: P}", None),
        ("any: [甲], law: [{source: x, sure: P}, {source: y, sure: S}]", None),
        ("any: [甲], actions: [alert, {mute: 3s}, {remind: x}, remind]", None),
        ("any: [甲], examples: {hit: [甲, {says: customer, text: 甲}, [甲, {text: 乙}]]}", None),
        ("near: {words: [甲, [乙, 丙]], within: 8}", None),
        ("near: {words: [甲, 乙], within: 8s}", None),
        ("require: {any: [甲], within: 20s}", None),
        ("any: [甲], all: [甲, 乙]", "rules/0"),
        ("any: [甲], sevrity: x", "rules/0"),
        ("any: 甲", "rules/0/any"),
        ("any: [甲], confirm: sure", "rules/0/confirm"),
        ("any: [甲], law: {source: x, sure: Q}", "rules/0/law"),
        ("any: [甲], actions: [{mute: 3}]", "rules/0/actions/0"),
        ("any: [甲], actions: [announce]", "rules/0/actions/0"),
        ("any: [甲], cooldown: 30", "rules/0/cooldown"),
        ("any: [甲], during: {first: 3s, last: 3s}", "rules/0/during"),
        ("near: {words: [甲, 乙], within: 200}", "rules/0/near/within"),
        ("require: {any: [甲]}", "rules/0/require"),
    ],
)
def test_an_editor_underlines_what_is_wrong_where_it_stands(fields: str, place: str | None) -> None:
    assert of_rule(fields) == ([] if place is None else [place])


def test_an_editor_explains_a_key_in_words() -> None:
    shown = schema()["$defs"]["RuleModel"]["properties"]["unless"]
    assert shown["description"] == "No hit where this was said before."
    assert "title" not in shown
