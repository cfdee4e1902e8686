"""One call's sealed words judged again, as they were judged live: the same session code, fed with the same finals.

Knows the records of a transcript (record/FORMAT.md) and the judge. Does not know how they were sealed, nor a second
pack to compare with. What a recogniser thought before an utterance was over is not sealed and not judged here: it leads
live to hits that come sooner, or are taken back, never to others that stay. Two things can differ: live a hit stands
whose utterance was never finished, since its recogniser died, and here its words are not known; and where an utterance
lasts for more than five seconds beyond a deadline, words late in it count here as said in time. What was said under a
mask was not kept: what the agent said there was judged live, and here nobody knows it. Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from eslbot.judge import CallJudge, Packs
from eslbot.model.audio import Gap, Voice
from eslbot.model.call import CallId, Confirm, Role
from eslbot.model.facts import CallFact, Retracted, Violated
from eslbot.model.judgement import MISSED, Disclosure, disclosure_key
from eslbot.model.words import Hypothesis, Word
from eslbot.redact.masks import unmarked

HEARD_TWICE = 2.0
"""Seconds before a restart that the service that came up took for unknown (service/hearing/ear)."""
SAME_WORDS = 0.3
"""Seconds within which the hits of one rule before and after a restart are one (act/due)."""
LIFE = 100_000
"""Utterances are numbered from here times the life of the service (service/hearing/ear)."""
_LEGS = (Role.AGENT, Role.CUSTOMER)


class BadRecord(ValueError):
    """A transcript's record that cannot be what a service wrote. Names the kind and the field."""


@dataclass(frozen=True, slots=True)
class Found:
    """A hit that stands at the end of the call."""

    rule: str
    role: str
    severity: str
    pack: str
    version: str
    utterance: int
    """judgement.MISSED: a disclosure that was missed; HEARD: silence, talk-over, or speech rate."""
    start: int
    """First sample of its words; 0 for a missed disclosure."""
    end: int
    """The sample after the last; the deadline of a missed disclosure."""
    text: str
    """The utterance its words end in; empty for a missed disclosure."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A call as it stands at its end."""

    found: tuple[Found, ...]
    """By time."""
    disclosures: dict[str, str]
    """judgement.disclosure_key -> said, missing, unknown or pending (the call was over before)."""


class Rejudge:
    """One call under one set of packs. `take` its records in order, then `end`."""

    def __init__(self, packs: Packs, call: str, rate: int, roles_known: bool) -> None:
        """`roles_known` is what counts where the recording does not say it (older ones)."""
        self._packs, self._call, self._rate = packs, CallId(call), rate
        self._roles_known = roles_known
        self._judge = CallJudge(packs, self._call, rate, roles_known)
        self._next = dict.fromkeys(_LEGS, 0)
        self._alone: int | None = None
        """Since when nobody whom the judge holds to anything is on the agent's side."""
        self._side: Role | None = Role.AGENT
        self._voices = False
        """Its recording says when voices were heard; older ones do not, and nobody is called silent by them."""
        self._standing: dict[str, Found] = {}
        self._texts: dict[Role, str] = {}
        """What each leg said last."""
        self._known: dict[str, Disclosure] = {}
        """Disclosures (disclosure_key) that an earlier life of the service knew the end of."""
        self._missed: dict[str, str] = {}
        """Key of a missed disclosure's hit -> its disclosure_key."""

    def take(self, record: dict[str, Any]) -> None:
        """One record. Raises BadRecord."""
        kind = record.get("kind")
        try:
            if kind == "words":
                self._words(record)
            elif kind == "judged":
                self._begin(record)
            elif kind == "side":
                self._faces(record)
            elif kind == "handed":
                self._judge.handed(int(record["sample"]))
            elif kind == "speech":
                role, start, end = Role(record["role"]), int(record["start"]), int(record["end"])
                self._voice(Voice(self._call, role, ((start, end),), False, end))
            elif kind == "gap":
                role = record["role"]
                for leg, samples in record.get("heard", {}).items():  # what was already known to be missing stays so
                    self._tell(self._judge.heard(Role(leg), int(samples), 0.0))
                self._lost(record["first"], record["end"], record["reason"], None if role is None else Role(role))
            elif kind == "masked":
                self._lost(record["first"], record["end"], "masked", None)
            elif kind == "resumed":
                sample = record["sample"]
                self._lost(max(0, sample - int(HEARD_TWICE * self._rate)), sample, "restart", None)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise BadRecord(f"a record of kind {kind!r}: {type(error).__name__} {error}") from error

    def end(self, samples: int) -> Judged:
        """The recording has so many samples, and this was all."""
        for role in _LEGS:
            self._heard(role, samples)
        known = samples if self._alone is None else self._alone
        for role in _LEGS if self._voices else ():
            self._voice(Voice(self._call, role, (), False, known))
        talked = samples if self._alone is None or self._side is not None else self._alone
        self._tell(self._judge.end(talked, 0.0))
        for key, disclosure in self._missed.items():
            if self._known.get(disclosure) in (Disclosure.SAID, Disclosure.UNKNOWN):
                self._standing.pop(key, None)  # a restart forgot that it was said
        states = self._states() | self._known
        found = sorted(self._standing.values(), key=lambda one: (one.start or one.end, one.rule))
        return Judged(_once(found, int(SAME_WORDS * self._rate)), {rule: how.value for rule, how in states.items()})

    def _states(self) -> dict[str, Disclosure]:
        return {disclosure_key(item.rule, item.ordinal): item.state for item in self._judge.disclosures()}

    # --- records -----------------------------------------------------------------------------------------------------
    def _begin(self, record: dict[str, Any]) -> None:
        """A life of the service begins: it knows nothing of the words before."""
        if record["life"]:
            for rule, how in self._states().items():
                if how is not Disclosure.PENDING:
                    self._known.setdefault(rule, how)
        self._judge = CallJudge(self._packs, self._call, self._rate, bool(record["roles_known"]))
        self._next = dict.fromkeys(_LEGS, 0)
        self._voices = bool(record.get("voices"))

    def _faces(self, record: dict[str, Any]) -> None:
        before, self._side = self._side, None if record["role"] is None else Role(record["role"])
        if self._side is Role.AGENT and before is not Role.AGENT:
            self._tell(self._judge.apart(self._alone or 0, int(record["sample"]), 0.0))
        self._alone = None if self._side is Role.AGENT else int(record["sample"])

    def _words(self, record: dict[str, Any]) -> None:
        said = _hypothesis(self._call, record)
        if said is None:
            return
        role, utterance, start = said.role, said.utterance, said.start
        self._heard(role, start)
        if 0 < self._next[role] < utterance:  # one was begun in between and never ended: what was before is forgotten
            self._hear(Hypothesis(self._call, role, utterance - 1, "", False, start, start, start))
        self._next[role] = utterance + 1
        self._texts[role] = said.text
        self._hear(said)
        self._heard(role, said.decided)

    # --- the judge ---------------------------------------------------------------------------------------------------
    def _hear(self, hypothesis: Hypothesis) -> None:
        self._tell(self._judge.hear(hypothesis, 0.0))

    def _heard(self, role: Role, samples: int) -> None:
        if role is Role.AGENT and self._alone is not None:
            samples = min(samples, self._alone)
        self._tell(self._judge.heard(role, samples, 0.0))

    def _voice(self, voice: Voice) -> None:
        self._tell(self._judge.voice(voice, 0.0))

    def _lost(self, first: int, end: int, reason: str, role: Role | None) -> None:
        self._tell(self._judge.lost(Gap(self._call, first, end, reason, role), 0.0))

    def _tell(self, told: Sequence[CallFact]) -> None:
        for fact in told:
            if isinstance(fact, Violated) and fact.confirm is Confirm.FINAL:
                hit, verdict = fact.hit, fact.verdict
                if hit.utterance == MISSED:
                    self._missed[hit.key] = disclosure_key(hit.rule, hit.ordinal)
                self._standing[hit.key] = Found(
                    verdict.rule, hit.role.value, verdict.severity.label, verdict.pack, verdict.version, hit.utterance,
                    fact.start, fact.end, self._texts.get(hit.role, "") if hit.utterance >= 0 else "",
                )
            elif isinstance(fact, Retracted):
                self._standing.pop(fact.hit.key, None)


def _hypothesis(call: CallId, record: dict[str, Any]) -> Hypothesis | None:
    """The final that a record of kind `words` keeps; None where a supervisor said it. Raises KeyError, ValueError,
    TypeError."""
    role = Role(record["role"])
    if role not in _LEGS:
        return None
    text, utterance, start, end = record["text"], record["utterance"], record["start"], record["end"]
    if not (type(text) is str and type(utterance) is int and type(start) is int and type(end) is int):
        raise TypeError("a text or a number that is none")
    words = tuple([Word(word, first, last) for word, first, last in record["words"]])
    return unmarked(Hypothesis(call, role, utterance, text, True, start, end, end, words))


def _once(found: Iterable[Found], slack: int) -> tuple[Found, ...]:
    """A restart hears the last seconds twice: hits of one rule whose words lie in the same place are one."""
    kept: list[Found] = []
    for one in found:
        again = (
            other for other in reversed(kept)
            if one.utterance >= 0 and other.rule == one.rule and other.role == one.role
            and other.utterance // LIFE != one.utterance // LIFE
            and one.start < other.end + slack and other.start < one.end + slack
        )  # fmt: skip
        if next(again, None) is None:
            kept.append(one)
    return tuple(kept)


def rejudge(
    packs: Packs, call: str, rate: int, roles_known: bool, records: Iterable[dict[str, Any]], samples: int
) -> Judged:
    """A whole call. `samples`: its recording's end on the call's clock. Raises BadRecord."""
    one = Rejudge(packs, call, rate, roles_known)
    for record in records:
        one.take(record)
    return one.end(samples)
