"""What people said of hits, and what it says of a pack."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.improve.labels import BadLabels, Label, Score, read_labels, score
from eslbot.improve.rejudge import Found

HIT = Found("promise", "agent", "severe", "p", "1", 3, 80_000, 88_000, "稳赚不赔")
"""From second 10 to 11."""
MISS = Found("notice", "agent", "severe", "p", "1", -1, 0, 80_000, "")


def label(**values: object) -> Label:
    return Label.model_validate({"call": "c", "rule": "promise", "right": True, **values})


@pytest.mark.parametrize(
    ("values", "meets"),
    [
        ({"second": 10.5}, True), ({"second": 8.1}, True), ({"second": 7.9}, False), ({"second": 13.1}, False),
        ({"sample": 84_000}, True), ({"sample": 10}, False), ({}, True), ({"rule": "other"}, False),
        ({"role": "customer", "second": 10.5}, False), ({"role": "agent", "second": 10.5}, True),
    ],
)  # fmt: skip
def test_a_label_is_about_the_hit_at_its_place(values: dict[str, object], meets: bool) -> None:
    assert label(**values).meets(HIT, 8000) is meets


def test_a_missed_disclosure_has_no_place() -> None:
    assert label(rule="notice").meets(MISS, 8000)
    assert not label(rule="notice", second=10.0).meets(MISS, 8000)


def test_precision_counts_the_hits_people_looked_at_and_recall_the_places_they_call_right() -> None:
    labels = [label(second=10.0), label(second=40.0), label(second=60.0, right=False), label(second=70.0, right=False)]
    wrong = Found("promise", "agent", "severe", "p", "1", 9, 480_000, 488_000, "不是")
    [one] = score(labels, [HIT, wrong], 8000).values()
    assert (one.right_hits, one.wrong_hits, one.missed, one.spared) == (1, 1, 1, 1)
    assert (one.precision, one.recall) == (0.5, 0.5)


def test_two_labels_of_a_place_are_two_hits_or_one_of_them_is_missed() -> None:
    assert score([label(second=10.0), label(second=10.2)], [HIT], 8000)["promise"].missed == 1


def test_nothing_looked_at_is_no_precision() -> None:
    assert (Score().precision, Score().recall) == (None, None)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 100)), max_size=10), st.integers(0, 5))
def test_every_label_is_counted_once(places: list[tuple[bool, int]], hits: int) -> None:
    found = [Found("promise", "agent", "s", "p", "1", n, n * 160_000, n * 160_000 + 8000, "") for n in range(hits)]
    labels = [label(second=float(at), right=right) for right, at in places]
    one = score(labels, found, 8000).get("promise", Score())
    assert one.right_hits + one.missed == sum(right for right, _ in places)
    assert one.wrong_hits + one.spared == sum(not right for right, _ in places)
    assert one.right_hits <= hits


def test_a_file_is_yaml_or_json(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "- {call: ABC, rule: promise, second: 12.5, right: true}\n- {call: abc, rule: n, right: false}")
    (tmp_path / "a.json").write_text('[{"call": "abc", "rule": "promise", "sample": 5, "right": false}]')
    assert [one.right for one in read_labels(tmp_path / "a.yaml")["abc"]] == [True, False]
    assert read_labels(tmp_path / "a.json")["abc"][0].sample == 5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- {call: a, rule: b}", "label 1: right: Field required"),
        ("- {call: a, rule: b, right: true}\n- {call: a, rule: b, right: maybe}", "label 2: right:"),
        ("- {call: a, rule: b, right: true, second: 1.0, sample: 2}", "not both"),
        ("- {call: a, rule: b, right: true, secnd: 1.0}", "label 1: secnd:"),
        ("calls: []", "the file:"), ("- {call: [", "neither YAML nor JSON"),
        ("- {call: a, rule: b, right: true, second: -1.0}", "second"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_told_by_file_and_label(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "labels.yaml"
    file.write_text(text)
    with pytest.raises(BadLabels, match=r"labels\.yaml") as raised:
        read_labels(file)
    assert says in str(raised.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadLabels, match="No such file"):
        read_labels(tmp_path / "none.yaml")
