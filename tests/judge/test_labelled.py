"""The labelled lines: their form, not their scores. Knows the ids that each pack is labelled with; knows no pack."""

from collections import Counter
from pathlib import Path

import pytest
from ruamel.yaml import YAML

FOLDER = Path(__file__).parent / "labelled"
KINDS = {"plain", "spaced", "homophone", "traditional", "negated", "quoted", "question"}
KINDS |= {"near-miss", "ordinary", "numerals"}
SHARED = {"threat", "abuse", "secret-request", "opt-out", "identity", "recording-notice"}
PROMISES = {"guaranteed-return", "absolute-claim", "private-deal", "refusal-way"}
IDS = {
    "cn-finance-marketing": SHARED | PROMISES | {"impersonation", "risk-warning"},
    "cn-collections": SHARED | {"impersonation", "third-party", "false-consequence"},
    "cn-marketing": SHARED | PROMISES | {"no-risk", "impersonation", "private-chat", "complaint"},
    "cn-survey": {"identity", "recording-notice", "refusal-way", "selling-under-guise", "opt-out", "abuse"},
    "us-telemarketing": SHARED | PROMISES | {"no-risk", "complaint"},
    "us-debt": (SHARED - {"secret-request"}) | {"false-consequence", "third-party", "debt-notice"},
}
CUSTOMER = {"opt-out", "complaint"}
"""The ids that only the customer can hit; every other is the agent's."""
FEWEST = {"cn-finance-marketing": (600, 250), "cn-collections": (200, 60), "cn-marketing": (80, 30)}
FEWEST |= {"cn-survey": (50, 20), "us-telemarketing": (120, 40), "us-debt": (120, 40)}
"""Lines in all, and lines that hit nothing."""
LEAST_PER_RULE = 7

Line = dict[str, object]


def read(pack: str) -> list[Line]:
    with (FOLDER / f"{pack}.yaml").open(encoding="utf-8") as file:
        lines: list[Line] = YAML(typ="safe").load(file)
    return lines


def rules(line: Line) -> list[str]:
    found = line["rules"]
    assert isinstance(found, list)
    return found


def test_each_file_belongs_to_a_pack() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(IDS)


@pytest.mark.parametrize("pack", IDS)
def test_each_line_has_its_four_fields_with_known_values(pack: str) -> None:
    for line in read(pack):
        assert set(line) == {"text", "role", "rules", "kind"}, line
        assert line["role"] in {"agent", "customer"}, line
        assert line["kind"] in KINDS, line
        assert isinstance(line["text"], str), line
        assert line["text"] == line["text"].strip() != "", line
        assert set(rules(line)) <= IDS[pack], line
        assert len(set(rules(line))) == len(rules(line)), line


@pytest.mark.parametrize("pack", IDS)
def test_a_rule_is_hit_only_by_the_side_it_is_about(pack: str) -> None:
    for line in read(pack):
        by_customer = line["role"] == "customer"
        assert all((rule in CUSTOMER) == by_customer for rule in rules(line)), line


def test_no_text_stands_twice_even_when_spaced_otherwise() -> None:
    said = Counter("".join(str(line["text"]).split()) for pack in IDS for line in read(pack))
    assert [text for text, times in said.items() if times > 1] == []


@pytest.mark.parametrize("pack", IDS)
def test_every_rule_and_silence_have_enough_lines(pack: str) -> None:
    lines = read(pack)
    fewest, silent = FEWEST[pack]
    assert len(lines) >= fewest
    assert sum(not rules(line) for line in lines) >= silent
    hits = Counter(rule for line in lines for rule in rules(line))
    assert {rule for rule in IDS[pack] if hits[rule] < LEAST_PER_RULE} == set()
