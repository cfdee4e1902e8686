"""One call being heard: both legs' voice activity and streams. Knows neither where audio comes from nor what is done
with words."""

from collections.abc import Callable

from eslbot.listen.recogniser import Recogniser
from eslbot.listen.voice import VoiceGate, VoiceOptions
from eslbot.model.audio import AudioFrame, Gap, Voice
from eslbot.model.call import CallId, Role
from eslbot.model.words import Hypothesis

_SETTLES = 1.0
"""Seconds by which words may come after the audio they were said in, while a leg speaks (seen: 0.15)."""
_TELL_EVERY = 0.2
"""Seconds of the call between two `on_heard` of one leg, at least."""


class _Leg:
    """One leg's gate and stream."""

    def __init__(self, hearing: "Hearing", role: Role, voice: VoiceOptions | None) -> None:
        self.role = role
        self.gate = VoiceGate(hearing.rate, voice)
        self.told = 0
        self.stream = hearing.recogniser.open(
            hearing.call, role, hearing.rate, hearing.on_hypothesis, hearing.on_gap, hearing.leg_ended
        )

    def take(self, pcm: bytes, first: int) -> None:
        gate, stream = self.gate, self.stream
        was_open = gate.open
        for at, passed in gate.feed(pcm, first, stream.settled):
            stream.feed(passed, at)
        if was_open and not gate.open:
            stream.flush()

    def heard(self) -> int:
        """Everything before this sample was silence, was answered, or was told lost."""
        gate, stream = self.gate, self.stream
        if stream.settled and not gate.open:
            return gate.decided
        return min(gate.decided, stream.pending_from(gate.decided)) - int(_SETTLES * gate.rate)


class Hearing:
    """Both legs of one call; the left channel is the customer's, the right the agent's."""

    def __init__(
        self,
        call: CallId,
        rate: int,
        recogniser: Recogniser,
        on_hypothesis: Callable[[Hypothesis], None],
        on_gap: Callable[[Gap], None],
        on_heard: Callable[[Role, int], None],
        on_finished: Callable[[], None] = lambda: None,
        voice: VoiceOptions | None = None,
        on_voice: Callable[[Voice], None] = lambda voice: None,
    ) -> None:
        """`on_hypothesis`: each leg's in order. `on_gap`: what this call's recogniser did not hear, or heard late.

        `on_heard(role, samples)`: of this leg everything before that sample was silence, or its hypotheses have been
        told, or a gap. `on_finished`: nothing more will come.
        `on_voice`: when each leg's voice was heard, as it becomes known.
        A call of a rate that the recogniser does not take is not heard at all, and told as gap all along."""
        self.call = call
        self.rate = rate
        self.recogniser = recogniser
        self.on_hypothesis = on_hypothesis
        self.on_gap = on_gap
        self.on_heard = on_heard
        self._on_finished = on_finished
        self._on_voice = on_voice
        self._end = 0
        self._finishing = False
        self._finished = False
        heard = recogniser.takes(rate)
        self._legs = [_Leg(self, role, voice) for role in (Role.CUSTOMER, Role.AGENT)] if heard else []
        self._unheard = 0
        self._tell_at = 0

    def take(self, frame: AudioFrame) -> None:
        """The call's next audio. Never blocks."""
        if self._finishing:
            return
        self._end = frame.end
        for leg in self._legs:
            leg.take(frame.leg(leg.role), frame.first)
        if self._end >= self._tell_at:
            self._tell_at = self._end + int(_TELL_EVERY * self.rate)
            self._tell()
        if not self._legs and frame.end - self._unheard >= self.rate:
            self._deaf()

    def _tell(self) -> None:
        for leg in self._legs:
            heard = leg.heard()
            if heard > leg.told:
                leg.told = heard
                self.on_heard(leg.role, heard)
            self._tell_voice(leg)

    def _tell_voice(self, leg: _Leg) -> None:
        speaking = leg.gate.speaking
        if speaking is not None:
            spans, goes_on = speaking.take()
            self._on_voice(Voice(self.call, leg.role, spans, goes_on, speaking.known))

    def _deaf(self) -> None:
        if self._end > self._unheard:
            self.on_gap(Gap(self.call, self._unheard, self._end, "recogniser"))
            self._unheard = self._end

    @property
    def waiting(self) -> int:
        """Samples of the leg that is further behind that the recogniser has still to answer."""
        return max((leg.stream.waiting for leg in self._legs), default=0)

    def finish(self) -> None:
        """No more audio: the last hypotheses come, then `on_finished`. Returns at once."""
        if not self._finishing:
            self._finishing = True
            for leg in self._legs:
                leg.stream.finish()
            if not self._legs:
                self._deaf()
                self.leg_ended()

    def leg_ended(self) -> None:
        """A leg's stream has ended (told by the leg)."""
        if self._finished or not all(leg.stream.ended for leg in self._legs):
            return
        self._finished = True
        for leg in self._legs:
            if leg.gate.speaking is not None:
                leg.gate.speaking.cut()
                self._tell_voice(leg)
            self.on_heard(leg.role, self._end)
        self._on_finished()
