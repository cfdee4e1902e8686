"""The prompts that rules may ask for: whether the switch has each, can read it, and can be told its path."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from eslbot.doctor.findings import Finding, error, good, hint


@dataclass(frozen=True, slots=True)
class PromptSeen:
    """One prompt."""

    name: str
    path: str
    sayable: bool = True
    """Whether the path may stand in a command."""
    there: bool | None = None
    """Whether the switch, or this machine in its stead, has it; None: nobody could tell."""
    barred: str = ""
    """What keeps the switch's user from reading it."""


def judge(seen: Iterable[PromptSeen], switch: str, reader: str) -> Iterator[Finding]:
    """`reader`: the switch's user, where it is known."""
    prompts = sorted(seen, key=lambda one: one.name)
    gone = [one.path for one in prompts if one.sayable and one.there is False]
    if gone:
        yield error("switch.prompts", f"rules ask for prompts that are not there: {', '.join(gone)}",
                    "eslbot prompts copy DIR, or eslbot prompts render; [prompts] path = \"DIR\"", switch)
    for one in prompts:
        if not one.sayable:
            yield error("switch.prompts", f"{one.path}: signs, such as a space, that no command may hold",
                        "[prompts] path: a directory whose name has none; eslbot prompts copy DIR", switch)
    for by in sorted({one.barred for one in prompts if one.there and one.barred}):
        kept = ", ".join(one.name for one in prompts if one.there and one.barred == by)
        yield error("switch.prompts", f"{reader} is kept out by {by} and cannot play {kept}", f"chmod o+rX "
                    f"{by.partition(' (')[0]}, or [prompts] path = \"DIR\" with a directory that {reader} may read",
                    switch)
    if any(one.there is None and one.sayable for one in prompts):
        yield hint("switch.prompts", "whether the switch has the prompts could not be told",
                   "set the event socket's own password in an environment variable: --password-env NAME", switch)
    elif not any(not one.sayable or one.there is False or one.barred for one in prompts):
        yield good("switch.prompts", f"it can play the {len(prompts)} prompts that rules ask for", switch)
