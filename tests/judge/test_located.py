import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.judge.located import PackErrors, Plain, Problem, read


def problem(data: bytes) -> Problem:
    with pytest.raises(PackErrors) as caught:
        read(data, "a.yaml")
    (found,) = caught.value.problems
    return found


def test_values_stay_the_text_that_was_written() -> None:
    text = b"version: 1.10\nphrases: [110, 0571, yes, 2026-01-01, 0x1F]\nempty:\ntilde: ~\nquoted: '~'\n"
    assert read(text, "a").value == {
        "version": "1.10",
        "phrases": ["110", "0571", "yes", "2026-01-01", "0x1F"],
        "empty": None,
        "tilde": None,
        "quoted": "~",
    }


def test_every_value_knows_its_line_and_a_missing_one_that_of_its_parent() -> None:
    located = read("pack: x\nrules:\n  - id: a\n    any: [甲,\n          乙]\n  - {id: b}\n".encode(), "a")
    assert located.line(("pack",)) == 1
    assert located.line(("rules",)) == 2
    assert located.line(("rules", 0)) == 3
    assert located.line(("rules", 0, "any", 1)) == 5
    assert located.line(("rules", 0, "severity")) == 3
    assert located.line(("rules", 1, "id")) == 6


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        (b"a: [b\nc: d\n", 2, "not YAML"),
        (b"a: b\n\tc: d\n", 2, "not YAML"),
        (b"a: *nowhere\n", 1, "undefined alias"),
        (b"a: 1\n---\nb: 2\n", 2, "another document"),
        (b"a: b\nc: \x01\n", 2, "a character that YAML forbids"),
        (b"a: b\nc: \xff\n", 2, "not UTF-8"),
        (b"a:\n  b: &x [*x]\n", 2, "nested too deeply"),
        (b"a:\n " + b"[" * 40 + b"x" + b"]" * 40, 2, "nested too deeply"),
    ],
)
def test_what_is_no_yaml_is_told_by_its_first_place(data: bytes, line: int, says: str) -> None:
    found = problem(data)
    assert says in found.text
    assert found.line == line


def test_aliases_of_aliases_do_not_eat_the_memory() -> None:
    layers = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    layers += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "too large" in problem("\n".join(layers).encode()).text


def test_keys_that_stand_twice_and_tags_are_problems_and_the_rest_is_read() -> None:
    located = read(b"a: 1\nb: !thing 2\na: 3\n", "a.yaml")
    assert [(found.line, found.text) for found in located.problems] == [
        (2, "the tag !thing has no meaning here"),
        (3, "the key 'a' stands here twice (first on line 1)"),
    ]


@pytest.mark.parametrize("data", [b"a: " + b"[" * 20_000, b"{a: " * 20_000, b"- " * 20_000, b"? " * 20_000])
def test_nesting_without_end_is_refused_and_crashes_nothing(data: bytes) -> None:
    assert problem(data).text == "nested too deeply"


def test_an_empty_file_has_no_value() -> None:
    assert read(b"", "a").value is None


def test_a_byte_order_mark_is_not_part_of_the_first_key() -> None:
    assert read(b"\xef\xbb\xbfpack: x\n", "a").value == {"pack": "x"}


def test_a_problem_names_file_line_and_rule() -> None:
    assert str(Problem("a.yaml", 7, "promise", "severity is missing")) == "a.yaml:7: rule promise: severity is missing"
    assert str(Problem("a.yaml", 0, "", "no such file")) == "a.yaml: no such file"


VALUES = st.recursive(
    st.text("ab稳赚:#-'\" 0.", max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), VALUES, min_size=1, max_size=4))
def test_what_is_written_is_read_back_with_each_key_on_its_line(value: dict[str, Plain]) -> None:
    text = json.dumps(value, indent=1, ensure_ascii=False)  # JSON is YAML, and another hand wrote it
    located = read(text.encode(), "a")
    assert located.value == value
    lines = text.splitlines()
    for path, line in located.lines.items():
        if path and isinstance(path[-1], str):
            assert path[-1] in lines[line - 1]
