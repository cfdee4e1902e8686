"""What a recogniser answers, message after message, to one leg's audio: BadReply (or LookupError for an answer to
nothing) and nothing else; utterances are numbered in order, and times lie in the call."""

from eslbot.listen.replies import BadReply
from eslbot.listen.utterance import Utterances
from eslbot.model.call import CallId, Role

ANSWERS = (
    b'{"partial" : "a b"}', b'{"text" : ""}', b'{"partial" : ""}',
    b'{"result" : [{"conf" : 1.0, "end" : 0.9, "start" : 0.3, "word" : "a"}], "text" : "a"}',
    b'{"alternatives" : [{"text" : "x", "result" : [{"word": "x", "start": 0, "end": 1}]}]}',
    b'{"result" : [{"end" : 1e300, "start" : -5, "word" : "a"}], "text" : "a"}', b'{"text" : null}', b"[]",
    b'"partial"',
)  # fmt: skip


def seeds() -> list[bytes]:
    return [b"\n".join(ANSWERS[:n]) for n in range(1, len(ANSWERS) + 1)] + list(ANSWERS)


def one(data: bytes) -> None:
    leg = Utterances(CallId("6f9619ff-8b86-d011-b42d-00cf4fc964ff"), Role.AGENT, 8000)
    first, told = 0, -1
    for number, raw in enumerate(data.split(b"\n")):
        leg.sent(first, 800)
        first += 800 + 400 * (number % 3)
        try:
            hypothesis = leg.answer(raw, 800)
        except (BadReply, LookupError):
            leg.lost()
            continue
        if hypothesis is None:
            continue
        assert hypothesis.utterance in (told, told + 1) or told < 0 or hypothesis.utterance > told
        told = hypothesis.utterance
        assert 0 <= hypothesis.start <= hypothesis.decided <= first
        for word in hypothesis.words:
            assert word.start >= 0
            assert word.end <= first, "a word after all that was heard"
