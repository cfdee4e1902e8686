"""The commands against a real admin socket and a real store; what the service does with a verb is its own."""

import json

import pytest

from eslbot.config import load
from eslbot.greenlets import Greenlets
from eslbot.improve.labels import read_labels
from eslbot.record.identities import from_file
from eslbot.record.letters import seal
from eslbot.record.vault import Vault, VaultOptions
from eslbot.store import AppealRow, Ledger, Store, ViolationRow
from eslbot.supervise.wire import Refused
from tests.record.rig import CALL, STARTED, frame, until

HIT = f"{CALL}/agent/3/promise/0"
NAME = "0123456789abcdef"
FOUND = {"agent": "seat7", "team": "north", "rule": "promise", "title": "稳赚", "severity": "severe", "pack": "p",
         "version": "1", "law_source": "广告法 25", "law_sure": "P", "call": CALL}
ROW = {"id": NAME, "state": "open", "filed": 1.0, "due": 2.0, "overdue": True, "closed": None, "closed_by": "",
       "violation": FOUND}
READ = {**ROW, "until": 9.0, "words": "", "said": "", "reason": "", "answer": "", "sealed": "no-key", "may": [],
        "barred": "acted", "detail": "you acted in this call (mute)", "part": 1, "second": 1.0}


@pytest.fixture
def asked(admin):
    asked = []

    def noting(verb, answer):
        def handler(args, person):
            asked.append((verb, args))
            if args.get("appeal", NAME) != NAME:
                raise Refused("there is no appeal")
            return answer

        return handler

    admin({"appeals": noting("appeals", {"appeals": [ROW], "next": "a~b", "open": 1}),
           "appeal": noting("appeal", READ), "appeal_decide": noting("appeal_decide", {**ROW, "state": "upheld"})})
    return asked


@pytest.fixture
def sealed(made):
    """A sealed call, an appeal of a violation in it, and what it was decided."""
    settings = load(made, {}, secrets=False)
    group, closed = Greenlets(), []
    store = Store(settings.store.url, group)
    options = VaultOptions(settings.record.directory, settings.sealed_for, settings.record.live, settings.node)
    vault = Vault(options, store.recordings, group, lambda: STARTED, lambda call, at: None, lambda call, why: None,
                  closed.append)
    writer = vault.open(CALL, "pbx", 8000, STARTED)
    writer.take(frame(0, 20_000))
    writer.say({"kind": "violation", "hit": HIT, "role": "agent", "utterance": 3, "words": "稳 赚 不 赔"})
    writer.close()
    until(lambda: closed)
    store.violations.put(ViolationRow(HIT, CALL, STARTED, "promise", "稳赚", "p", "1", "severe", "final", "agent", 3, 0,
                                      8000, 9000, agent="seat7", team="north"))
    store.appeals.put(AppealRow(NAME, HIT, CALL, 1, STARTED, "seat7", "north", STARTED + 9, "upheld",
                                seal("我说的是不保证", closed[0].letters), STARTED + 5, "account:qa",
                                seal("说得对", closed[0].letters)))
    assert store.flush(30)
    vault.stop()
    store.stop()
    group.stop()
    return settings


def test_the_open_ones_are_listed_with_who_is_late_and_all_where_asked_for(asked, ask):
    said = ask("appeals", "list")
    assert NAME in said.out
    assert "(overdue)" in said.out
    assert "--after a~b" in said.err
    assert ask("appeals", "list", "--all", "--json").json == [ROW]
    assert [args["state"] for _, args in asked] == ["open", "all"]


def test_one_is_decided_for_a_reason(asked, ask):
    assert ask("appeals", "decide", NAME, "upheld", "--reason", "说得对").out == f"{NAME}: upheld\n"
    assert asked == [("appeal_decide", {"appeal": NAME, "outcome": "upheld", "reason": "说得对"})]
    assert ask("appeals", "decide", NAME, "perhaps", "--reason", "x").code == 2
    assert ask("appeals", "decide", NAME, "upheld").code == 2
    assert ask("appeals", "decide", "other", "upheld", "--reason", "x").err == "there is no appeal\n"


def test_what_the_service_cannot_open_is_opened_here_with_a_key_and_audited(asked, ask, sealed, made):
    said = ask("appeals", "show", NAME)
    assert "no key that opens it" in said.out
    assert "you acted in this call" in said.out
    said = ask("appeals", "show", NAME, "--identity", made.parent / "eslbot.key", "--json")
    found = said.json
    assert (found["words"], found["reason"], found["answer"], found["sealed"]) == (
        "稳赚不赔", "我说的是不保证", "说得对", "")
    [row] = Ledger(sealed.store.url).rows()
    assert (row.what, row.call, row.detail.partition(", with ")[0]) == (
        "play", CALL, "the words of a violation, part 1")
    assert from_file(made.parent / "eslbot.key")[0].recipient.short in row.detail


def test_decisions_become_labels_that_replay_reads(sealed, eslbot, made, tmp_path):
    file = tmp_path / "labels.json"
    assert eslbot("appeals", "labels", "-o", file, "-c", made).code == 0
    assert json.loads(eslbot("appeals", "labels", "-c", made).out) == json.loads(file.read_bytes())
    [label] = read_labels(file)[CALL]
    assert (label.rule, label.right, label.sample) == ("promise", False, 8000)
    assert eslbot("appeals", "labels", "-o", tmp_path / "none" / "x", "-c", made).code == 1
