"""Whose words the agent's channel of a call holds, from which sample on. Pure. Knows no recogniser and no judge."""

from dataclasses import replace

from eslbot.model.audio import Voice
from eslbot.model.call import Role
from eslbot.model.words import Hypothesis


class Sides:
    """One call's. AGENT: the agent alone; SUPERVISOR: a supervisor, alone or together with the agent; None: nobody, the
    customer is alone."""

    def __init__(self) -> None:
        self._sides: list[tuple[int, Role | None]] = [(0, Role.AGENT)]

    @property
    def now(self) -> Role | None:
        return self._sides[-1][1]

    @property
    def since(self) -> int:
        """The sample from which on it is so."""
        return self._sides[-1][0]

    def turn(self, sample: int, role: Role | None) -> None:
        """From this sample on it is `role`."""
        self._sides.append((sample, role))

    def at(self, sample: int) -> Role | None:
        """Whose words that sample holds."""
        return next((role for since, role in reversed(self._sides) if since <= sample), Role.AGENT)

    def until(self, sample: int) -> int | None:
        """The first sample from `sample` on that is not the agent's alone; None: there is none yet."""
        later = [since for since, role in self._sides if since > sample and role is not Role.AGENT]
        return sample if self.at(sample) is not Role.AGENT else min(later, default=None)

    def heard(self, role: Role, samples: int) -> int:
        """How far that leg counts as heard: where no agent is alone there, none can miss a disclosure."""
        return min(samples, self.since) if role is Role.AGENT and self.now is not Role.AGENT else samples

    def parted(self, said: Hypothesis) -> tuple[Hypothesis | None, Hypothesis | None]:
        """What of an utterance on the agent's channel is the agent's, and what may be a supervisor's; None: nothing.
        Words whose place is not known are the agent's only where all of the utterance is."""
        until = self.until(said.start)
        if until is None or said.decided <= until:
            return said, None
        if until <= said.start:
            return None, said
        if not said.words:  # only a final takes back what was understood before
            return (replace(said, text="") if said.final else None), (said if said.final and said.text else None)
        mine = tuple(word for word in said.words if word.end <= until)
        theirs = said.words[len(mine) :]
        agent = replace(said, words=mine, text=" ".join(word.text for word in mine), decided=until)
        if not theirs:
            return agent, None
        return agent, replace(said, words=theirs, text=" ".join(word.text for word in theirs), start=theirs[0].start)

    def voice(self, voice: Voice) -> Voice:
        """When voices were heard, as far as an agent was there alone: whoever is silent or speaks at another time is no
        agent at a customer."""
        kept = tuple(span for span in voice.spans if self.at(span[0]) is Role.AGENT)
        goes_on = voice.goes_on and bool(kept) and kept[-1] == voice.spans[-1]
        known = voice.known if self.now is Role.AGENT else min(voice.known, self.since)
        return replace(voice, spans=kept, goes_on=goes_on, known=known)
