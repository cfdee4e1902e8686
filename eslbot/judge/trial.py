"""Tries packs on lines of text, as `eslbot rules try` does: which rules find their words in each.
Knows no call and no leg's history. Pure."""

from collections.abc import Iterable
from typing import TypedDict

from eslbot.judge.inforce import Packs
from eslbot.model.call import Role


class Tried(TypedDict):
    """One line and what it hits."""

    text: str
    hits: list[str]
    """Rule ids, each once, in the order in which their words are complete. A disclosure's rule is among them where its
    required words are said: its words were found, which here is good news."""


def try_texts(packs: Packs, role: Role, texts: Iterable[str]) -> list[Tried]:
    """Each text taken for a whole utterance of the agent's or the customer's, one independent of the other."""
    return [{"text": text, "hits": _hits(packs, role, text)} for text in texts]


def _hits(packs: Packs, role: Role, text: str) -> list[str]:
    found = []
    for compiled in packs.compiled:
        program = compiled.program
        wanted = [index for index, each in enumerate(program.sought) if each.says.covers(role, roles_known=True)]
        matched = program.find(program.folder.fold(text), wanted=wanted)
        found += [
            (match.spans[0].end, match.spans[0].start, compiled.uses[index].rule.id)
            for index, match in matched.items()
            if match.spans
        ]
    return [rule for _, _, rule in sorted(found)]
