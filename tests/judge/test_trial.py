from pathlib import Path

from eslbot.judge.trial import try_texts
from eslbot.model.call import Role
from tests.judge.build import packs

PACK = """
pack: mine
version: "1"
language: zh
rules:
  - {id: close-words, says: agent, near: {words: [转账, 个人账户], within: 8}, severity: warning, actions: [alert]}
  - {id: promise, says: agent, any: [稳赚不赔], severity: severe}
  - {id: opt-out, says: customer, any: [别再打], severity: notice}
  - {id: notice, says: agent, require: {any: [通话将被录音], within: 20s}, severity: warning}
"""


def test_every_text_comes_back_in_order_with_its_rules_each_once(tmp_path: Path) -> None:
    texts = ["稳赚不赔，请转账到个人账户，稳赚不赔", "别再打了", "本次 通话 将 被 录音", ""]
    assert try_texts(packs(tmp_path, PACK), Role.AGENT, texts) == [
        {"text": texts[0], "hits": ["promise", "close-words"]},
        {"text": texts[1], "hits": []},
        {"text": texts[2], "hits": ["notice"]},
        {"text": texts[3], "hits": []},
    ]


def test_texts_do_not_run_into_each_other(tmp_path: Path) -> None:
    assert [tried["hits"] for tried in try_texts(packs(tmp_path, PACK), Role.AGENT, ["稳赚", "不赔"])] == [[], []]


def test_the_customer_is_tried_by_the_customer_s_rules(tmp_path: Path) -> None:
    (tried,) = try_texts(packs(tmp_path, PACK), Role.CUSTOMER, ["稳赚不赔？别再打了"])
    assert tried["hits"] == ["opt-out"]
