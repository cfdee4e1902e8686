"""The packs that ship: whole, dated, sourced, alike where they share a rule, and as good as was measured."""

import tomllib
from functools import cache
from pathlib import Path

import pytest

from eslbot import data, prompts
from eslbot.judge.explain import VERIFY, describe
from eslbot.judge.inforce import Packs
from eslbot.judge.lines import Line, Part, part_of, read_lines
from eslbot.judge.measure import Measured, measure
from eslbot.judge.packs import load, shipped
from eslbot.judge.rules import Rule
from eslbot.judge.trial import try_texts
from eslbot.model.call import Confirm, Role, Severity
from eslbot.model.judgement import Act, Action

LANGUAGE = {
    "cn-common": "zh", "cn-collections": "zh", "cn-finance-marketing": "zh", "cn-marketing": "zh", "cn-survey": "zh",
    "us-debt": "en", "us-telemarketing": "en",
}  # fmt: skip
PAYMENT = {"card-number", "payment-done"}
CONDUCT = {"threat", "abuse", "opt-out", "identity", "recording-notice"}
SHARED = {"threat", "abuse", "impersonation", "secret-request", "recording-notice"} | PAYMENT
"""What the Chinese packs take of cn-common."""
IDS = {
    "cn-common": SHARED,
    "cn-finance-marketing": CONDUCT | PAYMENT | {
        "guaranteed-return", "absolute-claim", "impersonation", "secret-request", "private-deal", "risk-warning",
        "refusal-way",
    },
    "cn-marketing": CONDUCT | PAYMENT | {
        "guaranteed-return", "no-risk", "promised-appreciation", "promised-result", "absolute-claim", "impersonation",
        "secret-request", "private-deal", "private-chat", "complaint", "refusal-way", "offer-conditions",
    },
    "cn-collections": CONDUCT | PAYMENT | {
        "impersonation", "secret-request", "private-deal", "third-party", "false-consequence",
    },
    "cn-survey": CONDUCT | PAYMENT | {"selling-under-guise", "impersonation", "secret-request", "refusal-way"},
    "us-telemarketing": CONDUCT | PAYMENT | {
        "guaranteed-return", "no-risk", "absolute-claim", "secret-request", "private-deal", "complaint", "refusal-way",
        "offer-conditions",
    },
    "us-debt": CONDUCT | PAYMENT | {"third-party", "false-consequence", "debt-notice"},
}  # fmt: skip
OWN = {("cn-marketing", "guaranteed-return"), ("cn-marketing", "private-deal")}
"""Rules that share an id with another pack of their language, but not their words: cn-marketing tells no-risk and
private-chat apart from them."""
FLOOR = 0.95
"""F1 of each rule on the lines it was tuned on."""
LABELLED = Path(__file__).parent / "labelled"


@cache
def of(name: str) -> Packs:
    """A shipped pack, loaded once."""
    return load([name])


@cache
def lines(name: str) -> tuple[Line, ...]:
    file = LABELLED / f"{name}.yaml"
    return tuple(read_lines(file.read_bytes(), file.name))


@cache
def measured(name: str, part: Part) -> Measured:
    return measure({name: of(name)}, part_of(lines(name), part))


def tried(loaded: Packs, role: Role, text: str) -> list[str]:
    return try_texts(loaded, role, [text])[0]["hits"]


def rules(name: str) -> dict[str, Rule]:
    return {rule.id: rule for rule in of(name).rules}


def test_these_packs_ship() -> None:
    assert set(shipped()) == set(LANGUAGE)


@pytest.mark.parametrize("name", LANGUAGE)
def test_a_pack_has_its_rules_names_prompts_that_exist_and_is_no_legal_advice(name: str) -> None:
    known = {prompt.name for prompt in prompts.shipped(LANGUAGE[name])}
    loaded = load([name], prompts=known)
    (pack,) = loaded.packs
    assert (pack.name, pack.language) == (name, LANGUAGE[name])
    assert "None of this is legal advice" in pack.notice
    assert {rule.id for rule in loaded.rules} == IDS[name]


@pytest.mark.parametrize("name", LANGUAGE)
def test_a_pack_is_to_be_looked_at_again_within_a_quarter(name: str) -> None:
    (pack,) = of(name).packs
    assert pack.effective is not None
    assert pack.review is not None
    assert 0 < (pack.review - pack.effective).days <= 92


@pytest.mark.parametrize("name", LANGUAGE)
def test_severe_rules_mute_and_alert_once_words_are_agreed_and_the_customers_touch_nothing(name: str) -> None:
    for rule in of(name).rules:
        acts = [action.act for action in rule.verdict.actions]
        if rule.verdict.severity is Severity.SEVERE:
            assert acts[:1] == [Act.MUTE] or rule.id == "selling-under-guise", rule.id
            assert Act.ALERT in acts, rule.id
            assert rule.verdict.confirm is Confirm.AGREED, rule.id
        if rule.says.value == "customer":
            assert (rule.verdict.severity, acts) == (Severity.NOTICE, [Act.ALERT]), rule.id
        if rule.require is not None:
            assert acts == [Act.REMIND], rule.id
        assert Act.HANG_UP not in acts, rule.id


@pytest.mark.parametrize("name", [name for name, ids in IDS.items() if ids >= PAYMENT])
def test_asking_for_a_card_number_masks_until_the_payment_is_done_and_is_nothing_worse(name: str) -> None:
    asked, done = (of(name).verdicts[rule] for rule in ("card-number", "payment-done"))
    assert asked.actions == (Action(Act.MASK, seconds=90.0, until="payment-done"),)
    assert done.actions == ()
    assert {asked.severity, done.severity} == {Severity.NOTICE}


@pytest.mark.parametrize("name", [name for name, ids in IDS.items() if ids >= PAYMENT and name != "cn-common"])
def test_of_the_lines_that_are_about_something_else_none_masks(name: str) -> None:
    hits = measured(name, Part.ALL).unlabelled
    assert sum(hits.get((name, rule), 0) for rule in PAYMENT) <= 1  # 您先把卡号和密码都报给我 asks for one


@pytest.mark.parametrize("name", [name for name, ids in IDS.items() if "guaranteed-return" in ids])
def test_a_severe_promise_is_corrected(name: str) -> None:
    verdict = of(name).verdicts["guaranteed-return"]
    assert [action.act for action in verdict.actions] == [Act.MUTE, Act.ALERT, Act.ANNOUNCE]


@pytest.mark.parametrize("name", LANGUAGE)
def test_what_was_not_read_in_the_primary_text_is_to_be_verified(name: str) -> None:
    for described in describe(of(name)):
        for law in described["law"]:
            assert law["advice"] == (None if law["sure"] == "P" else VERIFY), described["rule"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_rule_that_packs_share_is_the_same_in_all_of_them(language: str) -> None:
    seen: dict[str, tuple[str, Rule]] = {}
    for name in LANGUAGE:
        if LANGUAGE[name] != language:
            continue
        for rule in of(name).rules:
            if (name, rule.id) in OWN:
                continue
            first, other = seen.setdefault(rule.id, (name, rule))
            assert (rule.says, rule.words) == (other.says, other.words), f"{rule.id} of {name} and of {first}"
            mine, theirs = rule.require, other.require
            assert (mine and mine.words) == (theirs and theirs.words), f"{rule.id} of {name} and of {first}"


# --- what they hear --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", LANGUAGE)
def test_each_rule_has_six_examples_that_hit_and_six_that_do_not_and_they_do(name: str) -> None:
    for rule in of(name).rules:
        if rule.id == "offer-conditions":
            continue
        hit = [example for example in rule.examples if example.hits]
        miss = [example for example in rule.examples if not example.hits]
        assert min(len(hit), len(miss)) >= 6, rule.id
        for example in rule.examples:
            ((role, text),) = example.talk
            assert (rule.id in tried(of(name), role, text)) is example.hits, f"{rule.id}: {text}"


@pytest.mark.parametrize("name", [name for name in LANGUAGE if name.startswith("cn-") and name != "cn-common"])
def test_what_the_chinese_packs_share_stands_in_one_of_them(name: str) -> None:
    assert {rule.id for rule in of(name).rules if rule.origin is not None} == SHARED
    assert {rule.origin.pack for rule in of(name).rules if rule.origin is not None} == {"cn-common"}


LABELLED_PACKS = [name for name in LANGUAGE if name != "cn-common"]
"""Those with lines of their own; cn-common's rules are measured in each pack that takes them."""


@pytest.mark.parametrize("name", LABELLED_PACKS)
def test_rules_are_as_good_as_was_measured_on_the_lines_they_were_tuned_on(name: str) -> None:
    found = measured(name, Part.TUNED)
    poor = {rule: score.f1 for (_, rule), score in found.scores.items() if score.f1 is not None and score.f1 < FLOOR}
    assert poor == {}


HELD_OUT = {
    "cn-finance-marketing": 0.97, "cn-marketing": 0.97, "cn-collections": 0.98, "cn-survey": 0.90,
    "us-telemarketing": 0.81, "us-debt": 0.94,
}  # fmt: skip
"""Macro F1 on the lines that were held out, rounded down. Those of the Chinese packs were read and tuned on since."""


@pytest.mark.parametrize("name", LABELLED_PACKS)
def test_packs_do_not_fall_behind_what_was_measured_on_the_lines_held_out(name: str) -> None:
    macro = measured(name, Part.HELD_OUT).macro_f1
    assert macro is not None
    assert macro >= HELD_OUT[name]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("这个产品保本保息，您放心", "guaranteed-return"),
        ("這個產品穩賺不賠", "guaranteed-return"),
        ("我们可以保证收益", "guaranteed-return"),
        ("投资没有任何风险", "no-risk"),
        ("您肯定不会亏的", "no-risk"),
        ("这是国家级的产品", "absolute-claim"),
        ("这套房子保证升值", "promised-appreciation"),
        ("报我们的班保证通过", "promised-result"),
        ("你不还钱我们就上门", "threat"),
        ("你闭嘴", "abuse"),
        ("你好我这里是市公安局", "impersonation"),
        ("麻烦您把短信验证码告诉我一下", "secret-request"),
        ("您直接转账到我的个人账户就行", "private-deal"),
        ("您加一下我的微信", "private-chat"),
        ("您好，我是远山理财公司的客户经理", "identity"),
        ("为了服务质量，本次通话将被录音", "recording-notice"),
        ("如果您不需要可以随时挂断", "refusal-way"),
    ],
)
def test_the_chinese_pack_hears_an_agent_s(text: str, rule: str) -> None:
    assert tried(of("cn-marketing"), Role.AGENT, text) == [rule]


@pytest.mark.parametrize(
    "text",
    [
        "这个产品不保本",
        "我们不保证收益",
        "不能说稳赚不赔",
        "有人说零风险都是骗子",
        "请不要把验证码告诉任何人",
        "不要告诉别人验证码",
        "投资有风险，请您谨慎考虑",
        "您可以转账到公司账户",
        "现在买最好",
        "投诉电话是多少",
        "过去的收益不代表未来",
        "明天上门办理合同",
        "通话不会录音",
        "您的电话是多少",
    ],
)
def test_the_chinese_pack_lets_an_agent_s_lawful_words_be(text: str) -> None:
    assert tried(of("cn-marketing"), Role.AGENT, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我不需要，请不要再打了", ["opt-out"]),
        ("别再打电话了我要投诉你们", ["opt-out", "complaint"]),
        ("我打12315", ["complaint"]),
        ("好的，谢谢", []),
        ("投诉电话是多少", []),
        ("这个稳赚不赔吗", []),
    ],
)
def test_the_chinese_pack_hears_the_customer(text: str, expected: list[str]) -> None:
    assert tried(of("cn-marketing"), Role.CUSTOMER, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("this fund has a guaranteed return", ["guaranteed-return"]),
        ("we never promise guaranteed returns", []),
        ("nobody can promise a guaranteed return", []),
        ("you have no risk at all", ["no-risk"]),
        ("people who say risk free are liars", []),
        ("please tell me the one time code", ["secret-request"]),
        ("do not tell anyone your password", []),
        ("this call is recorded", ["recording-notice"]),
        ("if you do not want this you may decline at any time", ["refusal-way"]),
        ("transfer it to the company account", []),
    ],
)
def test_the_english_pack_hears_an_agent(text: str, expected: list[str]) -> None:
    assert tried(of("us-telemarketing"), Role.AGENT, text) == expected


DIALOGUES = sorted(
    (name, path)
    for name in ("cn-marketing", "us-telemarketing")
    for path in Path(data.__file__).parent.glob(f"dialogues/{LANGUAGE[name]}/*/dialogue.toml")
)


@pytest.mark.parametrize(
    ("pack", "path"), DIALOGUES, ids=lambda each: each if isinstance(each, str) else each.parent.name
)
def test_the_shipped_dialogues_break_what_their_names_say(pack: str, path: Path) -> None:
    loaded = of(pack)
    deadlines = {
        rule.id: rule.require.within for rule in loaded.rules if rule.require is not None and rule.words is None
    }
    found: dict[Role, list[str]] = {Role.AGENT: [], Role.CUSTOMER: []}
    for line in tomllib.loads(path.read_text(encoding="utf-8"))["line"]:
        role = Role(line["role"])
        hits = tried(loaded, role, line["text"])
        assert all(line["at"] < deadlines[rule] for rule in hits if rule in deadlines)
        found[role] += hits
    disclosures = set(deadlines) & set(found[Role.AGENT])
    violations = set(found[Role.AGENT]) - set(deadlines) - {"offer-conditions"}
    missing = {"recording-notice"} if path.parent.name == "missing-disclosure" else set()
    assert violations == ({"guaranteed-return"} if path.parent.name == "severe-promise" else set())
    assert disclosures == set(deadlines) - missing
