import pytest

from eslbot.judge.findings import validate
from eslbot.judge.located import read

RULE = "  - {id: a, says: agent, any: [保本], severity: severe}\n"
HEAD = 'pack: mine\nversion: "1"\nlanguage: zh\nrules:\n'


def problems(text: str, prompts: set[str] | None = None) -> list[str]:
    model, found = validate(read(text.encode(), "p"), prompts)
    assert (model is None) is bool(found)
    return [str(each) for each in found]


def of_rule(fields: str, prompts: set[str] | None = None) -> list[str]:
    """What is wrong with a rule `a` that is right but for these fields (one line each, from line 6 on)."""
    lines = [f"    {field}" for field in fields.splitlines()]
    return problems(HEAD + "\n".join(["  - id: a", *lines, ""]), prompts)


def test_a_right_pack_has_no_problem() -> None:
    assert problems(HEAD + RULE) == []


def test_every_wrong_value_is_told_at_once_with_line_and_rule() -> None:
    text = (
        "pack: mine\n"
        "version:\n"
        "langauge: zh\n"
        "rules:\n"
        "  - id: a\n"
        "    says: agnet\n"
        "    any: [保本, '。']\n"
        "    confrim: agreed\n"
        "    severity: bad\n"
        "  - id: a\n"
        "    says: either\n"
        "    severity: notice\n"
        "    require:\n"
        "      any: [保本]\n"
        "      within: 20\n"
    )
    assert problems(text) == [
        "p:1: language is missing",
        "p:2: version is empty",
        "p:3: unknown key 'langauge': did you mean 'language'?",
        "p:6: rule a: says is 'agnet': it must be 'agent', 'customer' or 'either'",
        "p:7: rule a: any number 2: the phrase '。' has no letter, digit or character to be heard",
        "p:8: rule a: unknown key 'confrim': did you mean 'confirm'?",
        "p:9: rule a: severity is 'bad': it must be 'notice', 'warning' or 'severe'",
        "p:10: rule a: the id 'a' is taken by the rule on line 5",
        "p:11: rule a: a requirement binds one side: says agent or customer",
        "p:15: rule a: within: '20' is no duration: write 500ms, 3s or 2m",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- a\n", "p:1: not a pack: it begins with `pack: NAME`"),
        ("", "p: not a pack: it begins with `pack: NAME`"),
        (HEAD.replace("rules:", "rules: []"), "p:4: rules needs at least 1, it has 0"),
        (HEAD.replace("rules:", "rules: x"), "p:4: rules must be a list"),
        (HEAD + "  - x\n", "p:5: rule number 1: rules number 1 must be keys and values"),
        (HEAD + RULE.replace("id: a", "id: 'a/b'"), "p:5: rule a/b: id: 'a/b' is no name"),
        (HEAD + RULE + "  - {says: agent, any: [保本], severity: notice}\n", "p:6: rule number 2: id is missing"),
        (HEAD.replace("mine", "[a]") + RULE, "p:1: pack must be text"),
        (HEAD.replace("zh", "fr") + RULE, "p:3: language is 'fr': it must be 'zh' or 'en'"),
    ],
)
def test_a_wrong_pack_is_told_in_plain_words(text: str, says: str) -> None:
    (found,) = problems(text)
    assert found.startswith(says)


@pytest.mark.parametrize(
    ("conditions", "says"),
    [
        ("", "p:5: rule a: needs exactly one of any, all, near, require; it has none"),
        ("any: [甲]\nall: [甲, 乙]", "p:5: rule a: needs exactly one of any, all, near, require; it has any and all"),
        ("require: {within: 20s}", "p:8: rule a: needs exactly one of any, all, near; it has none"),
        ("require: {any: [甲]}", "p:8: rule a: within is missing"),
        ("require: {any: [甲], within: 0s}", "p:8: rule a: within: 0s is out of range"),
        ("any: []", "p:8: rule a: any needs at least 1, it has 0"),
        ("all: [甲]", "p:8: rule a: all needs at least 2, it has 1"),
        ("near: {words: [甲], within: 8}", "p:8: rule a: words needs at least 2, it has 1"),
        ("near: {words: [甲, []], within: 8}", "p:8: rule a: words number 2 needs at least 1, it has 0"),
        ("near: {words: [甲, [乙, '!']], within: 8}", "p:8: rule a: words number 2, 2: the phrase '!'"),
        ("near: {words: [甲, 乙], within: x}", "p:8: rule a: within is 'x': it must be a whole number"),
        ("near: {words: [甲, 乙], within: 200}", "p:8: rule a: within is '200': it must be at most 100"),
        ("near: {words: [转账, 个人账户], within: 5}", "p:8: rule a: near: the words alone take 6, more than"),
        ("near: {words: [甲, 乙], wihtin: 5, within: 5}", "p:8: rule a: unknown key 'wihtin': did you mean 'within'?"),
        ("any: [甲]\neven_negated: maybe", "p:9: rule a: even_negated is 'maybe': it must be true or false"),
        ("any: [甲]\nlaw: {source: x, sure: Q}", "p:9: rule a: sure is 'Q': it must be 'P', 'S' or 'M'"),
        ("any: [甲]\nlaw: 广告法", "p:9: rule a: law must be keys and values"),
        (f"any: [{'甲' * 41}]", "p:8: rule a: any number 1: the phrase is longer than 40 characters or words"),
    ],
)
def test_a_wrong_condition_is_told_in_plain_words(conditions: str, says: str) -> None:
    (found,) = of_rule(f"says: agent\nseverity: notice\n{conditions}")
    assert found.startswith(says)


@pytest.mark.parametrize(
    ("action", "says"),
    [
        ("alrt", "unknown action 'alrt': did you mean 'alert'?"),
        ("mute", "write {mute: 3s}"),
        ("announce", "write {announce: NAME}"),
        ("{mute: }", "write {mute: 3s}"),
        ("{mute: 3}", "'3' is no duration"),
        ("{mute: 11m}", "11m is out of range"),
        ("{alert: now}", "alert takes nothing: write plain alert"),
        ("{alert: }", "write plain alert"),
        ("{mute: 3s, alert: x}", "{'mute': '3s', 'alert': 'x'} is no action"),
        ("[alert]", "['alert'] is no action"),
        ("{remind: '../x'}", "'../x' is no prompt's name"),
        ("{remind: identiy}", "there is no prompt 'identiy': did you mean 'identity'?"),
    ],
)
def test_a_wrong_action_is_told_in_plain_words(action: str, says: str) -> None:
    (found,) = of_rule(f"says: agent\nany: [甲]\nseverity: notice\nactions:\n  - {action}", {"identity"})
    assert found.startswith(f"p:10: rule a: actions number 1: {says}")


def test_a_key_that_stands_twice_is_told_beside_wrong_values() -> None:
    found = of_rule("says: agent\nany: [甲]\nseverity: notice\nseverity: bad")
    assert found == ["p:9: the key 'severity' stands here twice (first on line 8)"]
