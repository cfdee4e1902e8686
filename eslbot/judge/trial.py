"""Tries packs on talk, as `eslbot rules try` and the packs' own examples do: which rules it hits.
Knows how talk is played to a judge; nothing of a real call. Pure.

What "hits" means, for each kind of rule: forbidden words that stand, with everything that says which of them count; of
what is required from the answer, that its words are said (its words were found, which here is good news); of what a
trigger asks for, that the trigger is said and what it asks for is not said after it.
"""

from collections.abc import Iterable
from typing import TypedDict

from eslbot.judge.inforce import Packs
from eslbot.judge.rules import Talk
from eslbot.judge.session import CallJudge
from eslbot.model.call import CallId, Role
from eslbot.model.facts import CallFact, Retracted, Violated
from eslbot.model.judgement import MISSED, Disclosure
from eslbot.model.words import Hypothesis

_CALL = CallId("trial")
_RATE = 8000
_EACH = _RATE // 4
"""Samples a character takes."""
_BREATH = _RATE // 2
"""Samples between two lines; a phrase may straddle them."""


class Tried(TypedDict):
    """One line and what it hits."""

    text: str
    hits: list[str]
    """Rule ids, each once, in the order in which their words are complete."""


def try_texts(packs: Packs, role: Role, texts: Iterable[str]) -> list[Tried]:
    """Each text taken for a whole utterance of the agent's or the customer's, one independent of the other."""
    return [{"text": text, "hits": hits(packs, ((role, text),))} for text in texts]


def hits(packs: Packs, talk: Talk) -> list[str]:
    """The rules that talk hits, each once, in the order in which their words are complete. Its lines follow one
    another from the beginning of a call, and it ends with the last."""
    judge = CallJudge(packs, _CALL, _RATE, roles_known=True)
    facts: list[CallFact] = []
    spoken = dict.fromkeys((Role.AGENT, Role.CUSTOMER), 0)
    now = 0
    for role, text in talk:
        end = now + max(1, len(text)) * _EACH
        facts += judge.hear(Hypothesis(_CALL, role, spoken[role], text, True, now, end, end), 0.0)
        spoken[role] += 1
        now = end + _BREATH
    facts += judge.end(now, 0.0)
    found = [*_violated(facts), *_required(judge)]
    return list(dict.fromkeys(rule for _, _, rule in sorted(found)))


def _violated(facts: list[CallFact]) -> Iterable[tuple[int, int, str]]:
    """(end, start, rule) of the forbidden words that stand in the end."""
    standing = {}
    for fact in facts:
        if isinstance(fact, Violated) and fact.hit.utterance != MISSED:
            standing[fact.hit] = (fact.end, fact.start, fact.hit.rule)
        elif isinstance(fact, Retracted):
            standing.pop(fact.hit, None)
    return standing.values()


def _required(judge: CallJudge) -> Iterable[tuple[int, int, str]]:
    """The same of what was required: where it was said, or where it was asked for and not said."""
    for item in judge.disclosures():
        unanswered = item.asked if item.state is not Disclosure.SAID else None
        place = item.said if item.asked is None else unanswered
        if place is not None:
            yield place[1], place[0], item.rule
