"""Who opens what of a recording: its audio, its words, or both. Pure but for the keys it parses. Knows the text that a
recording's row keeps of it (`age1...`, or `age1... words` for who opens the words alone), not who made which choice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from eslbot.record.keys import HybridRecipient, KeyProblem, Recipient, parse_recipient

Kind = Literal["audio", "words"]
KINDS: tuple[Kind, ...] = ("audio", "words")
"""The two files of a recording; each has a header of its own."""
Access = Mapping[str, frozenset[Kind]]
"""What each recipient, as text, opens."""
ALL: frozenset[Kind] = frozenset(KINDS)


@dataclass(frozen=True, slots=True)
class Grant:
    """One recipient, and which files its key opens."""

    recipient: Recipient
    opens: frozenset[Kind] = ALL

    def __str__(self) -> str:
        return text_of(str(self.recipient), self.opens)


def text_of(recipient: str, opens: Iterable[Kind]) -> str:
    """As a row keeps it."""
    return " ".join([recipient, *(kind for kind in KINDS if kind in opens)] if set(opens) != ALL else [recipient])


def parse_grant(text: str, where: str = "recipient") -> Grant:
    """Parse `age1...`, `age1... audio` or `age1... words`. Raises KeyProblem that begins with `where`."""
    recipient, space, opens = text.partition(" ")
    if space and opens not in KINDS:
        raise KeyProblem(f"{where}: after the recipient may stand audio or words, for a key that opens only these")
    return Grant(parse_recipient(recipient, where), ALL if not space else frozenset({opens}))   # type: ignore[arg-type]


def parse_grants(texts: Sequence[str], where: str = "recipients") -> tuple[Grant, ...]:
    """All of them, or KeyProblem with one line for each that is wrong (`recipients[2]: ...`), also where nobody could
    open one of the files, or a hybrid recipient would protect nothing."""
    found: list[Grant] = []
    problems: list[str] = []
    for number, text in enumerate(texts):
        try:
            one = parse_grant(text, f"{where}[{number}]")
            if any(one.recipient == other.recipient for other in found):
                raise KeyProblem(f"{where}[{number}]: the same recipient twice")
            found.append(one)
        except KeyProblem as problem:
            problems.append(str(problem))
    if not problems:
        problems = [f"{where}: {what}" for what in faults(found)]
    if problems:
        raise KeyProblem("\n".join(problems))
    return tuple(found)


def faults(grants: Sequence[Grant]) -> list[str]:
    """What is wrong with them together."""
    if not grants:
        return ["at least one is needed, or nobody could ever open a recording"]
    found = []
    for kind in KINDS:
        quantum = {isinstance(one, HybridRecipient) for one in recipients_of(grants, kind)}
        if not quantum:
            found.append(f"nobody could ever open the {kind} of a recording")
        elif len(quantum) == 2:
            found.append(f"hybrid (age1pq1...) and X25519 ones (age1...) both open the {kind}: whoever breaks X25519 "
                         "opens them all the same, so use hybrid ones alone, or none")
    return found


def recipients_of(grants: Iterable[Grant], kind: Kind) -> list[Recipient]:
    """Those who open that file."""
    return [one.recipient for one in grants if kind in one.opens]


def access(texts: Iterable[str]) -> dict[str, frozenset[Kind]]:
    """What a row's texts say, without a look at the keys."""
    found: dict[str, frozenset[Kind]] = {}
    for text in texts:
        recipient, _, opens = text.partition(" ")
        found[recipient] = found.get(recipient, frozenset()) | frozenset(k for k in KINDS if opens in ("", k))
    return found


def texts_of(held: Access) -> tuple[str, ...]:
    """The texts again; who opens nothing is left out."""
    return tuple(text_of(recipient, opens) for recipient, opens in held.items() if opens)
