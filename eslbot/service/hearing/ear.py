"""One call being heard: frames go to the recording and to the recogniser, hypotheses to the judge, and what was said
and found to the sealed transcript. Knows nothing of orders and of other calls."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from eslbot.judge import CallJudge, Item
from eslbot.listen.hearing import Hearing
from eslbot.listen.recogniser import Recogniser
from eslbot.listen.source import Source
from eslbot.listen.voice import RATES
from eslbot.model import facts
from eslbot.model.audio import AudioFrame, Gap, Voice
from eslbot.model.call import CallId, Role
from eslbot.model.facts import CallFact
from eslbot.model.words import Hypothesis
from eslbot.redact.masks import Span, mask_words, unmarked
from eslbot.service.hearing import transcript
from eslbot.service.hearing.arrivals import Arrivals
from eslbot.service.hearing.masked import Maskable, Masked
from eslbot.service.hearing.sides import Sides

UTTERANCES_A_LIFE = 100_000
"""Utterances are numbered from here times the generation, so that an ordinal never comes twice in a call."""
SUPERVISED = "supervisor"
"""The reason of a gap in which the agent's channel holds a supervisor's words: heard, and judged against nobody."""
TAIL = 1.0
"""Seconds after a supervisor was last let speak to the customer until none of it is still on its way to us."""
HEARD_TWICE = 2.0
"""Seconds before the durable position in which an utterance may have begun that a restart cut in two."""


class Recording(Maskable, Protocol):
    """What an ear asks of a recording that is being written (record.writer.Writer)."""

    @property
    def samples(self) -> int: ...
    @property
    def taken(self) -> int: ...
    @property
    def due(self) -> float | None: ...
    @property
    def masks(self) -> tuple[Span, ...]: ...
    def take(self, frame: AudioFrame) -> None: ...
    def lost(self, gap: Gap) -> None: ...
    def close(self, state: str = "complete") -> None: ...


@dataclass(frozen=True, slots=True)
class EarOptions:
    """What every ear is made of."""

    record: Callable[[CallId, str, int], Recording]
    """Open or resume the recording of a call on a switch at a rate."""
    recogniser: Recogniser
    judge: Callable[[CallId, int, bool], CallJudge]
    """Of a call at a rate, with roles known or not."""
    clock: Callable[[], float]
    heard: Callable[[Hypothesis], None]
    """Shown every hypothesis, with the role of who spoke; for metrics and the live view."""


class Ear:
    """See the file's first lines."""

    source: Source

    def __init__(
        self, options: EarOptions, call: CallId, switch: str, rate: int, generation: int, roles_known: bool,
        said: Callable[[list[CallFact]], None], lost: "Callable[[Ear, Gap], None]",
    ) -> None:
        self.call, self.rate, self.arrived = call, rate, False
        self.cut = False
        """The end of the call was not recorded: the recording is partial at best."""
        self._options, self._said, self._lost = options, said, lost
        self._first_utterance = generation * UTTERANCES_A_LIFE
        self._sides = Sides()
        self._back: int | None = None
        """The sample at which a supervisor who has barged in is surely silent again."""
        self._heard_until: dict[Role, int] = {}
        self._end = 0
        self.arrivals = Arrivals(rate)
        self.writer = options.record(call, switch, rate)
        self.began = self.writer.samples
        self._judge = options.judge(call, rate, roles_known)
        self.writer.say(transcript.judged_record(generation, rate, roles_known, rate in RATES))
        self._masked = Masked(call, rate, self.writer, self._silent)
        self._hearing = Hearing(
            call, rate, options.recogniser, self._hypothesis, self._gap, self._heard, self._ended, on_voice=self._voice)
        if generation:
            self._resumed(self.writer.samples)

    def attach(self, source: Source) -> None:
        """Where its audio comes from."""
        self.source = source

    def _resumed(self, samples: int) -> None:
        """An utterance that was going on when we died is not heard whole by anyone: what it held is unknown."""
        self.writer.say(transcript.resumed_record(samples))
        cut = Gap(self.call, max(0, samples - int(HEARD_TWICE * self.rate)), samples, "restart")
        self._tell(self._judge.lost(cut, self._options.clock()))

    def faces(self, role: Role | None, shared: bool = False) -> None:
        """Who is on the agent's side from now on; None: nobody. What the switch plays then (the closing) is recorded,
        and neither recognised nor judged. `shared`: the agent is there too."""
        since, before = self._sides.since, self._sides.now
        self._back = None
        if before is Role.SUPERVISOR:
            self._unjudged(since, self._end)
        self._sides.turn(self._end, role)
        if role is Role.AGENT and before is not Role.AGENT:
            self._tell(self._judge.apart(since, self._end, self._options.clock()))
        self.writer.say(transcript.side_record(self._end, role, shared))

    def handed(self, first: int) -> None:
        """From this sample on the agent is another one."""
        self._judge.handed(first)
        self.writer.say(transcript.handed_record(first))

    def supervised(self, heard: bool) -> None:
        """Whether the customer may hear a supervisor beside the agent from now on: then nobody knows whose words are
        on that channel, and they are held against no agent."""
        if heard and self._back is not None:
            self._back = None  # before they had fallen silent
        elif heard and self._sides.now is Role.AGENT:
            self._unjudged(self._end, self._end + 1)
            self.faces(Role.SUPERVISOR, shared=True)
        elif not heard and self._sides.now is Role.SUPERVISOR and self._back is None:
            self._back = self._end + int(TAIL * self.rate)

    def _unjudged(self, first: int, end: int) -> None:
        """What an agent had to say then may have been said, or not."""
        told = self.lost(Gap(self.call, first, end, SUPERVISED, Role.AGENT), self._options.clock())
        if told:
            self._said(told)

    # --- audio in ----------------------------------------------------------------------------------------------------
    def take(self, frame: AudioFrame, now: float) -> None:
        """A frame, in order and without holes."""
        self.arrived = True
        self._end = frame.end
        self.arrivals.came(frame, now)
        masked = self._masked.span
        heard = frame if masked is None else self._masked.heard(frame, masked)
        self.writer.take(frame)
        self._hearing.take(heard if self._sides.now is not None else heard.without_agent())
        if masked is not None:
            self.source.wipe(max(frame.first, masked[0]), min(frame.end, masked[1]))
            self._masked.took(frame.end)
        if self._back is not None and self._end >= self._back:
            self.faces(Role.AGENT)

    def finish(self) -> None:
        """No more audio: the last words are waited for, then the recording is closed."""
        self._hearing.finish()

    def mask(self, first: int | None, back: float, seconds: float, by: str) -> None:
        """Keep nothing of what is said from sample `first` on (None: from `back` seconds ago) for so many seconds from
        now; what stood in the spool of it is wiped out. A mask that stands goes on, and grows."""
        now = self.position
        since = now - round(back * self.rate) if first is None else first
        self._masked.begin(max(0, since), now + round(seconds * self.rate), by)
        if self._masked.span is not None:
            self.source.wipe(self._masked.span[0], self.source.samples)
        self._masked.took(self._end)

    def unmask(self) -> None:
        """Keep again what is said from now on."""
        self._masked.lift(self.position, self._end)

    @property
    def position(self) -> int:
        """The sample that is being spoken now; after a restart its audio may still be coming."""
        return self.source.samples + self.source.behind

    @property
    def masking(self) -> Span | None:
        """The mask that stands, as far as it may go."""
        return self._masked.span

    def _silent(self, gap: Gap) -> None:
        """In a mask nobody hears the customer, so that nobody is silent either."""
        self._tell(self._judge.lost(gap, self._options.clock()))

    def lost(self, gap: Gap, at: float) -> list[CallFact]:
        """Someone was not heard: what that means for disclosures."""
        self.writer.say(transcript.gap_record(gap, self._heard_until))
        told = self._judge.lost(gap, at)
        self._write(told)
        return told

    @property
    def waiting(self) -> int:
        """Samples that the recogniser has still to answer."""
        return self._hearing.waiting

    def disclosures(self) -> tuple[Item, ...]:
        """The call's checklist."""
        return self._judge.disclosures()

    # --- words in ----------------------------------------------------------------------------------------------------
    def _hypothesis(self, hypothesis: Hypothesis) -> None:
        numbered = replace(hypothesis, utterance=hypothesis.utterance + self._first_utterance)
        masks = self.writer.masks
        said: Hypothesis | None = numbered
        other: Hypothesis | None = None
        if hypothesis.role is Role.AGENT:  # what a supervisor may have said is written down, and not judged
            said, other = self._sides.parted(numbered)
        for part, speaker in ((said, hypothesis.role), (other, Role.SUPERVISOR)):
            if part is None:
                continue
            shown = mask_words(part, masks)
            if part.final:  # one without words too: it ends what partials had begun, and a replay has to know
                self.writer.say(transcript.words_record(shown, speaker))
            self._options.heard(replace(shown, role=speaker))
        if said is not None:  # an agent is judged under a mask too, and may say what ends it
            judged = said if hypothesis.role is Role.AGENT else unmarked(mask_words(said, masks))
            self._tell(self._judge.hear(judged, self._options.clock()))

    def _heard(self, role: Role, samples: int) -> None:
        samples = self._sides.heard(role, samples)
        self._heard_until[role] = samples
        self._tell(self._judge.heard(role, samples, self._options.clock()))

    def _voice(self, voice: Voice) -> None:
        voice = self._sides.voice(voice)
        for start, end in voice.spans[: -1 if voice.goes_on else None]:
            self.writer.say(transcript.speech_record(voice.role, start, end))
        self._tell(self._judge.voice(voice, self._options.clock()))

    def _gap(self, gap: Gap) -> None:
        self._lost(self, gap)

    def _ended(self) -> None:
        since, side = self._sides.since, self._sides.now
        if side is Role.SUPERVISOR:
            self._unjudged(since, self._end)
        talked = since if side is None else self._end  # what the switch plays to a customer left alone is no talk
        self._tell(self._judge.end(talked, self._options.clock()))
        self._masked.lift(self._end, self._end)
        self.writer.close("partial" if self.cut else "complete")

    def _tell(self, told: list[CallFact]) -> None:
        if told:
            self._write(told)
            self._said(told)

    def _write(self, told: list[CallFact]) -> None:
        for fact in told:
            words = self._judge.words(fact.hit) if isinstance(fact, facts.Violated) else ""
            record = transcript.finding_record(fact, words)
            if record is not None:
                self.writer.say(record)
