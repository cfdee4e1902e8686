import pytest

from eslbot.judge.findings import validate
from eslbot.judge.located import read

SINGLE = "any, all, some, near, sequence, regex"
KINDS = f"{SINGLE}, either"
OF_A_RULE = f"{KINDS}, require, acoustic"
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
        (HEAD.replace("rules:", "rules: []"), "p:4: there is no rule: write `rules`, or `include`"),
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
        ("", f"p:5: rule a: needs exactly one of {OF_A_RULE}; it has none"),
        ("any: [甲]\nall: [甲, 乙]", f"p:5: rule a: needs exactly one of {OF_A_RULE}; it has any and all"),
        ("require: {within: 20s}", f"p:8: rule a: needs exactly one of {KINDS}; it has none"),
        ("require: {any: [甲]}", "p:8: rule a: within is missing"),
        ("require: {any: [甲], within: 0s}", "p:8: rule a: within: 0s is out of range"),
        ("any: []", "p:8: rule a: any needs at least 1, it has 0"),
        ("all: [甲]", "p:8: rule a: all needs at least 2, it has 1"),
        ("near: {words: [甲], within: 8}", "p:8: rule a: words needs at least 2, it has 1"),
        ("near: {words: [甲, []], within: 8}", "p:8: rule a: words number 2 needs at least 1, it has 0"),
        ("near: {words: [甲, [乙, '!']], within: 8}", "p:8: rule a: words number 2, 2: the phrase '!'"),
        ("near: {words: [甲, 乙], within: x}", "p:8: rule a: within: 'x' is neither a whole number of characters"),
        ("near: {words: [甲, 乙], within: 200}", "p:8: rule a: within: 200 is out of range: 2 to 100 characters"),
        ("near: {words: [转账, 个人账户], within: 5}", "p:8: rule a: near: the words alone take 6, more than"),
        ("near: {words: [甲, 乙], wihtin: 5, within: 5}", "p:8: rule a: unknown key 'wihtin': did you mean 'within'?"),
        ("any: [甲]\neven_negated: maybe", "p:9: rule a: even_negated is 'maybe': it must be true or false"),
        ("any: [甲]\nlaw: {source: x, sure: Q}", "p:9: rule a: sure is 'Q': it must be 'P', 'S' or 'M'"),
        ("any: [甲]\nlaw: 广告法", "p:9: rule a: law must be keys and values"),
        (f"any: [{'甲' * 41}]", "p:8: rule a: any number 1: the phrase is longer than 40 characters or words"),
        ("any: [甲]\nlaw: [{source: x, sure: P}, {source: y}]", "p:9: rule a: sure is missing"),
        ("near: {words: [甲, '!'], within: 8}", "p:8: rule a: words number 2: the phrase '!'"),
        ("near: {words: [甲, 乙], within: 3h}", "p:8: rule a: within: '3h' is neither a whole number"),
        ("sequence: {words: [转账, 个人账户], within: 5}", "p:8: rule a: sequence: the words alone take 6, more than"),
        ("sequence: {words: [甲, 乙], within: 0s}", "p:8: rule a: within: 0s is out of range"),
        ("some: {words: [甲, 乙], at_least: 3}", "p:8: rule a: some: there are 2 words, fewer than at_least: 3"),
        ("some: {words: [甲, 乙], atleast: 2, at_least: 2}", "p:8: rule a: unknown key 'atleast': did you mean 'at_l"),
        ("regex: {pattern: '(甲'}", "p:8: rule a: pattern: missing ): (甲"),
        ("regex: {pattern: '甲(?=乙)'}", "p:8: rule a: pattern: invalid perl operator"),
        ("regex: {pattern: '甲*'}", "p:8: rule a: pattern: the pattern finds even nothing: '甲*'"),
        ("regex: {pattern: '.{900}'}", "p:8: rule a: pattern: the pattern is too large"),
        (f"regex: {{pattern: '{'甲' * 401}'}}", "p:8: rule a: pattern: the pattern is longer than 400 characters"),
        ("regex: {pattern: '您', not: 甲}", "p:8: rule a: '您' finds nothing: it is heard as '你'"),
        ("regex: {pattern: 甲, nto: 乙}", "p:8: rule a: unknown key 'nto': did you mean 'not'?"),
        ("regex: {pattern: 甲, not: '['}", "p:8: rule a: not: missing ]"),
        ("either: [any: [甲]]", "p:8: rule a: either needs at least 2, it has 1"),
        ("either: [any: [甲], {}]", f"p:8: rule a: needs exactly one of {SINGLE}; it has none"),
        ("either: [any: [甲], {any: [甲], all: [甲, 乙]}]", f"p:8: rule a: needs exactly one of {SINGLE}; it has any"),
        ("either: [any: [甲], any: ['。']]", "p:8: rule a: any number 1: the phrase '。' has no letter"),
        ("either: [any: [甲], {near: {words: [甲, 乙], within: 3s}}]", "p:8: rule a: within either it is a number"),
        ("either: [any: [甲], {regex: {pattern: 您}}]", "p:8: rule a: '您' finds nothing: it is heard as '你'"),
        ("either: [any: [甲], {regex: {pattern: '('}}]", "p:8: rule a: pattern: missing )"),
        ("either: [any: [甲], {nay: [甲], any: [乙]}]", "p:8: rule a: unknown key 'nay': did you mean 'any'?"),
        ("require: {either: [any: [甲], {}], within: 9s}", f"p:8: rule a: needs exactly one of {SINGLE}; it has none"),
        ("any: [甲]\nunless: {either: [any: [甲], {}]}", f"p:9: rule a: needs exactly one of {SINGLE}; it has none"),
        ("acoustic: {silence: 8s, talk_over: 3s}", "p:8: rule a: needs exactly one of silence, talk_over, rate"),
        ("acoustic: {rate: {above: 0, over: 10s}}", "p:8: rule a: above is '0': it must be at least 1"),
        ("acoustic: {rate: {abov: 1, above: 300, over: 10s}}", "p:8: rule a: unknown key 'abov'"),
        ("acoustic: {silence: 8s}\nnone: [甲]", "p:9: rule a: none is about words, and the rule looks for none"),
        ("require: {any: [甲], within: 9s}\nonce: true", "p:9: rule a: once stands beside a requirement only if"),
        ("require: {any: [甲], within: 9s, by: agent}", "p:8: rule a: by stands beside after only"),
        ("require: {any: [甲], within: 9s, after: {}}", f"p:8: rule a: needs exactly one of {KINDS}; it has none"),
        ("require: {any: [甲], within: 9s, after: {any: [乙], says: x}}", "p:8: rule a: says is 'x': it must be"),
        ("any: [甲]\nunless: {within: 9s}", f"p:9: rule a: needs exactly one of {KINDS}; it has none"),
        ("any: [甲]\nduring: {first: 9s, last: 9s}", "p:9: rule a: needs exactly one of first, last; it has first and"),
        ("any: [甲]\nduring: {last: 9s}\nactions: [{mute: 3s}]", "p:10: rule a: during last is judged when the call"),
        ("any: [甲]\nrepeated: {times: 1, within: 9s}", "p:9: rule a: times is '1': it must be at least 2"),
        ("any: [甲]\nrepeated: {times: 3}", "p:9: rule a: within is missing"),
        ("any: [甲]\ncooldown: 30", "p:9: rule a: cooldown: '30' is no duration"),
        ("any: [甲]\npriority: high", "p:9: rule a: priority is 'high': it must be a whole number"),
        ("any: [甲]\nexamples: {hits: [甲]}", "p:9: rule a: unknown key 'hits': did you mean 'hit'?"),
        ("any: [甲]\nexamples: {hit: [{say: agent, text: 甲}]}", "p:9: rule a: unknown key 'say': did you"),
        ("any: [甲]\nexamples: {hit: [{says: boss, text: 甲}]}", "p:9: rule a: says is 'boss': it must be 'agent' or"),
        ("any: [甲]\nexamples: {hit: 甲}", "p:9: rule a: hit must be a list"),
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


def test_a_wrong_value_of_several_is_told_on_its_own_line() -> None:
    head = "says: agent\nany: [甲]\nseverity: notice\n"
    found = of_rule(f"{head}law:\n  source: x\n  sure: Q\nexamples:\n  hit:\n    - 甲\n    -")
    assert found == ["p:11: rule a: sure is 'Q': it must be 'P', 'S' or 'M'", "p:15: rule a: hit number 2 is empty"]


def test_a_requirement_of_either_side_needs_someone_it_binds() -> None:
    fields = "says: either\nseverity: notice\nrequire: {after: {any: [甲]}, any: [乙], within: 9s"
    assert of_rule(fields + "}") == [
        "p:6: rule a: a requirement binds one side: says agent or customer, or name one with by"
    ]
    assert of_rule(fields + ", by: agent}") == []


def test_days_are_written_as_such() -> None:
    found = problems(HEAD.replace("rules", "effective: 2026-02-30\nreview: soon\nrules") + RULE)
    assert found == [
        "p:4: effective: '2026-02-30' is no date: write 2026-12-31", "p:5: review: 'soon' is no date: write 2026-12-31",
    ]  # fmt: skip


def test_patterns_that_are_too_large_together_are_refused() -> None:
    rules = [RULE.replace("id: a", f"id: a{n}").replace("any: [保本]", "regex: {pattern: '.{100}'}") for n in range(40)]
    (found,) = problems(HEAD + "".join(rules))
    assert found.startswith("p:4: the patterns are too large together")


def test_every_key_of_the_format_has_its_place() -> None:
    assert problems(EVERY_KEY, {"conditions"}) == []


EVERY_KEY = """
pack: every
version: 1.10
language: zh
title: t
notice: n
effective: 2026-12-01
review: 2027-03-01
homophones: true
rules:
  - id: some
    says: either
    some: {words: [甲, [乙, 丙], 丁], at_least: 2}
    none: [戊]
    unless: {any: [己], within: 30s, says: customer}
    during: {first: 30s}
    repeated: {times: 3, within: 60s}
    cooldown: 30s
    once: true
    priority: 10
    homophones: false
    severity: notice
    law: [{source: x, sure: P, note: n}, {source: y, sure: M}]
    examples: {hit: [甲乙, {says: customer, text: 甲乙}, [甲, {says: customer, text: 乙}]], miss: [110]}
  - {id: near, says: agent, near: {words: [甲, 乙], within: 8s}, severity: notice, during: {last: 30s}}
  - {id: order, says: agent, sequence: {words: [甲, 乙], within: 20}, severity: notice}
  - {id: regex, says: agent, regex: {pattern: "甲.{0,3}乙", not: 甲丙}, severity: notice}
  - {id: said, says: agent, require: {all: [甲, 乙], within: 20s}, severity: notice}
  - id: conditions
    says: customer
    require: {after: {any: [优惠], says: either}, near: {words: [截止, 条件], within: 8}, within: 15s, by: agent}
    severity: notice
    actions: [{remind: conditions}]
  - {id: silence, says: either, acoustic: {silence: 8s}, severity: notice}
  - {id: talk-over, says: agent, acoustic: {talk_over: 3s}, severity: notice}
  - {id: fast, says: agent, acoustic: {rate: {above: 350, over: 10s}}, severity: notice}
"""


def test_a_key_that_stands_twice_is_told_beside_wrong_values() -> None:
    found = of_rule("says: agent\nany: [甲]\nseverity: notice\nseverity: bad")
    assert found == ["p:9: the key 'severity' stands here twice (first on line 8)"]


def test_a_mask_ends_by_a_rule_of_its_own_pack() -> None:
    text = PACK_OF_MASKS.replace("UNTIL", "paid")
    assert validate(read(text.encode(), "x.yaml"), None)[1] == []
    [problem] = validate(read(PACK_OF_MASKS.replace("UNTIL", "payd").encode(), "x.yaml"), None)[1]
    assert "this pack has no such rule" in problem.text
    assert (problem.line, problem.rule) == (8, "asked")


PACK_OF_MASKS = """pack: p
version: "1"
language: zh
rules:
  - id: asked
    says: agent
    any: [卡号]
    actions: [{mask: {until: UNTIL}}]
    severity: notice
  - {id: paid, says: agent, any: [成功], severity: notice}
"""
