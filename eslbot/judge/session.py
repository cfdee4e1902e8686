"""Judges one call: hypotheses, the legs' voices and clocks, gaps and the end go in, facts come out.

Knows a call's legs, which rules judge which of them, and which of overlapping rules acts. Does not know which hits
count (counting), how disclosures stand (disclosures), nor what is done about a violation. Deterministic: the same input
gives the same facts, live or in a replay. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from eslbot.judge.acoustic import Heard, Unheard, of_rules
from eslbot.judge.checklist import FROM_ANSWER, Changed, Item, Required
from eslbot.judge.counting import Counted, Key, Tally, Uncounted
from eslbot.judge.disclosures import Disclosures
from eslbot.judge.inforce import Compiled, Packs, Slot
from eslbot.judge.ledger import Ledger
from eslbot.judge.rules import Rule
from eslbot.model.audio import Gap, Voice
from eslbot.model.call import CallId, Confirm, Role
from eslbot.model.facts import CallFact, DisclosureChanged, Retracted, Violated
from eslbot.model.judgement import HEARD, MISSED, Disclosure, Hit
from eslbot.model.words import Hypothesis

LEGS = (Role.AGENT, Role.CUSTOMER)
_MOST_IN_AN_UTTERANCE = 1000
"""Triggers of an utterance whose ordinals stay apart."""


@dataclass(frozen=True, slots=True)
class _Listener:
    compiled: Compiled
    ledger: Ledger


class CallJudge:
    """One call under the packs in force when it began."""

    def __init__(self, packs: Packs, call: CallId, rate: int, roles_known: bool) -> None:
        """`rate`: samples a second of the call's sample clock. With unknown roles only rules that say `either` judge,
        and nothing is required of anyone."""
        self._call, self._rate, self._roles_known = call, rate, roles_known
        self._next = dict.fromkeys(LEGS, 0)
        """The first utterance of each leg that is not over."""
        self._rules = {rule.id: rule for rule in packs.rules}
        self._order = {rule.id: index for index, rule in enumerate(packs.rules)}
        self._listeners: dict[Role, list[_Listener]] = {role: [] for role in LEGS}
        for compiled in packs.compiled:
            for role in LEGS:
                wanted = compiled.wanted(role, roles_known)
                if wanted:
                    self._listeners[role].append(_Listener(compiled, Ledger(compiled.program, wanted, rate)))
        self._tallies: dict[tuple[str, bool], Tally] = {}
        """(rule id, whether it counts what is required) -> its hits; made when there is one."""
        self._standing: dict[tuple[str, Key], Counted] = {}
        """Hits of the rules whose priority is not that of all."""
        self._ranked = len({rule.priority for rule in packs.rules}) > 1
        self._words: dict[Hit, str] = {}
        self._turns: list[int] = []
        """Samples from which on the agent is another one."""
        required = [rule for rule in packs.rules if rule.require is not None and roles_known]
        self._disclosures = Disclosures({rule.id: _required(rule) for rule in required}, rate)
        self._acoustics = of_rules(packs.rules, rate, roles_known)

    # --- looking in --------------------------------------------------------------------------------------------------
    def disclosures(self) -> tuple[Item, ...]:
        """The call's checklist: what was asked for, how it stands, and how long there is left to say it."""
        return self._disclosures.checklist()

    def words(self, hit: Hit) -> str:
        """The words of a hit that was told, as they were heard; of a disclosure that was missed those that asked for
        it. Empty where there are none. Facts do not carry them: they go through the journal."""
        return self._words.get(hit, "")

    # --- what comes in -----------------------------------------------------------------------------------------------
    def hear(self, hypothesis: Hypothesis, at: float) -> list[CallFact]:
        """A leg's utterance is now understood like this. `at` is passed on to the facts."""
        role = hypothesis.role
        if role not in LEGS or hypothesis.utterance < self._next[role]:
            return []
        self._next[role] = hypothesis.utterance + hypothesis.final
        touched: dict[tuple[str, bool], Tally] = {}
        for listener in self._listeners[role]:
            for change in listener.ledger.hear(hypothesis):
                use = listener.compiled.uses[change.sought]
                key = (use.rule.id, use.slot is Slot.REQUIRED)
                touched[key] = tally = self._tally(*key)
                tally.take(role, use.part, change, excuse=use.slot is Slot.EXCUSE)
        facts = self._settle(touched, hypothesis.start, hypothesis.decided, at)
        if hypothesis.final and self._acoustics is not None:
            facts += self._sounded(self._acoustics.said(role, hypothesis.words), at)
        start = None if hypothesis.final else hypothesis.start
        return facts + self._disclosed(self._disclosures.speaking(role, start, hypothesis.decided), at)

    def heard(self, role: Role, samples: int, at: float) -> list[CallFact]:
        """The leg has been heard and judged up to this sample: deadlines may have passed."""
        return self._disclosed(self._disclosures.heard(role, samples), at) if role in LEGS else []

    def lost(self, gap: Gap, at: float) -> list[CallFact]:
        """Someone was not heard: what should have been said there can no longer be known."""
        facts = self._disclosed(self._disclosures.lost(gap), at)
        return facts if self._acoustics is None else facts + self._sounded(self._acoustics.lost(gap), at)

    def voice(self, voice: Voice, at: float) -> list[CallFact]:
        """When a leg's voice was heard is known this far."""
        if self._acoustics is None or voice.role not in LEGS:
            return []
        changes = [change for span in voice.spans for change in self._acoustics.voice(voice.role, *span)]
        return self._sounded(changes + self._acoustics.known(voice.role, voice.known), at)

    def apart(self, first: int, end: int, at: float) -> list[CallFact]:
        """Between these samples there was no agent on the line: nobody was silent then."""
        if self._acoustics is None:
            return []
        return self._sounded(self._acoustics.lost(Gap(self._call, first, end, "apart")), at)

    def handed(self, sample: int) -> None:
        """From this sample on the agent is another one: what hangs on what was said before is counted anew."""
        self._turns.append(max([sample, *self._turns[-1:]]))

    def end(self, samples: int, at: float) -> list[CallFact]:
        """The talk ended at this sample and everything was heard: what depends on the end is judged."""
        last = [rule.id for rule in self._rules.values() if rule.counting.last is not None]
        ending = {(name, False): self._tallies[name, False] for name in last if (name, False) in self._tallies}
        for tally in ending.values():
            tally.end(samples)
        return self._settle(ending, samples, samples, at) + self._disclosed(self._disclosures.end(samples), at)

    # --- what comes of it --------------------------------------------------------------------------------------------
    def _tally(self, name: str, required: bool) -> Tally:
        known = self._tallies.get((name, required))
        if known is None:
            rule = self._rules[name]
            if required:
                assert rule.require is not None
                known = Tally(rule.require.words, self._rate)
            else:
                assert rule.words is not None
                known = Tally(rule.words, self._rate, rule.counting, self._turns)
            self._tallies[name, required] = known
        return known

    def _settle(self, touched: dict[tuple[str, bool], Tally], start: int, decided: int, at: float) -> list[CallFact]:
        """What the changes of these tallies come to: violations in the order of their words, then what was taken back,
        then disclosures."""
        stands: list[tuple[Rule, Counted]] = []
        gone: list[tuple[Rule, Counted]] = []
        changed: list[Changed] = []
        for (name, required), tally in touched.items():
            rule = self._rules[name]
            for change in tally.changes():
                if required:
                    changed += self._said(rule, change, start, decided)
                elif rule.require is not None:
                    changed += self._asked(rule, change, decided)
                elif isinstance(change, Counted):
                    stands.append((rule, change))
                else:
                    gone.append((rule, change.was))
        self._rank(stands, gone)
        stands.sort(key=lambda each: (each[1].end, each[1].start, self._order[each[0].id]))
        facts: list[CallFact] = [self._violated(rule, counted, decided, at) for rule, counted in stands]
        facts += [Retracted(self._call, at, self._hit(rule, counted), rule.verdict) for rule, counted in gone]
        return facts + self._disclosed(changed, at)

    def _violated(self, rule: Rule, counted: Counted, decided: int, at: float) -> Violated:
        hit = self._hit(rule, counted)
        self._words[hit] = counted.words
        return Violated(
            self._call, at, hit, rule.verdict, counted.confirm, counted.start, counted.end, decided,
            self._outranked(rule, counted),
        )

    def _hit(self, rule: Rule, counted: Counted) -> Hit:
        return Hit(self._call, counted.role, counted.utterance, rule.id, counted.ordinal)

    # --- which of overlapping rules acts -----------------------------------------------------------------------------
    def _rank(self, stands: Iterable[tuple[Rule, Counted]], gone: Iterable[tuple[Rule, Counted]]) -> None:
        if self._ranked:
            for rule, counted in gone:
                self._standing.pop((rule.id, counted.key), None)
            self._standing |= {(rule.id, counted.key): counted for rule, counted in stands}

    def _outranked(self, rule: Rule, counted: Counted) -> str:
        """The rule of the highest priority above this one's whose hit overlaps these words as things stand; else
        empty."""
        above = [
            self._rules[name] for (name, _), other in self._standing.items()
            if other.role is counted.role and other.start < counted.end and counted.start < other.end
            and self._rules[name].priority > rule.priority
        ]  # fmt: skip
        return max(above, key=lambda each: each.priority).id if above else ""

    # --- what is no words --------------------------------------------------------------------------------------------
    def _sounded(self, changes: Iterable[Heard | Unheard], at: float) -> list[CallFact]:
        facts: list[CallFact] = []
        for change in changes:
            heard = change.was if isinstance(change, Unheard) else change
            verdict = self._rules[heard.rule].verdict
            hit = Hit(self._call, heard.role, HEARD, heard.rule, heard.start)
            if isinstance(change, Unheard):
                facts.append(Retracted(self._call, at, hit, verdict))
            else:
                facts.append(
                    Violated(self._call, at, hit, verdict, Confirm.FINAL, heard.start, heard.end, heard.end))
        return facts

    # --- disclosures -------------------------------------------------------------------------------------------------
    def _said(self, rule: Rule, change: Counted | Uncounted, start: int, decided: int) -> list[Changed]:
        if isinstance(change, Uncounted):
            return self._disclosures.unsaid(rule.id, change.was.key[1:], decided)
        place = (change.start, change.end)
        return self._disclosures.said(rule.id, change.key[1:], change.confirm, place, start, decided)

    def _asked(self, rule: Rule, change: Counted | Uncounted, decided: int) -> list[Changed]:
        if not self._roles_known:
            return []
        if isinstance(change, Uncounted):
            return self._disclosures.taken_back(rule.id, _instance(change.was), decided)
        self._words[self._missed(rule, _instance(change))] = change.words
        return self._disclosures.asked(
            rule.id, _instance(change), change.start, change.end, change.confirm, decided
        )

    def _missed(self, rule: Rule, ordinal: int) -> Hit:
        assert rule.require is not None
        return Hit(self._call, rule.require.by, MISSED, rule.id, ordinal)

    def _disclosed(self, changes: list[Changed], at: float) -> list[CallFact]:
        facts: list[CallFact] = []
        for change in changes:
            rule = self._rules[change.rule]
            hit = self._missed(rule, change.ordinal)
            if change.state is not change.was or change.state is Disclosure.PENDING:
                facts.append(
                    DisclosureChanged(self._call, at, change.rule, change.state, change.sample, change.ordinal)
                )
            if change.state is Disclosure.MISSING:
                facts.append(Violated(
                    self._call, at, hit, rule.verdict, change.confirm, change.since, change.sample, change.decided
                ))  # fmt: skip
            elif change.was is Disclosure.MISSING:
                facts.append(Retracted(self._call, at, hit, rule.verdict))
        return facts


def _required(rule: Rule) -> Required:
    assert rule.require is not None
    return Required(rule.require.by, rule.require.within, triggered=rule.words is not None)


def _instance(trigger: Counted) -> int:
    """The ordinal of what a trigger asks for: never FROM_ANSWER, and the same whenever that trigger is told."""
    number = trigger.utterance * _MOST_IN_AN_UTTERANCE + min(trigger.ordinal, _MOST_IN_AN_UTTERANCE - 1)
    return FROM_ANSWER + 1 + number * len(LEGS) + LEGS.index(trigger.role)
