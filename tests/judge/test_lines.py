import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from eslbot.judge.lines import Line, Part, part_of, read_lines
from eslbot.judge.located import PackErrors
from eslbot.model.call import Role

TWO = """\
# what people said
- text: 稳赚不赔
  role: agent
  pack: mine
  rules: [promise, absolute]
  kind: plain
- {text: 别再打了, role: customer, pack: mine, rules: []}
"""


def line(text: str) -> Line:
    return Line(text, Role.AGENT, "mine", frozenset(), "", "f", 1)


def test_lines_come_with_their_place_in_the_file() -> None:
    first, second = read_lines(TWO.encode(), "two.yaml")
    assert first == Line("稳赚不赔", Role.AGENT, "mine", frozenset({"promise", "absolute"}), "plain", "two.yaml", 2)
    assert (second.role, second.rules, second.kind, second.number) == (Role.CUSTOMER, frozenset(), "", 7)


def test_everything_wrong_is_told_at_once_with_its_line() -> None:
    text = TWO.replace("role: agent", "role: agnt").replace("rules: []", "rule: []")
    with pytest.raises(PackErrors) as caught:
        read_lines(text.encode(), "two.yaml")
    assert [(each.line, each.text.split(":")[0]) for each in caught.value.problems] == [
        (3, "role"), (7, "rules"), (7, "rule"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "text: a", "- a", "- [", "[[]]"])
def test_a_file_that_is_no_list_of_lines_is_refused(text: str) -> None:
    with pytest.raises(PackErrors):
        read_lines(text.encode(), "f")


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1), min_size=1, max_size=5))
def test_what_is_written_is_read(texts: list[str]) -> None:
    out = io.BytesIO()
    YAML(typ="safe").dump([{"text": t, "role": "agent", "pack": "p", "rules": []} for t in texts], out)
    assert [each.text for each in read_lines(out.getvalue(), "f")] == texts


@given(st.lists(st.text(min_size=1), max_size=30))
def test_each_line_is_either_tuned_on_or_held_out(texts: list[str]) -> None:
    lines = [line(text) for text in texts]
    tuned, held = list(part_of(lines, Part.TUNED)), list(part_of(lines, Part.HELD_OUT))
    assert list(part_of(lines, Part.ALL)) == lines
    assert sorted(each.text for each in tuned + held) == sorted(texts)
    assert not set(tuned) & set(held)


def test_about_a_third_is_held_out() -> None:
    held = sum(line(f"第{number}句话").held_out for number in range(3000))
    assert 900 < held < 1100


def test_the_same_words_written_otherwise_fall_on_the_same_side() -> None:
    for number in range(50):
        words = f"這個產品第{number}號"
        spaced = " ".join(words.replace("這個產品", "这个产品").replace("號", "号"))
        assert line(words).held_out is line(spaced).held_out
