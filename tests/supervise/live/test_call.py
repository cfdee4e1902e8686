"""How a call looks from outside, as facts, orders and words change it."""

from dataclasses import replace

from eslbot.model import facts
from eslbot.model.audio import AudioFrame
from eslbot.model.call import Confirm, Role
from eslbot.model.judgement import Disclosure
from eslbot.model.words import Word
from eslbot.store.rows import ActRow, ViolationRow
from eslbot.supervise.live.call import LiveCall
from tests.supervise.live.watched import Watched
from tests.words import CALL, MUTE, hit, verdict, violated


def live(watched: Watched) -> LiveCall:
    return watched.feed.calls[CALL]


def test_the_last_hypothesis_of_an_utterance_stands_for_all_before_it_and_an_empty_final_takes_it_back() -> None:
    watched = Watched()
    watched.say("这 个")
    watched.say("这 个 产品")
    watched.say("hello there", Role.CUSTOMER)
    assert [(said["role"], said["text"], said["final"]) for said in live(watched).whole()["words"]] == [
        ("agent", "这个产品", False), ("customer", "hello there", False)]
    watched.say("这 个 产品 好", final=True, words=(Word("这", 8000, 9000), Word("个", 9000, 10_000)))
    [said] = [said for said in live(watched).whole()["words"] if said["role"] == "agent"]
    assert (said["final"], said["start"], said["words"]) == (True, 1.0, [["这", 1.0, 1.12], ["个", 1.12, 1.25]])
    watched.say("", Role.CUSTOMER, final=True)
    assert [said["role"] for said in live(watched).whole()["words"]] == ["agent"]


def test_a_violation_grows_surer_in_its_place_and_is_gone_when_its_words_are_taken_back() -> None:
    watched = Watched()
    what = verdict(MUTE, confirm=Confirm.PARTIAL)
    watched.play(violated(what, Confirm.PARTIAL))
    [first] = live(watched).whole()["hits"]
    assert (first["sure"], first["start"], first["end"], first["laws"]) == (False, 1.0, 1.5, [("a law", "P")])
    watched.play(violated(what, Confirm.FINAL, at=20.0))
    [second] = live(watched).whole()["hits"]
    assert (second["sure"], second["at"], live(watched).row()["worst"]) == (True, first["at"], 3)
    watched.play(facts.Retracted(CALL, 21.0, hit(what.rule), what))
    assert live(watched).whole()["hits"] == []
    assert live(watched).row()["worst"] == 0


def test_what_is_still_to_be_said_has_the_time_of_day_by_which_it_must_be() -> None:
    watched = Watched()
    watched.required(remaining=12.0)
    watched.play(facts.DisclosureChanged(CALL, 100.0, "notice", Disclosure.PENDING, 96_000))
    [item] = live(watched).whole()["items"]
    assert (item["title"], item["state"], item["due"], live(watched).row()["due"]) == (
        "title of notice", "pending", 112.0, 112.0)
    watched.now, watched.items = 100.4, ()
    watched.required(remaining=11.7)  # the audio came in a moment late: the countdown on a page does not jump
    [item] = live(watched).checked()
    assert item["due"] == 112.0
    watched.required(Disclosure.SAID, None)
    watched.play(facts.DisclosureChanged(CALL, 101.0, "notice", Disclosure.SAID, 40_000))
    assert [(each["state"], each["due"]) for each in live(watched).whole()["items"]] == [("said", None)]


def test_a_disclosure_that_was_said_before_a_restart_stays_said() -> None:
    watched = Watched()
    watched.play(facts.DisclosureChanged(CALL, 101.0, "notice", Disclosure.SAID, 40_000), facts.Resumed(CALL, 102.0))
    watched.required(Disclosure.UNKNOWN, None)
    assert [item["state"] for item in live(watched).checked()] == ["said"]


def test_a_mask_takes_what_stands_on_the_page_back_as_far_as_it_reaches() -> None:
    watched = Watched()
    words = tuple(Word(text, at, at + 4000) for text, at in (("before", 8000), ("card", 12_000), ("number", 16_000)))
    watched.say("before card number", Role.CUSTOMER, final=True, words=words)
    watched.say("yes", Role.AGENT, final=True, start=0)
    reader = watched.reader(focus=CALL)
    reader.take(0)
    watched.feed.frame(AudioFrame(CALL, 0, 8000, bytes(4 * 36_800)))   # 4.6 s, of which a person takes back three
    watched.play(facts.Commanded(CALL, 30.0, "1", "account:sup", "mask", 60.0))
    shown = {each["role"]: each["text"] for each in live(watched).whole()["words"]}
    assert shown == {"customer": "before [masked]", "agent": "yes"}
    told = b"".join(reader.take(0).messages)
    assert b"before [masked]" in told
    assert b"card" not in told


def test_what_was_not_heard_is_shown_as_a_gap() -> None:
    watched = Watched()
    watched.play(facts.AudioLost(CALL, 40.0, 16_000, 24_000, 8000, "recogniser", Role.CUSTOMER))
    [gap] = live(watched).whole()["gaps"]
    assert (gap["start"], gap["end"], gap["role"]) == (2.0, 3.0, "customer")


def test_what_the_store_kept_of_a_call_stands_there_again_after_a_restart() -> None:
    watched = Watched()
    row = ViolationRow(
        "key", CALL, 50.0, "promise", "Promise", "pack", "1", "warning", "final", "agent", 3, 0, 8000, 16_000,
        "law one; law two", "P; S")
    taken = replace(row, hit="other", severity="severe", retracted=51.0)
    act = ActRow(f"{CALL}#7", CALL, "remind", 51.0, "done", "Say who you are", "promise")
    live(watched).recall([row, taken], [act, ActRow("x", CALL, "arm_closing", 1.0, "done")])
    whole = live(watched).whole()
    assert [(each["hit"], each["weight"], each["laws"], each["n"]) for each in whole["hits"]] == [
        ("key", 2, [("law one", "P"), ("law two", "S")], 3)]
    assert [(each["kind"], each["text"], each["at"]) for each in whole["acts"]] == [("remind", "Say who you are", 51.0)]


def test_a_supervisor_is_shown_from_the_ring_on_with_who_and_how_and_gone_when_the_phone_is() -> None:
    watched = Watched()
    asked = facts.Commanded(CALL, 30.0, "1", "account:sup", "whisper", phone="1900")
    watched.play(asked)
    [seat] = watched.state.seats
    [shown] = live(watched).row()["supervisors"]
    assert shown == {"who": "account:sup", "mode": "whisper", "in": False, "waits": False}
    assert [(act["kind"], act["by"]) for act in live(watched).whole()["acts"]] == [("whisper", "account:sup")]
    watched.play(facts.SupervisorJoined(CALL, 33.0, seat.leg, seat.mode))
    assert live(watched).row()["supervisors"][0]["in"]
    watched.play(facts.ConsultBegan(CALL, 34.0))
    assert (live(watched).row()["consulting"], live(watched).row()["supervisors"][0]["waits"]) == (True, True)
    watched.play(facts.ConsultEnded(CALL, 35.0))
    assert (live(watched).row()["consulting"], live(watched).row()["supervisors"][0]["waits"]) == (False, False)
    watched.play(replace(asked, id="2", verb="barge"))
    assert live(watched).row()["supervisors"][0]["mode"] == "barge"
    assert live(watched).whole()["acts"][-1]["kind"] == "barge"
    assert "1900" not in str(live(watched).whole())
    watched.play(facts.SupervisorLeft(CALL, 40.0, seat.leg, "NORMAL_CLEARING"))
    assert live(watched).row()["supervisors"] == []
    watched.play(replace(asked, id="3", verb="correct", prompt="identity"))
    assert [(act["kind"], act["text"]) for act in live(watched).whole()["acts"]][-1] == ("correct", "Say who you are")


def test_a_mask_is_shown_with_its_end_and_what_nobody_heard_under_it() -> None:
    watched = Watched()
    watched.play(facts.Commanded(CALL, 30.0, "1", "account:seat1", "mask", 20.0))
    row = live(watched).row()
    assert (row["masked"], row["masked_until"]) == (True, 50.0)
    assert [(act["kind"], act["by"]) for act in live(watched).whole()["acts"]] == [("mask", "account:seat1")]
    watched.play(facts.Commanded(CALL, 35.0, "2", "account:seat1", "unmask"))
    assert not live(watched).row()["masked"]
