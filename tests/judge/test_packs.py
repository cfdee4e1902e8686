import tomllib
from functools import cache
from pathlib import Path

import pytest

from eslbot import data, prompts
from eslbot.judge.explain import VERIFY, describe
from eslbot.judge.inforce import Packs
from eslbot.judge.located import PackErrors
from eslbot.judge.packs import check, load, shipped
from eslbot.judge.trial import try_texts
from eslbot.model.call import Confirm, Role, Severity
from eslbot.model.judgement import Act, Law
from tests.judge.build import packs

MINE = """
pack: mine
version: "3"
language: zh
rules:
  - {id: guaranteed-return, says: agent, any: [包您满意], severity: notice}
  - id: close-words
    says: agent
    near: {words: [转账, [个人账户, 私人账户]], within: 8}
    severity: warning
    actions: [alert]
  - {id: all-words, says: either, all: [加, 微信], severity: notice, law: {source: 自拟, sure: S}}
"""
ENGLISH = """
pack: other
version: "1"
language: en
rules:
  - {id: close-words, says: agent, any: [no risk], severity: notice}
"""


@cache
def of(name: str) -> Packs:
    """A shipped pack, loaded once."""
    return load([name])


def tried(loaded: Packs, role: Role, text: str) -> list[str]:
    return try_texts(loaded, role, [text])[0]["hits"]


def test_the_contract_s_own_pack_loads(tmp_path: Path) -> None:
    text = """
pack: my-pack
version: "1"
language: zh
rules:
  - id: guaranteed-return
    title: promise of return
    says: agent              # agent | customer | either
    any: [稳赚不赔, 保本保息]
    severity: severe         # notice | warning | severe
    confirm: agreed
    actions: [{mute: 3s}, alert]
    law: {source: 广告法 25, sure: P}
  - id: recording-notice
    says: agent
    require: {any: [通话将被录音], within: 20s}     # of the bridge, in samples
    severity: warning
    actions: [{remind: recording-notice}]
  - {id: close-words, says: agent, near: {words: [转账, 个人账户], within: 8}, severity: warning, actions: [alert]}
"""
    loaded = packs(tmp_path, text)
    first, notice, _ = loaded.rules
    assert first.verdict.laws == (Law("广告法 25", "P"),)
    assert (first.verdict.severity, first.verdict.confirm) == (Severity.SEVERE, Confirm.AGREED)
    assert notice.require is not None
    assert notice.require.within == 20.0
    assert notice.verdict.title == "recording-notice"
    assert notice.verdict.actions[0].act is Act.REMIND


def test_a_later_pack_replaces_rules_of_an_earlier_one(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(MINE, encoding="utf-8")
    loaded = load(["cn-marketing", "./mine.yaml"], base=tmp_path)
    assert loaded.verdicts["guaranteed-return"].pack == "mine"
    assert loaded.replaced == (("guaranteed-return", "cn-marketing", "mine"),)
    assert tried(loaded, Role.AGENT, "稳赚不赔") == []
    assert tried(loaded, Role.AGENT, "包您满意，没有风险") == ["guaranteed-return", "no-risk"]


def test_a_word_may_be_one_of_several_phrases(tmp_path: Path) -> None:
    loaded = packs(tmp_path, MINE)
    assert tried(loaded, Role.AGENT, "转账到私人账户") == ["close-words"]
    assert tried(loaded, Role.AGENT, "私人账户个人账户") == []


def test_two_languages_stand_side_by_side_but_not_under_one_id(tmp_path: Path) -> None:
    both = packs(tmp_path, MINE, ENGLISH.replace("close-words", "no-risk"))
    assert [each.program.language for each in both.compiled] == ["zh", "en"]
    assert tried(both, Role.AGENT, "包您满意 no risk") == ["guaranteed-return", "no-risk"]
    with pytest.raises(PackErrors, match=r"rule close-words: pack mine \(zh\) has a rule of this id too"):
        packs(tmp_path, MINE, ENGLISH)


def test_the_same_pack_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackErrors, match="the pack 'mine' is there twice"):
        packs(tmp_path, MINE, MINE)


def test_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(MINE.replace("notice", "notise"), encoding="utf-8")
    with pytest.raises(PackErrors) as caught:
        load(["bad.yaml", "cn-marketng", "cn-marketing"], base=tmp_path)
    assert [(problem.file, problem.line, problem.rule) for problem in caught.value.problems] == [
        ("bad.yaml", 6, "guaranteed-return"), ("bad.yaml", 12, "all-words"), ("cn-marketng", 0, ""),
    ]  # fmt: skip
    assert "no shipped pack (there are cn-marketing, us-telemarketing)" in str(caught.value)


def test_check_looks_at_each_file_by_itself(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(MINE, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(MINE, encoding="utf-8")
    (tmp_path / "c.yaml").write_text("pack: [", encoding="utf-8")
    files = [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    assert check(files) == []
    assert [problem.file for problem in check([*files, tmp_path / "c.yaml"])] == [str(tmp_path / "c.yaml")]


def test_a_directory_or_unreadable_file_is_a_problem_not_a_crash(tmp_path: Path) -> None:
    (problem,) = check([tmp_path])
    assert "Is a directory" in problem.text


def test_no_packs_judge_nothing() -> None:
    assert load([]).rules == ()


def test_a_description_says_what_has_to_be_verified(tmp_path: Path) -> None:
    by_id = {each["rule"]: each for each in describe(packs(tmp_path, MINE))}
    assert by_id["all-words"]["law"][0]["advice"] == VERIFY
    assert by_id["all-words"]["kind"] == "all"
    assert by_id["close-words"]["actions"] == [{"act": "alert"}]
    assert by_id["guaranteed-return"]["law"] == []


# --- the shipped ones ------------------------------------------------------------------------------------------------
LANGUAGE = {"cn-marketing": "zh", "us-telemarketing": "en"}


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_pack_loads_names_prompts_that_exist_and_is_no_legal_advice(name: str) -> None:
    known = {prompt.name for prompt in prompts.shipped(LANGUAGE[name])}
    loaded = load([name], prompts=known)
    (pack,) = loaded.packs
    assert (pack.name, pack.language) == (name, LANGUAGE[name])
    assert "None of this is legal advice" in pack.notice
    assert len(loaded.rules) >= 12


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_severe_promise_mutes_alerts_and_is_corrected(name: str) -> None:
    verdict = of(name).verdicts["guaranteed-return"]
    assert [action.act for action in verdict.actions] == [Act.MUTE, Act.ALERT, Act.ANNOUNCE]
    assert (verdict.severity, verdict.confirm) == (Severity.SEVERE, Confirm.AGREED)


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
    for name, language in LANGUAGE.items()
    for path in Path(data.__file__).parent.glob(f"dialogues/{language}/*/dialogue.toml")
)


@pytest.mark.parametrize(
    ("pack", "path"), DIALOGUES, ids=lambda each: each if isinstance(each, str) else each.parent.name
)
def test_the_shipped_dialogues_break_what_their_names_say(pack: str, path: Path) -> None:
    loaded = of(pack)
    deadlines = {rule.id: rule.require.within for rule in loaded.rules if rule.require is not None}
    found: dict[Role, list[str]] = {Role.AGENT: [], Role.CUSTOMER: []}
    for line in tomllib.loads(path.read_text(encoding="utf-8"))["line"]:
        role = Role(line["role"])
        hits = tried(loaded, role, line["text"])
        assert all(line["at"] < deadlines[rule] for rule in hits if rule in deadlines)
        found[role] += hits
    disclosures = set(deadlines) & set(found[Role.AGENT])
    violations = set(found[Role.AGENT]) - set(deadlines)
    missing = {"recording-notice"} if path.parent.name == "missing-disclosure" else set()
    assert violations == ({"guaranteed-return"} if path.parent.name == "severe-promise" else set())
    assert disclosures == set(deadlines) - missing
