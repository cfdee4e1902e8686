"""The ears tie a source, a recording and a judge together, call by call."""

from dataclasses import replace

import pytest

from eslbot.act.mask import Masking
from eslbot.act.whose import Stay
from eslbot.call.runner import Outcome
from eslbot.call.state import CallState
from eslbot.judge import CallJudge, load
from eslbot.model import facts
from eslbot.model.audio import AudioFrame, Gap
from eslbot.model.call import CallId, Role
from eslbot.model.judgement import Disclosure
from eslbot.model.orders import Listen, Mask, StopListening, Unmask
from eslbot.service.hearing.ear import EarOptions
from eslbot.service.hearing.ears import Ears, EarsOptions, side_of
from tests.service.hearing.test_ear import Deaf, Kept
from tests.words import AGENT, CALL, CUSTOMER, SECOND_AGENT

LISTEN = Listen("o#1", CALL, CUSTOMER, "pbx", 8000, True)
STOP = StopListening("o#2", CALL, CUSTOMER)
FRAME = AudioFrame(CALL, 0, 8000, bytes(640))


class Source:
    target = "/spool/x.r8"

    behind = 0

    def __init__(self, first: int) -> None:
        self.wiped: list[tuple[int, int]] = []
        self.samples = first
        self.first, self.acknowledged, self.finished = first, list[int](), False

    def acknowledge(self, samples: int) -> None:
        self.acknowledged.append(samples)

    def wipe(self, first: int, end: int) -> None:
        self.wiped.append((first, end))

    def finish(self) -> None:
        self.finished = True


class Rig:
    """Ears over a source, a recording and a recogniser that keep what they are told."""

    keeps = True

    def __init__(self) -> None:
        self.kept, self.told, self.sources = Kept(), list[facts.CallFact](), list[Source]()
        self.asked: list[str] = []
        self.state: CallState | None = CallState(CALL, "pbx", CUSTOMER)
        packs = load(["cn-marketing"])
        ear = EarOptions(
            lambda call, switch, rate: self.kept, Deaf(), lambda call, rate, known: CallJudge(packs, call, rate, known),
            lambda: 7.0, lambda hypothesis: None,
        )
        self.ears = Ears(EarsOptions(ear, self, lambda call: self.state, self.told.append, lambda: 7.0))
        self.ears.attach(self)  # type: ignore[arg-type]

    def open(self, call: CallId, rate: int, first: int = 0, since: float | None = None) -> Source:
        self.sources.append(Source(first))
        self.since = since
        return self.sources[-1]

    def start(self, order: Listen, target: str) -> Outcome:
        self.asked.append(target)
        return "done", ""

    def stop(self, order: StopListening, target: str) -> None:
        self.asked.append(f"stop {target}")


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_listening_again_asks_the_switch_again_and_opens_nothing_twice(rig: Rig) -> None:
    assert rig.ears.listen(LISTEN) == rig.ears.listen(LISTEN) == ("done", "")
    assert rig.asked == ["/spool/x.r8"] * 2
    assert len(rig.sources) == 1
    assert rig.ears.hears(CALL)


def test_the_first_frame_is_told_once(rig: Rig) -> None:
    rig.ears.listen(LISTEN)
    rig.ears.sink.on_frame(FRAME)
    rig.ears.sink.on_frame(AudioFrame(CALL, 160, 8000, bytes(640)))
    assert rig.told == [facts.AudioArrived(CALL, 7.0)]
    assert len(rig.kept.frames) == 2


def test_what_is_durable_the_source_may_forget(rig: Rig) -> None:
    rig.ears.listen(LISTEN)
    rig.ears.durable(CALL, 16384)
    assert rig.sources[0].acknowledged == [16384]


def test_a_customer_who_holds_is_not_late(rig: Rig) -> None:
    """A phone on hold sends nothing, so the recording of its leg stands still."""
    rig.ears.listen(LISTEN)
    late = Gap(CALL, 800, 12800, "audio-late")
    rig.ears.follow(facts.LegHeld("pbx", 6.0, CUSTOMER), None)
    rig.ears.sink.on_gap(late)
    assert rig.told == []
    rig.ears.follow(facts.LegHeld("pbx", 6.5, AGENT), None)
    rig.ears.follow(facts.LegUnheld("pbx", 6.5, CUSTOMER), None)
    rig.ears.sink.on_gap(late)
    assert [type(fact) for fact in rig.told] == [facts.AudioLost]


def test_late_audio_alarms_and_is_not_written_off(rig: Rig) -> None:
    rig.ears.listen(LISTEN)
    rig.ears.sink.on_gap(Gap(CALL, 800, 12800, "audio-late"))
    assert rig.kept.gaps == []
    assert rig.told == [facts.AudioLost(CALL, 7.0, 800, 12800, 8000, "audio-late", None)]
    rig.ears.sink.on_gap(Gap(CALL, 800, 12800, "source"))
    assert [gap.reason for gap in rig.kept.gaps] == ["source"]
    assert any(isinstance(fact, facts.DisclosureChanged) for fact in rig.told)


def test_a_call_s_checklist_can_be_looked_at_while_it_is_heard(rig: Rig) -> None:
    assert rig.ears.disclosures(CALL) == ()
    rig.ears.listen(LISTEN)
    items = {item.rule: item for item in rig.ears.disclosures(CALL)}
    assert items["recording-notice"].state is Disclosure.PENDING
    assert items["recording-notice"].remaining == items["recording-notice"].deadline / 8000


def test_the_end_waits_for_the_recording(rig: Rig) -> None:
    rig.ears.listen(LISTEN)
    assert rig.ears.stop(STOP) == ("done", "")
    assert rig.sources[0].finished
    rig.ears.closed(CALL, 160, "complete")
    assert rig.told[-1] == facts.AudioEnded(CALL, 7.0, 160, "complete")
    assert not rig.ears.hears(CALL)


def test_a_call_that_ended_while_we_were_dead_is_opened_to_be_finished(rig: Rig) -> None:
    assert rig.ears.stop(STOP) == ("done", "")
    assert rig.sources[0].finished
    rig.state = None
    other = StopListening("o#3", CallId(AGENT), AGENT)
    assert rig.ears.stop(other) == ("failed", "no such call")


def test_a_spool_goes_on_from_what_is_durable_and_a_fork_from_what_was_taken_and_when(rig: Rig) -> None:
    rig.kept.samples, rig.kept.taken, rig.kept.due = 16384, 20000, 4.5
    rig.ears.listen(LISTEN)
    assert (rig.sources[0].first, rig.since) == (16384, None)
    rig.ears.closed(CALL, 20000, "complete")
    rig.keeps = False
    rig.ears.listen(LISTEN)
    assert (rig.sources[1].first, rig.since) == (20000, 4.5)


@pytest.mark.parametrize(("keeps", "arrived", "state"), [
    (False, False, "partial"), (False, True, "complete"), (True, False, "complete"),
])
def test_a_forked_call_that_ended_while_we_were_dead_is_partial_and_alarms(
    rig: Rig, keeps: bool, arrived: bool, state: str,
) -> None:
    rig.keeps, rig.kept.taken, rig.kept.due = keeps, 16000, 5.0
    rig.ears.stop(STOP)
    if arrived:
        rig.ears.sink.on_frame(AudioFrame(CALL, 16000, 8000, bytes(640)))
    rig.ears.sink.on_end(CALL, 16000)
    rig.ears._ears[CALL]._ended()
    assert rig.kept.state == state
    lost = [fact for fact in rig.told if isinstance(fact, facts.AudioLost)]
    assert lost == ([facts.AudioLost(CALL, 7.0, 16000, 32000, 8000, "restart", None)] if state == "partial" else [])


def test_what_nobody_knows_is_harmless(rig: Rig) -> None:
    rig.ears.sink.on_frame(FRAME)
    rig.ears.sink.on_gap(Gap(CALL, 0, 1, "source"))
    rig.ears.sink.on_end(CALL, 0)
    rig.ears.durable(CALL, 1)
    assert rig.told == []
    assert rig.ears.arrival(CALL, 1) is None


def test_with_unknown_roles_the_channel_keeps_the_agents_name() -> None:
    assert [side_of(role) for role in (Role.AGENT, Role.UNKNOWN, Role.SUPERVISOR)] == [
        Role.AGENT, Role.AGENT, Role.SUPERVISOR,
    ]


def test_a_mask_covers_the_customer_for_the_recogniser_both_for_the_recording_and_what_the_spool_holds() -> None:
    rig = Rig()
    rig.ears.listen(LISTEN)
    rig.ears._frame(AudioFrame(CALL, 0, 8000, bytes([1, 0, 2, 0]) * 16000))
    rig.sources[0].samples = 16000
    assert rig.ears.mask(Mask("o#3", CALL, 5.0, "person", None, 1.0)) == ("done", "")
    assert rig.kept.masking == (8000, 56000)
    assert rig.sources[0].wiped == [(8000, 16000)]
    heard: list[AudioFrame] = []
    rig.ears._ears[CALL]._hearing.take = heard.append  # type: ignore[method-assign]
    rig.ears._frame(AudioFrame(CALL, 16000, 8000, bytes([1, 0, 2, 0]) * 160))
    assert heard[0].leg(Role.CUSTOMER) == bytes(320)
    assert heard[0].leg(Role.AGENT) == bytes([2, 0]) * 160
    assert rig.sources[0].wiped[-1] == (16000, 16160)
    rig.sources[0].samples = 16160
    assert rig.ears.unmask(Unmask("o#4", CALL, "person")) == ("done", "")
    assert {"kind": "masked", "first": 8000, "end": 16160, "by": "person"} in rig.kept.records
    rig.ears._frame(AudioFrame(CALL, 16160, 8000, bytes([1, 0, 2, 0]) * 160))
    assert heard[1].leg(Role.CUSTOMER) == bytes([1, 0]) * 160


def test_a_mask_of_a_call_that_is_not_recorded_fails() -> None:
    assert Rig().ears.mask(Mask("o#3", CALL, 5.0, "person")) == ("failed", "nothing is recorded of it")


@pytest.mark.parametrize("known", [True, False])
def test_after_a_death_between_the_order_and_the_recording_the_mask_is_made_good(known: bool) -> None:
    """The journal has it. Where the recording has it too, it knows better how far it goes."""
    rig = Rig()
    rig.kept.samples = 40_000
    if known:
        rig.kept.masking = (30_000, 90_000)
    assert rig.state is not None
    rig.state = replace(rig.state, mask=Masking("key", since=1.0, ends=12.0, forgotten=True), generation=1)
    rig.ears.listen(replace(LISTEN, generation=1))
    assert rig.kept.masking == ((30_000, 90_000) if known else (40_000, 40_000 + 5 * 8000))


def test_after_a_death_between_lifting_a_mask_and_the_recording_it_is_lifted() -> None:
    rig = Rig()
    rig.kept.masking = (30_000, 90_000)
    assert rig.state is not None
    rig.state = replace(rig.state, generation=1)
    rig.ears.listen(replace(LISTEN, generation=1))
    assert rig.kept.masking is None


def test_where_the_time_of_another_agent_begins_is_told_once_the_call_is_theirs(rig: Rig) -> None:
    assert rig.state is not None
    rig.ears.listen(LISTEN)
    rig.sources[0].samples = 48000
    rig.state = replace(rig.state, other=SECOND_AGENT, stay=Stay(SECOND_AGENT, None))
    rig.ears.follow(facts.Joined(CALL, 6.0, SECOND_AGENT, Role.AGENT, 8000), rig.state)
    assert rig.told == [facts.Placed(CALL, 7.0, SECOND_AGENT, 48000)]
    assert rig.kept.records[-1] == {"kind": "handed", "sample": 48000}
    rig.ears.follow(facts.Joined(CALL, 6.0, SECOND_AGENT, Role.AGENT, 8000),
                    replace(rig.state, stay=Stay(SECOND_AGENT, 48000)))
    assert len(rig.told) == 1


def test_of_an_agent_who_came_while_we_were_dead_it_begins_where_we_hear_again(rig: Rig) -> None:
    assert rig.state is not None
    rig.state = replace(rig.state, generation=1, other=SECOND_AGENT, stay=Stay(SECOND_AGENT, None))
    rig.ears.listen(replace(LISTEN, generation=1))
    [placed] = rig.told
    assert isinstance(placed, facts.Placed)
    assert placed.first == rig.sources[0].samples + rig.sources[0].behind
