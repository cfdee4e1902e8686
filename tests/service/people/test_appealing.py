"""Appeals over real sealed calls: who files, who sees, who decides, and what is left of it where."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eslbot.record.erase import Wish
from eslbot.record.grants import Grant
from eslbot.record.keys import new_identity
from eslbot.record.rotation import Change, Rotation
from eslbot.service.people.appealing import Appealing, Barred
from eslbot.store import Ledger, Store
from eslbot.store.appeal_rows import name_of
from eslbot.store.chain import Entry, walk
from eslbot.supervise.access import Denied, Hidden, NoSuch, Person, Staff, unix
from eslbot.supervise.wire import Refused
from tests.record.rig import IDENTITY
from tests.service.appealed import CALL, DAY, HIT, MISSED, NORTH, QA, SEAT, SOUTH, THEIRS, House

NAME = name_of(HIT)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, f"sqlite:///{tmp_path}/eslbot.db")
    yield made
    made.stop()


def test_an_agent_sees_the_own_violation_with_its_words_contests_it_and_learns_the_outcome(house: House) -> None:
    seen = house.ask("appeal", SEAT, appeal=NAME)
    assert (seen["state"], seen["may"], seen["words"], seen["second"]) == (None, ["file"], "这个产品稳赚不赔", 1.0)
    assert seen["said"] == "我说这个产品稳赚不赔吗"
    filed = house.file()
    assert (filed["id"], filed["state"], filed["due"]) == (NAME, "open", house.now + 7 * DAY)
    assert [one["id"] for one in house.ask("appeals", NORTH)["appeals"]] == [NAME]
    seen = house.ask("appeal", NORTH, appeal=NAME)
    assert (seen["reason"], seen["words"], seen["may"]) == ("我说的是不保证", "这个产品稳赚不赔", ["decide"])
    house.decide(NORTH)
    seen = house.ask("appeal", SEAT, appeal=NAME)
    assert (seen["state"], seen["answer"], seen["may"], seen["barred"]) == ("upheld", "客户没有被误导", [], "closed")
    assert house.ask("appeals", NORTH)["appeals"] == []
    [closed] = house.ask("appeals", SEAT, state="closed")["appeals"]
    assert closed["closed_by"] == "account:north"
    told = [(what, who) for what, who, _ in house.audited()]
    assert told == [("play", SEAT.who), ("appeal-filed", SEAT.who), ("play", NORTH.who),
                    ("appeal-decided", NORTH.who)]
    assert walk(Ledger(house.url).rows()).fault is None


def test_what_people_write_lies_nowhere_in_plain_and_numbers_not_even_sealed(house: House, tmp_path: Path) -> None:
    house.file("客户说他的卡号是 6222 0212 3456 7890 123，我没有保证收益")
    house.decide()
    house.store.flush(30)
    everything = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    for text in ("我没有保证收益", "客户没有被误导"):
        assert text.encode() not in everything
        assert text.encode("unicode_escape") not in everything
    seen = house.ask("appeal", SEAT, appeal=NAME)
    assert seen["reason"].startswith("客户说他的卡号是")
    assert "6222" not in seen["reason"]


def test_what_was_overturned_is_shown_and_not_counted(house: House) -> None:
    house.file()
    house.file(hit=MISSED)
    assert house.records.record({}, SEAT)["calls_with_violations"] == 1
    house.decide(hit=MISSED)
    house.decide(outcome="rejected")
    record = house.records.record({}, SEAT)
    told = {one["rule"]: (one["appeal"], one["overturned"]) for one in record["violations"]}
    assert (record["calls_with_violations"], told) == (
        1, {"promise": ("rejected", False), "notice": ("upheld", True)})
    kept = house.records.recording({"call": CALL}, QA)
    assert {one["rule"]: one["overturned"] for one in kept["violations"]} == {"promise": False, "notice": True}


def test_where_all_was_overturned_the_call_has_no_violations(house: House) -> None:
    for hit in (HIT, MISSED):
        house.file(hit=hit)
        house.decide(hit=hit)
    assert house.records.record({}, SEAT)["calls_with_violations"] == 0


def test_it_is_contested_once_in_time_and_when_the_call_has_ended(house: House) -> None:
    house.up = {CALL}
    with pytest.raises(Barred, match="has ended"):
        house.file()
    house.up = set()
    for empty in ("", "  "):
        with pytest.raises(Refused, match="say why"):
            house.file(empty)
    house.file()
    house.ask("appeal_withdraw", SEAT, appeal=NAME)
    with pytest.raises(Barred, match="possible once"):
        house.file()
    with pytest.raises(Barred, match="is withdrawn since"):
        house.decide()
    house.now += 14 * DAY
    with pytest.raises(Barred, match="until 2026-12-02"):
        house.file(hit=MISSED)
    assert house.ask("appeal", SEAT, appeal=name_of(MISSED))["barred"] == "late"


def test_only_whose_violation_it_is_may_appeal_and_others_learn_not_even_that_it_is_there(house: House) -> None:
    nothing = pytest.raises(NoSuch, match="no appeal")
    with nothing:
        house.ask("appeal_file", SEAT, violation=name_of(THEIRS), reason="x")
    with nothing:
        house.ask("appeal", QA, appeal=NAME)   # nobody has contested it
    house.file()
    for person in (SOUTH, replace(SEAT, name="seat8")):
        with pytest.raises(Hidden, match="no appeal") as refused:   # which the audit has
            house.ask("appeal", person, appeal=NAME)
        assert refused.value.call == CALL
        assert house.ask("appeals", person, state="all")["appeals"] == []
    with nothing:
        house.decide(SOUTH)
    for person in (Person("sup", Staff.SUPERVISOR, "session"), Person("aud", Staff.AUDITOR, "session")):
        for verb in house.handlers:
            with pytest.raises(Denied):
                house.ask(verb, person, appeal=NAME, violation=NAME, reason="x", outcome="upheld")
    with pytest.raises(Denied):
        house.decide(SEAT)
    with pytest.raises(Denied):
        house.ask("appeal_withdraw", QA, appeal=NAME)


def test_nobody_judges_the_own_appeal_or_a_call_they_were_in(house: House) -> None:
    house.file()
    promoted = Person("seat7", Staff.QUALITY, "session")
    with pytest.raises(Barred, match="their own appeal"):
        house.decide(promoted)
    Ledger(house.url).append(Entry("listen", "account:qa", CALL), Entry("mute", "root", CALL))
    for person in (QA, unix("root")):
        assert house.ask("appeal", person, appeal=NAME)["barred"] == "acted"
        with pytest.raises(Barred, match=r"you acted in this call \((listen|mute)\)"):
            house.decide(person)
    house.decide(unix("eslbot"), "rejected")
    with pytest.raises(Barred, match=r"rejected since .*final"):
        house.decide(NORTH)


def test_the_open_ones_stand_due_first_and_are_counted_for_those_who_decide(house: House) -> None:
    house.file()
    house.now += 3 * DAY
    house.file(hit=MISSED)
    assert [one["violation"]["rule"] for one in house.ask("appeals", QA)["appeals"]] == ["promise", "notice"]
    appealing: Appealing = house.appealing
    assert [appealing.waiting(person) for person in (QA, NORTH, SOUTH, SEAT)] == [2, 2, 0, 0]
    house.now += 5 * DAY
    assert appealing.standing() == (2, 1)
    assert [one["overdue"] for one in house.ask("appeals", QA)["appeals"]] == [True, False]
    with pytest.raises(Refused, match="state: open, closed, all"):
        house.ask("appeals", QA, state="due")
    with pytest.raises(Refused, match="no place"):
        house.ask("appeals", QA, state="all", after="x")


def test_a_service_without_a_key_takes_appeals_and_says_that_it_opens_none(house: House) -> None:
    keyless = house.made(None)
    asked: dict[str, Any] = {"violation": NAME, "reason": "我说的是不保证"}
    keyless.handlers["appeal_file"](asked, SEAT)
    seen = keyless.handlers["appeal"]({"appeal": NAME}, QA)
    assert (seen["sealed"], seen["reason"], seen["words"]) == ("no-key", "", "")
    keyless.stop()
    assert house.ask("appeal", QA, appeal=NAME)["reason"] == "我说的是不保证"


def test_an_erased_call_takes_what_was_written_with_it_and_is_contested_no_more(house: House) -> None:
    house.file()
    house.kept.eraser().erase([Wish(CALL)])
    seen = house.ask("appeal", QA, appeal=NAME)
    assert (seen["sealed"], seen["reason"]) == ("erased", "")
    with pytest.raises(Barred, match="no recording"):
        house.file(hit=MISSED)
    house.decide()
    assert Store.open_readonly(house.url).appeals.get(NAME).answer == ""  # type: ignore[union-attr]


def test_whom_the_words_are_sealed_for_anew_reads_what_was_written(house: House) -> None:
    house.file()
    fresh = new_identity()
    change = Change(add=(Grant(fresh.recipient, frozenset({"words"})),), remove=(IDENTITY.recipient,))
    Rotation(Ledger(house.url), (IDENTITY,), change, "root", "n1").run()
    assert "no key of this service" in house.ask("appeal", QA, appeal=NAME)["sealed"]
    house.keys, house.now = (fresh,), house.now + 3601
    seen = house.ask("appeal", QA, appeal=NAME)
    assert (seen["reason"], seen["words"]) == ("我说的是不保证", "这个产品稳赚不赔")
