"""What is told as not heard, and what is tried again."""

from eslbot.listen.backlog import Backlog, Piece
from eslbot.listen.losses import Losses
from eslbot.listen.pace import Pace
from eslbot.listen.utterance import Utterances
from eslbot.model.audio import Gap
from eslbot.model.call import CallId, Role

CALL = CallId("c")
SECOND = 8000
PACE = Pace(late_after=1.5, shed_after=3.0, keep=0.5)


class Rig:
    def __init__(self) -> None:
        self.gaps: list[Gap] = []
        self.backlog, self.utterances = Backlog(), Utterances(CALL, Role.AGENT, SECOND)
        self.losses = Losses(self.backlog, self.utterances, PACE, self.gaps.append)

    def fed(self, *seconds: int) -> None:
        """A second of audio at each of these."""
        for at in seconds:
            self.backlog.add(Piece(at * SECOND, bytes(2 * SECOND), SECOND, float(at)))

    def sent(self) -> None:
        for piece in self.backlog.message(SECOND):
            self.utterances.sent(piece.first, piece.samples)

    @property
    def told(self) -> list[tuple[int, int, str]]:
        assert all(gap.call == CALL and gap.role is Role.AGENT for gap in self.gaps)
        return [(gap.first // SECOND, gap.end // SECOND, gap.reason) for gap in self.gaps]


def test_late_is_told_once_until_it_has_been_caught_up_with() -> None:
    rig = Rig()
    rig.fed(0, 1)
    for now in (1.4, 1.6, 2.5):
        rig.losses.look(now, up=True)
    assert rig.told == [(0, 2, "audio-late")]
    rig.sent()
    rig.backlog.answered()
    rig.losses.look(1.4, up=True)  # what is left was fed at 1
    rig.losses.look(2.6, up=True)
    assert rig.told == [(0, 2, "audio-late"), (1, 2, "audio-late")]


def test_too_late_is_given_up_but_for_the_newest_and_says_whether_a_recogniser_was_there() -> None:
    for up, reason in ((True, "shed"), (False, "recogniser")):
        rig = Rig()
        rig.fed(0, 1, 3)
        rig.losses.look(3.2, up)
        assert rig.told == [(0, 4, "audio-late"), (0, 2, reason)]
        assert rig.backlog.span() == (3 * SECOND, 4 * SECOND)


def test_what_was_not_answered_is_tried_once_more_and_not_twice() -> None:
    rig = Rig()
    rig.fed(0)
    rig.sent()
    rig.losses.recogniser()
    assert (rig.told, rig.backlog.waiting_samples) == ([], SECOND)
    rig.sent()
    rig.losses.recogniser()
    assert (rig.told, rig.backlog.empty) == ([(0, 1, "recogniser")], True)


def test_an_answer_in_between_clears_it_of_suspicion() -> None:
    rig = Rig()
    rig.fed(0, 1)
    rig.sent()
    rig.losses.recogniser()
    rig.sent()
    rig.backlog.answered()
    rig.losses.answered()
    rig.sent()
    rig.losses.recogniser()
    assert (rig.told, rig.backlog.waiting_samples) == ([], SECOND)


def test_an_unfinished_utterance_is_lost_from_where_it_began() -> None:
    rig = Rig()
    rig.fed(2)
    rig.sent()
    rig.backlog.answered()
    rig.utterances.answer(b'{"partial": "word"}', SECOND)
    rig.losses.recogniser()
    assert rig.told == [(2, 3, "recogniser")]


def test_the_rest_is_given_up_whether_sent_or_not() -> None:
    rig = Rig()
    rig.fed(0, 1)
    rig.sent()
    rig.losses.rest()
    assert (rig.told, rig.backlog.empty) == ([(0, 2, "recogniser")], True)
