"""What a recogniser says it heard. Knows no recogniser and no rule."""

from dataclasses import dataclass

from eslbot.model.call import CallId, Role


@dataclass(frozen=True, slots=True)
class Word:
    """One word with its place in the call."""

    text: str
    start: int
    """First sample, on the call's sample clock."""
    end: int
    """The sample after its last."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One leg's utterance as it is understood right now; the next one of the same utterance replaces it whole."""

    call: CallId
    role: Role
    """Of the leg that spoke: agent or customer. With unknown roles the channels keep these names (see
    AudioFrame.leg), and only rules that say `either` are judged."""
    utterance: int
    """Ordinal of the utterance on this leg, from 0. A final ends it."""
    text: str
    """As the recogniser writes it, words separated by spaces. May be empty (a final that takes back every partial)."""
    final: bool
    """True: will not change any more."""
    start: int
    """Sample at which the utterance began (start of the speech that was decoded)."""
    decided: int
    """The deciding frame: the sample after the last one decoded when this was said, on the call's sample clock."""
    decoded: int
    """Samples of this leg decoded so far, silence that was skipped not counted; two partials agree when
    these are at least 120 ms apart."""
    words: tuple[Word, ...] = ()
    """With times where the recogniser gives them (finals); else empty."""
