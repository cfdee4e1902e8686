"""The XML dialplan, on its own and as it ships."""

from pathlib import Path

import pytest

from eslbot.sim.dialplan import Action, Dialplan, DialplanError, with_closing

SHIPPED = Path(__file__).parents[2] / "freeswitch_conf"


def route(plan: Dialplan, destination: str, **variables: str) -> tuple[list[Action], dict[str, str]]:
    """The actions, and the variables after inline ones."""

    def expand(text: str) -> str:
        for name, value in variables.items():
            text = text.replace("${" + name + "}", value)
        return text

    return plan.route(destination, expand, variables.__setitem__), variables


def plan(text: str, **globals_: str) -> Dialplan:
    made = Dialplan(globals=dict(globals_))
    made.include(text)
    return made


def test_the_first_extension_that_gives_actions_wins() -> None:
    made = plan(
        '<x><extension name="a"><condition field="destination_number" expression="^1(.)"><action application="set"'
        ' data="x=$1"/></condition></extension><extension name="b"><condition><action application="hangup"/>'
        "</condition></extension></x>"
    )
    assert route(made, "12")[0] == [Action("set", "x=2")]
    assert route(made, "2")[0] == [Action("hangup", "")]


def test_groups_are_those_of_the_conditions_own_expression() -> None:
    made = plan(
        '<x><extension name="a"><condition field="destination_number" expression="^(1)(2)?$"/><condition field="${v}"'
        ' expression="yes"><action application="a" data="$1"/></condition><condition field="${v}" expression="(y)es">'
        '<action application="b" data="$1-$2-${1}-$0-${v}"/></condition></extension></x>'
    )
    assert route(made, "1", v="yes")[0] == [Action("a", "$1"), Action("b", "y--y-yes-${v}")]


def test_an_extension_that_continues_lets_the_next_one_speak() -> None:
    made = plan(
        '<x><extension name="a" continue="true"><condition><action application="log" data="1"/></condition></extension>'
        '<extension name="b"><condition><action application="park"/></condition></extension></x>'
    )
    assert [action.application for action in route(made, "1")[0]] == ["log", "park"]


@pytest.mark.parametrize(
    ("breaks", "value", "applications"),
    [
        ("on-false", "yes", ["a", "c"]), ("on-false", "no", ["b"]),
        ("on-true", "yes", ["a"]), ("on-true", "no", ["b", "c"]),
        ("never", "no", ["b", "c"]), ("always", "yes", ["a"]),
    ],
)  # fmt: skip
def test_breaks_and_anti_actions(breaks: str, value: str, applications: list[str]) -> None:
    made = plan(
        f'<x><extension name="e"><condition field="${{v}}" expression="^yes$" break="{breaks}">'
        '<action application="a"/><anti-action application="b"/></condition>'
        '<condition><action application="c"/></condition></extension></x>'
    )
    assert [action.application for action in route(made, "1", v=value)[0]] == applications


def test_inline_actions_are_set_while_conditions_are_judged() -> None:
    made = plan(
        '<x><extension name="e"><condition><action application="set" data="v=1" inline="true"/></condition>'
        '<condition field="${v}" expression="^1$"><action application="park"/></condition></extension></x>'
    )
    variables = {"v": "0"}

    def expand(text: str) -> str:
        return text.replace("${v}", variables["v"])

    assert made.route("x", expand, variables.__setitem__) == [Action("park", "")]


def test_the_shipped_closing_plays_the_prompt_of_the_calls_language() -> None:
    made = Dialplan(globals={"eslbot_prompts": "/prompts", "eslbot_default_language": "zh"})
    made.include_files([SHIPPED / "dialplan" / "default" / "00_eslbot.xml"])
    for language, path in (("en", "/prompts/en/closing.wav"), ("", "/prompts/zh/closing.wav"), ("../x", "/prompts/zh")):
        actions, variables = route(made, "eslbot_closing", eslbot_language=language)
        assert variables["eslbot_closing_prompt"].startswith(path)
        applications = [action.application for action in actions]
        assert applications.index("playback") < applications.index("hangup")


def test_globals_of_a_file_do_not_overrule_those_given() -> None:
    made = Dialplan(globals={"eslbot_prompts": "/mine"})
    made.include_files([SHIPPED / "eslbot_vars.xml"])
    assert made.globals["eslbot_prompts"] == "/mine"
    assert made.globals["eslbot_default_language"]


def test_a_closing_path_with_markup_stays_a_path() -> None:
    made = Dialplan()
    made.include(with_closing('/a&b<c>".wav'))
    assert Action("playback", '/a&b<c>".wav') in route(made, "eslbot_closing")[0]


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    path.write_text("<x>")
    with pytest.raises(DialplanError, match=r"x\.xml"):
        Dialplan().include_files([path])
    with pytest.raises(DialplanError):
        Dialplan().include_files([tmp_path / "nowhere.xml"])
