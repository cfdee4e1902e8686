"""Rule packs of somebody's making: PackErrors, whose every problem can be printed, or rules that judge a call. An input
that begins with BUILT is no text but choices, of which a pack and a call are made (built.py): so that a fuzzer, to whom
a text is bytes, gets past the loader and into the rules."""

import json
import re
from pathlib import Path

from eslbot.judge import CallJudge, PackErrors, Packs, describe, load
from eslbot.model.audio import Gap
from eslbot.model.call import CallId, Role
from eslbot.model.facts import CallFact, Retracted, Violated
from eslbot.model.words import Hypothesis, Word
from tests.fuzz.built import Builder, Said
from tests.fuzz.tools import Choices, scratch

SHIPPED = Path(__file__).parents[3] / "eslbot" / "judge" / "packs"
CALL = CallId("6f9619ff-8b86-d011-b42d-00cf4fc964ff")
BUILT = b"\0"
"""Stands in no YAML."""
SAID = "您好 本 产品 保 本 稳赚 不赔 guaranteed return no risk at all"


def seeds() -> list[bytes]:
    small = (
        b"pack: small\nversion: '1'\nlanguage: zh\nrules:\n"
        b"  - {id: a, says: agent, any: [\xe4\xbf\x9d\xe6\x9c\xac], severity: severe, actions: [alert, {mute: 3s}]}\n"
        b"  - {id: b, says: either, near: {words: [x, [y, z]], within: 5}, severity: notice, confirm: agreed}\n"
        b"  - {id: c, says: customer, all: [x, [y, z]], severity: warning, law: {source: s, sure: P}}\n"
        b"  - {id: d, says: agent, require: {any: [q], within: 3s}, severity: warning,\n"
        b"     actions: [{remind: r}, {announce: n}, hang_up]}\n"
    )
    built = [BUILT + bytes((n * step + n * n) % 256 for n in range(400)) for step in range(1, 60, 3)]
    return [small, *built, *(piece for file in sorted(SHIPPED.glob("*.yaml")) for piece in _pieces(file.read_text()))]


def _pieces(text: str) -> list[bytes]:
    """A pack's head with some of its rules, again and again, so that every kind of rule stands in a short input."""
    head, *rules = re.split(r"(?m)^(?=  - )", text)
    return [(head + "".join(rules[at : at + 4])).encode() for at in range(0, len(rules), 4)]


def one(data: bytes) -> None:
    talk: list[Said] = []
    if data.startswith(BUILT):
        builder = Builder(Choices(data[1:]))
        data = json.dumps(builder.pack(), ensure_ascii=False).encode()
        talk = builder.talk()
    file = scratch() / "pack.yaml"
    file.write_bytes(data)
    try:
        packs = load([file])
    except PackErrors as errors:
        problems = errors.problems
    else:
        _judges(packs)
        _hears(packs, talk)
        return
    assert problems
    assert all(str(problem) and problem.line >= 0 for problem in problems)


def _judges(packs: Packs) -> None:
    assert len(describe(packs)) == len(packs.rules)
    judge = CallJudge(packs, CALL, 8000, True)
    for decoded in (800, 4000):
        judge.hear(Hypothesis(CALL, Role.AGENT, 0, SAID, decoded > 800, 0, decoded, decoded), 1.0)
    judge.heard(Role.AGENT, 80_000, 2.0)
    judge.lost(Gap(CALL, 80_000, 88_000, "source"), 2.5)
    judge.end(90_000, 3.0)


def _hears(packs: Packs, talk: list[Said]) -> None:
    """What stands at the end of a call is what its finals alone would have brought: a replay says the same."""
    live, replayed = (CallJudge(packs, CALL, 8000, True) for _ in range(2))
    standing: list[set[str]] = [set(), set()]
    for said in talk:
        words = tuple(
            Word(text, said.start + 400 * n, said.start + 400 * (n + 1)) for n, text in enumerate(said.text.split())
        ) if said.final else ()
        heard = Hypothesis(
            CALL, Role(said.role), said.utterance, said.text, said.final, said.start, said.decoded, said.decoded, words)
        for judge, keys in zip((live, replayed), standing, strict=True):
            if judge is live or said.final:
                _follow(judge.hear(heard, 1.0), keys)
    for judge, keys in zip((live, replayed), standing, strict=True):
        _follow(judge.end(10_000_000, 9.0), keys)
    assert standing[0] == standing[1]


def _follow(told: list[CallFact], keys: set[str]) -> None:
    for fact in told:
        if isinstance(fact, Violated):
            keys.add(fact.hit.key)
        elif isinstance(fact, Retracted):
            keys.discard(fact.hit.key)
