"""Judges one call: hypotheses, the legs' clocks and gaps go in, facts come out.

Knows a call's legs and which rules judge which of them. Does not know what is done about a violation. Deterministic:
the same input gives the same facts, live or in a replay. Pure.
"""

from dataclasses import dataclass

from eslbot.judge.disclosures import Changed, Disclosures
from eslbot.judge.inforce import Compiled, Packs, Slot
from eslbot.judge.ledger import Change, Dropped, Ledger
from eslbot.model.audio import Gap
from eslbot.model.call import CallId, Confirm, Role
from eslbot.model.facts import CallFact, DisclosureChanged, Retracted, Violated
from eslbot.model.judgement import Disclosure, Hit, Verdict
from eslbot.model.words import Hypothesis

LEGS = (Role.AGENT, Role.CUSTOMER)


@dataclass(frozen=True, slots=True)
class _Listener:
    compiled: Compiled
    ledger: Ledger


class CallJudge:
    """One call under the packs in force when it began."""

    def __init__(self, packs: Packs, call: CallId, rate: int, roles_known: bool) -> None:
        """`rate`: samples a second of the call's sample clock. With unknown roles only rules that say `either` judge,
        and nothing is required of anyone."""
        self._call = call
        self._next = dict.fromkeys(LEGS, 0)
        """The first utterance of each leg that is not over."""
        self._listeners: dict[Role, list[_Listener]] = {role: [] for role in LEGS}
        for compiled in packs.compiled:
            for role in LEGS:
                sought = compiled.program.sought
                wanted = [index for index, each in enumerate(sought) if each.says.covers(role, roles_known)]
                if wanted:
                    self._listeners[role].append(_Listener(compiled, Ledger(compiled.program, wanted, rate)))
        required = {rule.id: rule.require for rule in packs.rules if rule.require is not None and roles_known}
        self._verdicts = packs.verdicts
        self._roles = {name: require.by for name, require in required.items()}
        self._disclosures = Disclosures(
            {name: (require.by, require.within) for name, require in required.items()}, rate
        )

    def disclosures(self) -> dict[str, Disclosure]:
        """Rule id -> how each required disclosure stands now."""
        return self._disclosures.states()

    def hear(self, hypothesis: Hypothesis, at: float) -> list[CallFact]:
        """A leg's utterance is now understood like this. `at` is passed on to the facts."""
        role = hypothesis.role
        if role not in LEGS or hypothesis.utterance < self._next[role]:
            return []
        self._next[role] = hypothesis.utterance + hypothesis.final
        facts: list[CallFact] = []
        for listener in self._listeners[role]:
            for change in listener.ledger.hear(hypothesis):
                use = listener.compiled.uses[change.sought]
                if use.slot is Slot.WORDS:
                    facts.append(self._fact(change, use.rule.verdict, hypothesis, at))
                elif use.slot is Slot.REQUIRED:
                    facts += self._disclosed(self._required(change, use.rule.id, hypothesis), at)
        start = None if hypothesis.final else hypothesis.start
        return facts + self._disclosed(self._disclosures.speaking(role, start, hypothesis.decided), at)

    def heard(self, role: Role, samples: int, at: float) -> list[CallFact]:
        """The leg has been heard and judged up to this sample: deadlines may have passed."""
        return self._disclosed(self._disclosures.heard(role, samples), at) if role in LEGS else []

    def lost(self, gap: Gap, at: float) -> list[CallFact]:
        """Someone was not heard: what should have been said there can no longer be known."""
        return self._disclosed(self._disclosures.lost(gap), at)

    def _fact(self, change: Change, verdict: Verdict, hypothesis: Hypothesis, at: float) -> CallFact:
        hit = Hit(self._call, hypothesis.role, change.utterance, verdict.rule, change.ordinal)
        if isinstance(change, Dropped):
            return Retracted(self._call, at, hit, verdict)
        return Violated(
            self._call, at, hit, verdict, change.confirm, change.start, change.end, hypothesis.decided
        )

    def _required(self, change: Change, rule: str, hypothesis: Hypothesis) -> list[Changed]:
        words = (change.utterance, change.ordinal)
        if isinstance(change, Dropped):
            return self._disclosures.unsaid(rule, words, hypothesis.decided)
        return self._disclosures.said(
            rule, words, change.confirm, change.start, hypothesis.start, hypothesis.decided
        )

    def _disclosed(self, changes: list[Changed], at: float) -> list[CallFact]:
        facts: list[CallFact] = []
        for change in changes:
            facts.append(DisclosureChanged(self._call, at, change.rule, change.state, change.sample))
            verdict = self._verdicts[change.rule]
            hit = Hit(self._call, self._roles[change.rule], -1, change.rule, 0)
            if change.state is Disclosure.MISSING:
                facts.append(
                    Violated(self._call, at, hit, verdict, Confirm.FINAL, 0, change.sample, change.decided)
                )
            elif change.was is Disclosure.MISSING:
                facts.append(Retracted(self._call, at, hit, verdict))
        return facts
