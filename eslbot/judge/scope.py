"""Whether words are meant: what stands before and behind a phrase may negate it, quote it, ask it or take it back.

A small grammar, read away from the phrase in both directions over the small words of grammar.py; the first word that is
none of them ends the walk.

Before the phrase, leftwards: negations are counted, and two cancel each other (不得不说); a quotation (号称) or
somebody else who says it (有人…说) turns it; so does a question (是不是), if nothing shows that it is a rhetorical one
(难道); a `stop` (不仅, 没问题) ends the walk. A subject stands only behind a verb of saying or a copula, and 可以 not
behind 不需要: a new clause begins there (没有，我们保本; 不需要可以挂断).

Behind it, rightwards: a refutation (是不可能的, 都是骗人的, 请报警) turns it, a negated one does not (不是骗人的); a
question (吗) turns a statement, but no offer and no request. Only this utterance is looked at: what was said after a
pause takes nothing back.

Knows the words around a phrase; no rule. Pure.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from eslbot.judge.lookups import GRAMMARS, joint, leftwards, openings, rightwards
from eslbot.judge.text import Language, last_units

_WALK = 24
"""Units before a phrase, and behind it, that are walked over at most."""
_CHAIN = 12
"""Units that phrases which are taken together may stand off from the one that is looked at."""
_FILLERS_IN_A_ROW = 6
_OPENED_BY = {
    "subject": {"speech", "copula", "object verb", "subject", "other", "quotation", "question", "rhetoric"},
    "command": {"speech", "quotation"},
}
"""What may stand before a subject, or before a phrase that is a command, for the walk to go on: or else a new clause
begins there."""
_NEGATIONS = frozenset(["negation", "existence", "wish"])
_CHARACTERS: dict[Language, int] = {"zh": 1, "en": 6}
"""Of a unit, about."""
REACH = _WALK + _CHAIN * max(_CHARACTERS.values())
"""Units before a phrase that can bear on whether it is meant."""
_EVEN_IN_QUESTIONS = ("还不", "还没", "不就")
"""Negations that affirm in a question, as 不是 does: 这还不保本吗."""


@dataclass(slots=True)
class _Before:
    """What stands before a phrase."""

    negated: bool = False
    """By an odd number of negations."""
    copular: bool = False
    """不是, isn't: negated as such; with a question behind it this affirms."""
    quoted: bool = False
    asked: bool = False
    rhetorical: bool = False


@dataclass(slots=True)
class _Behind:
    """What stands behind a phrase."""

    refuted: bool = False
    asked: bool = False
    condition: bool = False


def together(
    folded: str, start: int, end: int, others: Collection[tuple[int, int]], language: Language
) -> tuple[int, int]:
    """The place, and what stands beside it of the same rule's words without another word between: in 不保本保息 the
    negation is about both. `others`: where those words stand, in any order."""
    between, chain = joint(language), _CHAIN * _CHARACTERS[language]
    first, past = start, end
    near = [(since, until) for since, until in others if since >= start - chain and until <= end + chain]
    grown = len(near) > 1
    while grown:
        grown = False
        for since, until in near:
            if since < first <= until or (until < first and between.fullmatch(folded, until, first)):
                first, grown = since, True
            if until > past >= since or (past < since and between.fullmatch(folded, past, since)):
                past, grown = until, True
    return first, past


def turned(folded: str, start: int, end: int, language: Language, since: int = 0) -> bool:
    """Whether the words at this place of a folded text are not meant as they are said. What stands before `since` is
    not looked at."""
    words, before = folded[start:end], last_units(folded[since:start], _WALK)
    behind = folded[end : end + _WALK * _CHARACTERS[language]]
    left, right = _walk_left(before, words, language), _walk_right(behind, language)
    grammar = GRAMMARS[language]
    if left.quoted or (right.refuted and re.match(f" ?(?:{grammar.bids})", words) is None):
        return True
    if left.rhetorical:
        return False
    offered = re.search(grammar.offers, before[-12:]) or re.search(grammar.offers, words)
    if (right.asked or left.asked) and not offered:
        return not (right.asked and left.negated and left.copular)
    if grammar.straddled and re.search(grammar.straddled, f"{before[-2:]}|{words[:2]}"):
        return not left.negated
    if grammar.far and re.search(grammar.far, before):
        return True
    if grammar.fears and re.search(grammar.fears, f"{before[-5:]}|{words[:2]}"):
        return True
    return left.negated and not right.condition


def _walk_left(before: str, words: str, language: Language) -> _Before:
    table = leftwards(language)
    text = before[::-1].lstrip(" ")
    found = _Before()
    position = fillers = 0
    opening, kinds_of = openings(language)
    first = opening.match(words)
    last = kinds_of[first[1]] if first else ""
    said = last == "speech"
    if re.match(f" ?(?:{GRAMMARS[language].commands})", words):
        last = "command"
    while (there := table.at(text, position)) is not None and fillers <= _FILLERS_IN_A_ROW:
        word, kind, position = there
        if kind == "stop" or (last in _OPENED_BY and kind not in _OPENED_BY[last]):
            break
        if last == "modal" and kind == "wish":
            break
        if kind == "quotation" or (kind == "other" and said):
            found.quoted = True
            break
        if kind == "other":
            break
        if kind in _NEGATIONS:
            if not found.negated:
                found.copular = last == "copula" or word[::-1] in _EVEN_IN_QUESTIONS
            found.negated = not found.negated
        elif kind == "question":
            found.asked = True
        elif kind == "rhetoric":
            found.rhetorical = True
            break
        said = said or kind == "speech"
        fillers = 0 if kind in _NEGATIONS else fillers + 1
        last = kind
    return found


def _walk_right(behind: str, language: Language) -> _Behind:
    table = rightwards(language)
    text = behind.lstrip(" ")
    if (rest := re.match(GRAMMARS[language].rest, text)) is not None:
        text = text[rest.end() :]
    found = _Behind(condition=re.match(GRAMMARS[language].condition, text) is not None)
    position = fillers = 0
    negated = copula = False
    while (there := table.at(text, position)) is not None and fillers <= _FILLERS_IN_A_ROW:
        word, kind, following = there
        if kind == "stop":
            break
        if kind == "refuted" or (kind == "refuted as" and copula):
            found.refuted = not negated
            break
        if kind == "refuted as":
            break
        if kind == "negation":
            negated = not negated
            copula = copula or word.endswith(("是", "t", "not"))
        copula = copula or kind == "copula"
        found.asked = found.asked or (kind == "question" and position == 0)
        fillers += 1
        position = following
    return found
