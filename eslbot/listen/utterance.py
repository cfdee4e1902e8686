"""One leg's answers made into hypotheses on the call's sample clock: utterances numbered, repetitions that tell nothing
new left out, what a lost recogniser had not finished given up. Knows no connection. Pure."""

from eslbot.listen.replies import Reply, Timed, parse
from eslbot.listen.timeline import Timeline
from eslbot.model.call import CallId, Role
from eslbot.model.words import Hypothesis, Word

AGREEMENT = 0.12
"""Seconds of decoded audio after which the same words count as agreed: until then every repetition matters."""


class Utterances:
    """What one leg has said so far, as far as it is understood."""

    def __init__(self, call: CallId, role: Role, rate: int) -> None:
        self.call = call
        self.role = role
        self.rate = rate
        self.decoded = 0
        """Samples decoded in all, over every connection."""
        self.decided = 0
        """The call's sample after the last one decoded."""
        self._timeline = Timeline()
        self._answered = 0
        self._began = 0
        self._ordinal = 0
        self._raw = b""
        self._text = ""
        self._start = 0
        self._since = 0

    @property
    def unfinished(self) -> bool:
        """Words were told that may still change."""
        return bool(self._text)

    def sent(self, first: int, samples: int) -> None:
        """These samples of the call go to the recogniser next."""
        self._timeline.add(first, samples)

    def answer(self, raw: bytes, samples: int) -> Hypothesis | None:
        """The recogniser's answer to `samples` more; the hypothesis, where it says anything new. Raises BadReply."""
        self._answered += samples
        self.decoded += samples
        if samples:
            self.decided = self._timeline.until(self._answered)
        if raw == self._raw and (not self._text or self._settled()):
            return None
        reply = parse(raw)
        self._raw = raw
        if reply.final:
            return self._final(reply)
        if not reply.text and not self._text:
            return None
        if reply.text == self._text and self._settled():
            return None
        if not self._text:
            self._start = max(self._timeline.run_of(self._answered), self._timeline.sample(self._began))
        if reply.text != self._text:
            self._text = reply.text
            self._since = self.decoded
        elif self.decoded - self._since >= AGREEMENT * self.rate:
            self._since = -1
        return self._hypothesis(reply.text, final=False)

    def _settled(self) -> bool:
        """The same words were told a second time late enough: repeating them tells nothing new."""
        return self._since < 0

    def _final(self, reply: Reply) -> Hypothesis | None:
        self._raw = b""
        hypothesis = None
        if reply.text or self._text:
            if not self._text:
                self._start = max(self._timeline.run_of(self._answered), self._timeline.sample(self._began))
            words = tuple(self._word(word) for word in reply.words)
            hypothesis = self._hypothesis(reply.text, final=True, words=words)
            self._ordinal += 1
        self._text = ""
        self._since = 0
        self._began = self._answered
        self._timeline.forget(self._began - 1)
        return hypothesis

    def _word(self, word: Timed) -> Word:
        # No word lies after what was heard, whatever the recogniser says.
        start, end = (min(round(at * self.rate), self._answered) for at in (word.start, word.end))
        return Word(word.text, self._timeline.sample(start), self._timeline.until(end))

    def _hypothesis(self, text: str, final: bool, words: tuple[Word, ...] = ()) -> Hypothesis:
        return Hypothesis(
            self.call, self.role, self._ordinal, text, final, self._start, self.decided, self.decoded, words
        )

    def lost(self) -> int | None:
        """The recogniser is gone with what it had not finished; the next one begins anew. Returns the sample at which
        the utterance began that is given up, None where no words of one had been told."""
        given_up = self._start if self._text else None
        self._ordinal += bool(self._text)
        self._timeline = Timeline()
        self._answered = self._began = 0
        self._raw, self._text, self._since = b"", "", 0
        return given_up
