"""The live feed of a whole service: words, checklist, violations and alerts of a real call, and after a restart."""

import gevent
import orjson

from eslbot.judge import load
from eslbot.model.facts import Violated
from eslbot.service.people.looking import Titles, unfailing
from eslbot.supervise.access import Person, Staff
from eslbot.supervise.live.reader import Reader
from tests.service.rig import NOTICE, PROMISE, Rig, line, party

SUPERVISOR = Person("sup", Staff.SUPERVISOR, "session")


def test_a_real_call_is_seen_with_its_words_its_checklist_its_violation_and_what_was_done(rig: Rig) -> None:
    service = rig.start()
    call = rig.place(party(line(NOTICE, 0.5), line(PROMISE, 3.5)), party())
    reader = Reader(service.front.feed, SUPERVISOR)
    rig.until(lambda: rig.seen(Violated) and service.front.feed.rows(SUPERVISOR)[0]["worst"] == 3, "not seen")
    gevent.sleep(1.0)
    whole = service.front.feed.whole(call.customer.uuid, SUPERVISOR)  # type: ignore[arg-type]
    assert whole is not None
    assert any("稳赚不赔" in said["text"] for said in whole["words"])
    assert whole["items"]
    assert not any(item["title"] == item["rule"] for item in whole["items"])
    [hit] = [hit for hit in whole["hits"] if hit["weight"] == 3]
    assert hit["laws"]
    assert {act["kind"] for act in whole["acts"]} >= {"mute"}
    assert whole["row"]["names"]["agent"] == "1001"
    assert whole["row"]["names"]["customer"] == "9001"
    kinds = {orjson.loads(each)["k"] for each in reader.take(0).messages}
    assert {"rows", "alert"} <= kinds

    before = {hit["hit"] for hit in whole["hits"]}
    service.store.flush(30)
    rig.stop()
    service = rig.start()
    feed = service.front.feed
    rig.until(lambda: feed.calls and {*feed.calls[call.customer.uuid].hits} >= before, "not recalled")  # type: ignore[index]
    assert service.front.feed.rows(SUPERVISOR)[0]["worst"] == 3


def test_what_is_wrong_with_the_view_is_told_and_reaches_no_call() -> None:
    told: list[tuple[str, BaseException]] = []

    def broken(what: object) -> None:
        raise ValueError(what)

    unfailing(broken, lambda where, error: told.append((where, error)))("a fact")
    assert [where for where, _ in told] == ["live view"]


def test_a_rule_is_called_by_its_title_until_its_pack_is_in_force_no_more() -> None:
    packs = [load(["cn-marketing"]), load(["us-debt"])]
    titles = Titles(lambda: packs[0])
    [rule] = [rule for rule in packs[0].rules if rule.id == "promised-appreciation"]
    assert titles(rule.id).title == rule.verdict.title
    packs.pop(0)
    assert titles(rule.id).title == rule.id
