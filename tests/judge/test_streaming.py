"""However words come - split into utterances, rewritten as partials, one leg before the other - what stands in the end
is what the whole text says, for every kind of rule."""

from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from eslbot.judge.inforce import Packs
from eslbot.judge.session import CallJudge
from eslbot.model.call import Confirm, Role
from eslbot.model.facts import CallFact, DisclosureChanged, Retracted, Violated
from eslbot.model.judgement import Disclosure
from eslbot.model.words import Hypothesis, Word
from tests.judge.build import CALL, RATE, in_force

EACH = RATE // 4
"""Samples a character takes."""
LEGS = (Role.AGENT, Role.CUSTOMER)
WORD = st.text("甲乙丙", min_size=1, max_size=2)
CHARACTER = st.sampled_from("甲乙丙")
"""Words that do not grow out of shorter ones: that a hit which was final does not grow is its twin's to test."""
PHRASES = st.lists(WORD, min_size=1, max_size=3)
DURATION = st.integers(1, 8).map(lambda seconds: f"{seconds}s")


def rules_of(draw: st.DrawFn, kinds: list[str]) -> dict[str, Any]:
    """What is looked for, by one of these kinds."""
    kind = draw(st.sampled_from(kinds))
    words = draw(st.lists(WORD if kinds != OF_PHRASES else CHARACTER, min_size=2, max_size=3))
    width = draw(st.one_of(st.integers(6, 9).map(str), DURATION))
    return {kind: {
        "any": words, "all": words, "some": {"words": words, "at_least": "2"},
        "near": {"words": words, "within": width}, "sequence": {"words": words, "within": width},
        "regex": {"pattern": draw(st.sampled_from(["甲.?乙", "[乙丙]{2,3}", "丙$", "^甲", "甲+"])), "not": "丙乙"},
    }[kind]}  # fmt: skip


OF_PHRASES = ["any", "near", "sequence"]
"""Kinds that see across the border of two utterances."""
OF_AN_UTTERANCE = ["all", "some", "regex"]


@st.composite
def rules(draw: st.DrawFn, kinds: list[str], *, of_an_utterance: bool = False) -> dict[str, Any]:
    rule = rules_of(draw, kinds) | {"says": draw(st.sampled_from(["agent", "customer", "either"]))}
    if draw(st.booleans()):
        rule["unless"] = rules_of(draw, kinds) | draw(
            st.sampled_from([{}, {"within": "4s"}, {"says": "either"}, {"says": "customer", "within": "6s"}])
        )
    if of_an_utterance and draw(st.booleans()):
        rule["none"] = draw(PHRASES)
    rule |= draw(st.sampled_from([
        {}, {}, {"during": {"first": "9s"}}, {"during": {"last": "9s"}}, {"repeated": {"times": "2", "within": "5s"}},
        {"cooldown": "3s"}, {"once": "true"}, {"repeated": {"times": "3", "within": "8s"}, "cooldown": "2s"},
        {"priority": "3"}, {"even_negated": "true"},
    ]))  # fmt: skip
    return rule


@dataclass(frozen=True)
class Utterance:
    text: str
    start: int
    partials: tuple[tuple[str, int], ...] = ()
    """(what it is taken for, samples decoded since the last one)."""


TEXT = st.text("甲乙丙丁己不是", max_size=16)
PARTIALS = st.lists(st.tuples(TEXT, st.sampled_from([100, 700, 960, 2000])), max_size=4).map(tuple)


@st.composite
def talks(draw: st.DrawFn) -> dict[Role, list[Utterance]]:
    """What each leg says, in time; what it is taken for on the way begins as what it is, and ends otherwise."""
    talk: dict[Role, list[Utterance]] = {}
    for role in LEGS:
        at, talk[role] = draw(st.integers(0, 20)) * EACH, []
        for text, partials, pause in draw(st.lists(st.tuples(TEXT, PARTIALS, st.integers(0, 8)), max_size=4)):
            grown = tuple((text[: (index + 1) * len(text) // 4], 700) for index in range(draw(st.integers(0, 4))))
            talk[role].append(Utterance(text, at, (*grown, *partials)))
            at += (len(text) + pause) * EACH
    return talk


def heard(role: Role, utterances: list[Utterance], *, partials: bool) -> list[Hypothesis]:
    """The hypotheses of a leg, in the order in which they come."""
    found: list[Hypothesis] = []
    decoded = 0
    for index, each in enumerate(utterances):
        end = each.start + len(each.text) * EACH
        for text, step in each.partials if partials else ():
            decoded += step
            found.append(Hypothesis(CALL, role, index, text, False, each.start, end, decoded))
        words = tuple(
            Word(character, each.start + place * EACH, each.start + (place + 1) * EACH)
            for place, character in enumerate(each.text)
        )
        decoded += 1000
        found.append(Hypothesis(CALL, role, index, each.text, True, each.start, end, decoded, words))
    return found


def in_turn(talk: dict[Role, list[Utterance]]) -> list[Hypothesis]:
    """Each utterance as a final, by time."""
    return sorted((each for role in LEGS for each in heard(role, talk[role], partials=False)), key=lambda h: h.start)


@st.composite
def streams(draw: st.DrawFn, talk: dict[Role, list[Utterance]]) -> list[Hypothesis]:
    """Both legs' hypotheses with their partials, in any order that keeps each leg's own."""
    waiting = {role: heard(role, talk[role], partials=True) for role in LEGS}
    order = draw(st.permutations([role for role in LEGS for _ in waiting[role]]))
    return [waiting[role].pop(0) for role in order]


def whole(talk: dict[Role, list[Utterance]]) -> list[Hypothesis]:
    """Each leg's words as one utterance."""
    found = []
    for role in LEGS:
        finals = heard(role, talk[role], partials=False)
        if finals:
            text = "".join(each.text for each in finals)
            words = tuple(word for each in finals for word in each.words)
            found.append(Hypothesis(CALL, role, 0, text, True, finals[0].start, finals[-1].decided, 1000, words))
    return found


END = 300 * EACH


def judged(packs: Packs, hypotheses: list[Hypothesis], end: int = END) -> list[CallFact]:
    judge = CallJudge(packs, CALL, RATE, roles_known=True)
    facts = [fact for hypothesis in hypotheses for fact in judge.hear(hypothesis, 0.0)]
    return facts + judge.end(end, 1.0)


Place = tuple[str, Role, int, int, Confirm]


def standing(facts: list[CallFact]) -> list[Place]:
    """What stands in the end; each hit is told surer each time, and only what stands is taken back."""
    stands: dict[str, Place] = {}
    for fact in facts:
        if isinstance(fact, Violated):
            key = fact.hit.key
            assert key not in stands or stands[key][-1] < fact.confirm
            stands[key] = (fact.hit.rule, fact.hit.role, fact.start, fact.end, fact.confirm)
        elif isinstance(fact, Retracted):
            del stands[fact.hit.key]
    return sorted(stands.values())


EVERY_KIND = st.lists(
    st.one_of(rules(OF_PHRASES), rules(OF_PHRASES + OF_AN_UTTERANCE, of_an_utterance=True)), min_size=1, max_size=3
)


@settings(max_examples=150, deadline=None)
@given(EVERY_KIND, talks(), st.data())
def test_however_it_is_rewritten_and_whichever_leg_comes_first_what_stands_is_what_the_finals_say(
    written: list[dict[str, Any]], talk: dict[Role, list[Utterance]], data: st.DataObject
) -> None:
    packs = in_force(*written)
    end = data.draw(st.sampled_from([END, 30 * EACH, 60 * EACH]))
    assert standing(judged(packs, data.draw(streams(talk)), end)) == standing(judged(packs, in_turn(talk), end))


@settings(max_examples=150, deadline=None)
@given(st.lists(rules(OF_PHRASES), min_size=1, max_size=3), talks(), st.data())
def test_however_it_is_split_what_stands_is_what_the_whole_says(
    written: list[dict[str, Any]], talk: dict[Role, list[Utterance]], data: st.DataObject
) -> None:
    packs = in_force(*({**rule, "even_negated": "true"} for rule in written))
    split, whole_ = (standing(judged(packs, stream)) for stream in (data.draw(streams(talk)), whole(talk)))
    assert [place[:3] for place in split] == [place[:3] for place in whole_]


REQUIREMENTS = st.builds(
    lambda after, required, within, says, by: {
        "says": says, "require": {"after": after, "within": within, "by": by} | required,
    },
    st.sampled_from([
        {"any": ["甲"]}, {"any": ["乙", "丙甲"], "says": "either"}, {"near": {"words": ["甲", "乙"], "within": "3s"}},
    ]),
    st.sampled_from([{"any": ["丁"]}, {"any": ["己丁", "丙"]}, {"sequence": {"words": ["丁", "己"], "within": "9"}}]),
    DURATION, st.sampled_from(["agent", "customer"]), st.sampled_from(["agent", "customer"]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(REQUIREMENTS, min_size=1, max_size=2), talks(), st.data())
def test_what_was_asked_for_is_said_or_missing_however_the_words_came(
    written: list[dict[str, Any]], talk: dict[Role, list[Utterance]], data: st.DataObject
) -> None:
    packs = in_force(*written)
    streamed, plain = (judged(packs, stream) for stream in (data.draw(streams(talk)), in_turn(talk)))
    assert checklist(streamed) == checklist(plain)
    assert {place[:2] for place in standing(streamed)} == {place[:2] for place in standing(plain)}


def checklist(facts: list[CallFact]) -> dict[tuple[str, int], Disclosure]:
    """How each disclosure stands in the end."""
    stands = {(fact.rule, fact.ordinal): fact.state for fact in facts if isinstance(fact, DisclosureChanged)}
    assert Disclosure.PENDING not in stands.values()
    return {key: state for key, state in stands.items() if state is not Disclosure.VOID}
