from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.judge.checklist import Changed, Required
from eslbot.judge.disclosures import PATIENCE_SECONDS, SETTLE_SECONDS, Disclosures
from eslbot.model.audio import Gap
from eslbot.model.call import Confirm, Role
from eslbot.model.judgement import Disclosure
from tests.judge.build import CALL, RATE

DEADLINE = 20 * RATE
SETTLED = DEADLINE + round(SETTLE_SECONDS * RATE)
OUT_OF_PATIENCE = DEADLINE + round(PATIENCE_SECONDS * RATE)


def required() -> Disclosures:
    return Disclosures({"notice": Required(Role.AGENT, 20.0)}, RATE)


def said(book: Disclosures, confirm: Confirm, at: float = 5.0, utterance: int = 0) -> list[Changed]:
    sample = round(at * RATE)
    return book.said("notice", (utterance, 0), confirm, (sample, sample + RATE), sample, sample + RATE)


def states(changes: list[Changed]) -> list[Disclosure]:
    return [change.state for change in changes]


def test_it_is_missing_once_when_the_leg_was_heard_past_the_deadline() -> None:
    book = required()
    assert book.heard(Role.AGENT, DEADLINE) == []
    (change,) = book.heard(Role.AGENT, SETTLED)
    assert (change.state, change.sample, change.was) == (Disclosure.MISSING, DEADLINE, Disclosure.PENDING)
    assert book.heard(Role.AGENT, SETTLED + 50 * RATE) == []


def test_the_other_leg_s_clock_decides_nothing() -> None:
    assert required().heard(Role.CUSTOMER, 10 * DEADLINE) == []


@pytest.mark.parametrize("confirm", [Confirm.AGREED, Confirm.FINAL])
def test_said_in_time_it_never_goes_missing(confirm: Confirm) -> None:
    book = required()
    assert states(said(book, confirm)) == [Disclosure.SAID]
    assert book.heard(Role.AGENT, 10 * DEADLINE) == []


def test_partial_words_do_not_count() -> None:
    book = required()
    assert said(book, Confirm.PARTIAL) == []
    assert states(book.heard(Role.AGENT, SETTLED)) == [Disclosure.MISSING]


def test_words_taken_back_reopen_it() -> None:
    book = required()
    said(book, Confirm.AGREED)
    assert states(book.unsaid("notice", (0, 0), 6 * RATE)) == [Disclosure.PENDING]
    assert states(book.heard(Role.AGENT, SETTLED)) == [Disclosure.MISSING]


def test_words_taken_back_do_not_reopen_what_was_said_elsewhere() -> None:
    book = required()
    said(book, Confirm.AGREED, utterance=0)
    said(book, Confirm.AGREED, utterance=1)
    assert book.unsaid("notice", (0, 0), 6 * RATE) == []
    said(book, Confirm.FINAL, utterance=1)
    assert book.unsaid("notice", (1, 0), 7 * RATE) == []
    assert [(item.rule, item.state) for item in book.checklist()] == [("notice", Disclosure.SAID)]


def test_an_utterance_that_began_in_time_is_waited_for() -> None:
    book = required()
    book.speaking(Role.AGENT, DEADLINE - RATE, DEADLINE - RATE // 2)
    assert book.heard(Role.AGENT, OUT_OF_PATIENCE - 1) == []
    assert states(said(book, Confirm.AGREED, at=19.5)) == [Disclosure.SAID]


def test_an_utterance_that_ends_without_the_words_ends_the_wait() -> None:
    book = required()
    book.speaking(Role.AGENT, DEADLINE - RATE, DEADLINE - RATE // 2)
    book.heard(Role.AGENT, DEADLINE + 3 * RATE)
    assert states(book.speaking(Role.AGENT, None, DEADLINE + 3 * RATE)) == [Disclosure.MISSING]


def test_an_utterance_without_end_is_not_waited_for_for_ever() -> None:
    book = required()
    book.speaking(Role.AGENT, DEADLINE - RATE, DEADLINE - RATE // 2)
    assert states(book.heard(Role.AGENT, OUT_OF_PATIENCE)) == [Disclosure.MISSING]


def test_an_utterance_that_began_too_late_is_not_waited_for_and_does_not_count() -> None:
    book = required()
    book.speaking(Role.AGENT, DEADLINE + 1, DEADLINE + RATE // 4)
    assert said(book, Confirm.FINAL, at=20.5) == []
    assert states(book.heard(Role.AGENT, SETTLED)) == [Disclosure.MISSING]


@pytest.mark.parametrize("role", [None, Role.AGENT])
def test_lost_audio_in_the_window_makes_it_unknown_and_never_missing(role: Role | None) -> None:
    book = required()
    book.heard(Role.AGENT, RATE)
    assert states(book.lost(Gap(CALL, 2 * RATE, 3 * RATE, "recogniser", role))) == [Disclosure.UNKNOWN]
    assert book.heard(Role.AGENT, 10 * DEADLINE) == []


@pytest.mark.parametrize(
    "gap",
    [
        Gap(CALL, 2 * RATE, 3 * RATE, "recogniser", Role.CUSTOMER),
        Gap(CALL, 2 * RATE, 2 * RATE, "shed", Role.AGENT),
        Gap(CALL, OUT_OF_PATIENCE, OUT_OF_PATIENCE + RATE, "shed", Role.AGENT),
    ],
)
def test_audio_of_the_other_or_none_or_after_the_window_excuses_nothing(gap: Gap) -> None:
    book = required()
    book.heard(Role.AGENT, RATE)
    assert book.lost(gap) == []
    assert states(book.heard(Role.AGENT, SETTLED)) == [Disclosure.MISSING]


def test_said_after_a_gap_it_is_said_and_taken_back_it_is_unknown_again() -> None:
    book = required()
    book.heard(Role.AGENT, RATE)
    book.lost(Gap(CALL, 2 * RATE, 3 * RATE, "shed"))
    assert states(said(book, Confirm.AGREED)) == [Disclosure.SAID]
    assert states(book.unsaid("notice", (0, 0), 6 * RATE)) == [Disclosure.UNKNOWN]


def test_a_gap_leaves_what_was_said_said() -> None:
    book = required()
    said(book, Confirm.FINAL)
    assert book.lost(Gap(CALL, 0, RATE, "shed")) == []


def test_a_gap_told_late_clears_who_was_found_guilty() -> None:
    book = required()
    book.heard(Role.AGENT, SETTLED)
    (change,) = book.lost(Gap(CALL, 2 * RATE, 3 * RATE, "shed"))
    assert (change.state, change.was) == (Disclosure.UNKNOWN, Disclosure.MISSING)


def test_who_comes_late_to_a_call_finds_nobody_guilty() -> None:
    book = required()
    (change,) = book.lost(Gap(CALL, 58 * RATE, 60 * RATE, "restart"))
    assert (change.state, change.sample) == (Disclosure.UNKNOWN, 0)
    assert book.heard(Role.AGENT, 61 * RATE) == []


def test_the_end_of_the_talk_decides_what_was_due_by_then_and_nothing_else() -> None:
    book = required()
    assert book.end(DEADLINE - 1) == []
    book = required()
    assert states(book.end(DEADLINE)) == [Disclosure.MISSING]


def test_the_checklist_counts_down_on_the_speaker_s_clock() -> None:
    book = required()
    book.heard(Role.AGENT, 5 * RATE)
    book.heard(Role.CUSTOMER, 19 * RATE)
    (item,) = book.checklist()
    assert (item.rule, item.by, item.deadline, item.remaining) == ("notice", Role.AGENT, DEADLINE, 15.0)
    book.heard(Role.AGENT, DEADLINE + 1)
    assert book.checklist()[0].remaining == 0.0
    said(book, Confirm.AGREED)
    (item,) = book.checklist()
    assert (item.remaining, item.asked, item.said) == (None, None, (5 * RATE, 6 * RATE))


# --- after a trigger -------------------------------------------------------------------------------------------------
def triggered() -> Disclosures:
    return Disclosures({"notice": Required(Role.AGENT, 10.0, triggered=True)}, RATE)


def asked(book: Disclosures, at: float, ordinal: int = 1, confirm: Confirm = Confirm.FINAL) -> list[Changed]:
    sample = round(at * RATE)
    return book.asked("notice", ordinal, sample, sample + RATE, confirm, sample + RATE)


def test_nothing_is_due_before_it_was_asked_for() -> None:
    book = triggered()
    assert book.checklist() == ()
    assert book.heard(Role.AGENT, 100 * RATE) == []


def test_what_was_asked_for_is_due_after_the_trigger_and_not_after_the_answer() -> None:
    book = triggered()
    (opened,) = asked(book, 30)
    assert (opened.state, opened.sample, opened.ordinal) == (Disclosure.PENDING, 41 * RATE, 1)
    assert book.heard(Role.AGENT, 41 * RATE) == []
    (change,) = book.heard(Role.AGENT, 42 * RATE)
    assert (change.state, change.since, change.sample) == (Disclosure.MISSING, 30 * RATE, 41 * RATE)


def test_each_time_it_is_asked_for_it_is_due_by_itself() -> None:
    book = triggered()
    asked(book, 30)
    asked(book, 50, ordinal=2)
    assert [(each.ordinal, each.state) for each in book.heard(Role.AGENT, 43 * RATE)] == [(1, Disclosure.MISSING)]
    assert [each.ordinal for each in said(book, Confirm.FINAL, at=55)] == [2]
    assert [(item.ordinal, item.state, item.asked) for item in book.checklist()] == [
        (1, Disclosure.MISSING, (30 * RATE, 31 * RATE)), (2, Disclosure.SAID, (50 * RATE, 51 * RATE)),
    ]  # fmt: skip


def test_said_once_it_answers_all_that_asked_before() -> None:
    book = triggered()
    asked(book, 30)
    asked(book, 32, ordinal=2)
    assert [(each.ordinal, each.state) for each in said(book, Confirm.FINAL, at=35)] == [
        (1, Disclosure.SAID), (2, Disclosure.SAID),
    ]  # fmt: skip


def test_words_said_before_they_are_asked_for_do_not_count() -> None:
    book = triggered()
    said(book, Confirm.FINAL, at=29)
    assert states(asked(book, 30)) == [Disclosure.PENDING]
    assert states(book.heard(Role.AGENT, 42 * RATE)) == [Disclosure.MISSING]


def test_a_trigger_that_is_recognised_after_the_answer_to_it_is_answered() -> None:
    book = triggered()
    assert said(book, Confirm.FINAL, at=33) == []
    assert states(asked(book, 30)) == [Disclosure.PENDING, Disclosure.SAID]


def test_a_trigger_asks_for_something_as_soon_as_it_is_agreed() -> None:
    book = triggered()
    assert asked(book, 30, confirm=Confirm.PARTIAL) == []
    assert states(asked(book, 30, confirm=Confirm.AGREED)) == [Disclosure.PENDING]
    (missing,) = book.heard(Role.AGENT, 42 * RATE)
    assert missing.confirm is Confirm.AGREED
    (surer,) = asked(book, 30, confirm=Confirm.FINAL)
    assert (surer.state, surer.was, surer.confirm) == (Disclosure.MISSING, Disclosure.MISSING, Confirm.FINAL)


def test_a_trigger_whose_place_moves_behind_the_words_is_not_answered_by_them() -> None:
    book = triggered()
    asked(book, 30, confirm=Confirm.AGREED)
    said(book, Confirm.FINAL, at=31)
    assert states(asked(book, 32)) == [Disclosure.PENDING]
    assert states(book.heard(Role.AGENT, 44 * RATE)) == [Disclosure.MISSING]


def test_a_trigger_that_is_taken_back_asked_for_nothing() -> None:
    book = triggered()
    asked(book, 30, confirm=Confirm.AGREED)
    assert states(book.taken_back("notice", 1, 33 * RATE)) == [Disclosure.VOID]
    assert book.checklist() == ()
    assert book.taken_back("notice", 1, 33 * RATE) == []
    assert book.heard(Role.AGENT, 60 * RATE) == []


@pytest.mark.parametrize(("first", "lost"), [(20, False), (29, True), (35, True), (40, True), (60, False)])
@pytest.mark.parametrize("told", ["before", "after"])
def test_only_what_was_lost_after_the_trigger_and_before_the_deadline_makes_it_unknown(
    first: int, lost: bool, told: str
) -> None:
    book, gap = triggered(), Gap(CALL, first * RATE, (first + 2) * RATE, "shed")
    book.heard(Role.AGENT, RATE)
    if told == "before":
        book.lost(gap)
        asked(book, 30)
    else:
        asked(book, 30)
        book.lost(gap)
    book.heard(Role.AGENT, 70 * RATE)
    assert [item.state for item in book.checklist()] == [Disclosure.UNKNOWN if lost else Disclosure.MISSING]


@dataclass(frozen=True)
class Step:
    kind: str
    second: int
    utterance: int
    confirm: Confirm

    def on(self, book: Disclosures) -> list[Changed]:
        sample = self.second * RATE
        match self.kind:
            case "heard":
                return book.heard(Role.AGENT, sample)
            case "said":
                return said(book, self.confirm, float(self.second), self.utterance)
            case "unsaid":
                return book.unsaid("notice", (self.utterance, 0), sample)
            case "begins":
                return book.speaking(Role.AGENT, sample, sample)
            case "ends":
                return book.speaking(Role.AGENT, None, sample)
        return book.lost(Gap(CALL, sample, sample + RATE, "shed"))


STEPS = st.builds(
    Step,
    kind=st.sampled_from(["heard", "said", "unsaid", "begins", "ends", "lost"]),
    second=st.integers(0, 40),
    utterance=st.integers(0, 3),
    confirm=st.sampled_from(Confirm),
)


@given(st.lists(STEPS, max_size=20))
def test_it_is_told_missing_only_while_nothing_was_said_and_nothing_was_lost(steps: list[Step]) -> None:
    book, lost, final = required(), False, False
    state = Disclosure.PENDING
    for step in steps:
        changes = step.on(book)
        lost = lost or (step.kind == "lost" and step.second < 20)
        final = final or (step.kind == "said" and step.confirm is Confirm.FINAL and step.second <= 20)
        for change in changes:
            assert change.was is state
            assert change.state is not state
            state = change.state
            assert not (state is Disclosure.MISSING and (lost or final))
        assert [item.state for item in book.checklist()] == [state]
        assert not (lost and state in (Disclosure.MISSING, Disclosure.PENDING))


@dataclass(frozen=True)
class Asked:
    """A step of a call in which something is asked for again and again."""

    kind: str
    second: int
    number: int
    confirm: Confirm


ASKED = st.builds(
    Asked,
    kind=st.sampled_from(["heard", "said", "unsaid", "asked", "taken back", "begins", "ends", "lost", "end"]),
    second=st.integers(0, 60),
    number=st.integers(1, 3),
    confirm=st.sampled_from(Confirm),
)


@given(st.lists(ASKED, max_size=25))
def test_what_was_asked_for_is_told_missing_only_while_it_was_not_said_and_nothing_was_lost(steps: list[Asked]) -> None:
    """The windows, the words in them and the gaps, kept once more by hand."""
    book = triggered()
    windows: dict[int, tuple[int, int]] = {}
    words: dict[int, int] = {}
    finals: set[int] = set()
    gaps: list[tuple[int, int]] = []
    told: dict[int, Disclosure] = {}
    for step in steps:
        sample = step.second * RATE
        counts = step.confirm >= Confirm.AGREED
        match step.kind:
            case "heard":
                changes = book.heard(Role.AGENT, sample)
            case "end":
                changes = book.end(sample)
            case "said":
                if counts:
                    words[step.number] = sample
                    finals |= {step.number} if step.confirm is Confirm.FINAL else set()
                    finals -= {step.number} if step.confirm is Confirm.AGREED else set()
                changes = said(book, step.confirm, step.second, step.number)
            case "unsaid":
                if step.number not in finals:
                    words.pop(step.number, None)
                changes = book.unsaid("notice", (step.number, 0), sample)
            case "asked":
                if counts and told.get(step.number) is not Disclosure.MISSING:
                    windows[step.number] = (sample, sample + 11 * RATE)
                changes = asked(book, step.second, step.number, step.confirm)
            case "taken back":
                windows.pop(step.number, None)
                changes = book.taken_back("notice", step.number, sample)
            case "lost":
                gaps.append((sample, sample + RATE))
                changes = book.lost(Gap(CALL, sample, sample + RATE, "shed", Role.AGENT))
            case _:
                changes = book.speaking(Role.AGENT, sample if step.kind == "begins" else None, sample)
        for change in changes:
            assert change.was is told.get(change.ordinal, Disclosure.PENDING)
            told[change.ordinal] = change.state
            if change.state is Disclosure.MISSING and change.was is not Disclosure.MISSING:
                since, deadline = windows[change.ordinal]
                assert not any(since <= start <= deadline for start in words.values())
                assert not any(first < deadline and end > since for first, end in gaps)
            if change.state is Disclosure.VOID:
                del told[change.ordinal]
        assert {item.ordinal for item in book.checklist()} == set(windows)
        for item in book.checklist():
            if item.state is Disclosure.SAID:
                since, deadline = windows[item.ordinal]
                assert any(since <= start <= deadline for start in words.values())
