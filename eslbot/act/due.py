"""Which of a violation's actions are due now. An act comes at the later of what its rule asks and the act's own floor:
partial words may remind; agreed words may alert, mute, announce; only final words may hang up. Knows nothing of how an
act is done."""

from dataclasses import dataclass

from eslbot.model.call import Role
from eslbot.model.facts import Violated
from eslbot.model.judgement import FLOOR, Action

SAME_WORDS_SECONDS = 0.3
"""After a restart the last seconds are heard twice; a hit of the same rule on the same leg whose words lie within this
much of an earlier one's is the earlier one."""


@dataclass(frozen=True, slots=True)
class Done:
    """An action that was taken up (or withheld) once and never will be again."""

    hit: str
    """Hit.key."""
    index: int
    """Place among the verdict's actions."""
    rule: str
    role: Role
    start: int
    end: int
    """Samples of the words, so that the same words heard again under another utterance are known."""
    generation: int
    """Which life of the service took it up."""


def due(violated: Violated, done: tuple[Done, ...], generation: int, rate: int) -> list[tuple[Done, Action]]:
    """The actions to take up now, in the rule's order, each with the mark that remembers it.

    `generation`: the life of the service we are in (0 at first); `rate`: samples a second of the call.
    """
    verdict, hit = violated.verdict, violated.hit
    found = []
    for index, action in enumerate(verdict.actions):
        if violated.confirm < max(verdict.confirm, FLOOR[action.act]):
            continue
        mark = Done(hit.key, index, hit.rule, hit.role, violated.start, violated.end, generation)
        if not any(_same(mark, earlier, rate) for earlier in done):
            found.append((mark, action))
    return found


def _same(mark: Done, earlier: Done, rate: int) -> bool:
    if mark.index != earlier.index or mark.rule != earlier.rule:
        return False
    if mark.hit == earlier.hit:
        return True
    slack = int(SAME_WORDS_SECONDS * rate)
    return (
        mark.generation != earlier.generation
        and mark.role is earlier.role
        and mark.start < earlier.end + slack
        and earlier.start < mark.end + slack
    )
