"""How well packs judge labelled lines: for each rule what it should have hit and did, and the lines it got wrong.

A line is judged whole, as `eslbot rules try` does, by the pack that it is labelled for and by no other. Knows nothing
of files. Pure.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eslbot.judge.inforce import Packs
from eslbot.judge.lines import Line
from eslbot.judge.located import PackErrors, Problem
from eslbot.judge.trial import try_texts
from eslbot.judge.values import suggestion


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of lines, and what follows from them. Ratios are None where there is nothing to divide by."""

    right: int
    """Should hit, and does."""
    false: int
    """Should not hit, and does."""
    missed: int
    """Should hit, and does not."""

    @property
    def precision(self) -> float | None:
        """Of the hits, how many are right."""
        return _ratio(self.right, self.right + self.false)

    @property
    def recall(self) -> float | None:
        """Of the lines that should hit, how many do."""
        return _ratio(self.right, self.right + self.missed)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of the two; None where no line should hit and none does."""
        return _ratio(2 * self.right, 2 * self.right + self.false + self.missed)

    def plain(self) -> dict[str, Any]:
        return {
            "hits": self.right + self.false,
            "tp": self.right,
            "fp": self.false,
            "fn": self.missed,
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
        }


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that was judged otherwise than it is labelled."""

    line: Line
    false: tuple[str, ...]
    """Rules that hit it and should not."""
    missed: tuple[str, ...]
    """Rules that should hit it and do not."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What packs are worth on some lines."""

    lines: int
    scores: Mapping[tuple[str, str], Score]
    """(pack, rule id) -> counts, of the rules that at least one line of their pack is labelled with."""
    unlabelled: Mapping[tuple[str, str], int]
    """(pack, rule id) -> hits, of the others: nobody said what they should hit, so they are not judged."""
    kinds: Mapping[str, tuple[int, int]]
    """Kind of line -> (lines judged as labelled, lines)."""
    wrong: Sequence[Wrong]

    @property
    def micro(self) -> Score:
        """All rules' counts together."""
        each = self.scores.values()
        return Score(sum(s.right for s in each), sum(s.false for s in each), sum(s.missed for s in each))

    @property
    def macro_f1(self) -> float | None:
        """The mean of the rules' F1, over those that have one."""
        known = [score.f1 for score in self.scores.values() if score.f1 is not None]
        return sum(known) / len(known) if known else None

    def plain(self) -> dict[str, Any]:
        """All of it as plain values, for scripts."""
        return {
            "lines": self.lines,
            "rules": [{"pack": pack, "rule": rule, **score.plain()} for (pack, rule), score in self.scores.items()],
            "unlabelled": [
                {"pack": pack, "rule": rule, "hits": hits} for (pack, rule), hits in self.unlabelled.items()
            ],
            "micro": self.micro.plain(),
            "macro_f1": self.macro_f1,
            "kinds": [{"kind": kind, "right": right, "lines": all_} for kind, (right, all_) in self.kinds.items()],
            "wrong": [
                {
                    "file": wrong.line.file,
                    "line": wrong.line.number,
                    "pack": wrong.line.pack,
                    "role": wrong.line.role.value,
                    "kind": wrong.line.kind,
                    "text": wrong.line.text,
                    "false": list(wrong.false),
                    "missed": list(wrong.missed),
                }
                for wrong in self.wrong
            ],
        }


def measure(packs: Mapping[str, Packs], lines: Iterable[Line]) -> Measured:
    """Judges each line by the pack it is labelled for; lines for packs not among `packs` (by name) are left out.

    Raises PackErrors where a line names a rule that its pack does not have: a slip of the label, or of the pack.
    """
    mine = [line for line in lines if line.pack in packs]
    unknown = [
        Problem(line.file, line.number, "", f"the pack {line.pack} has no rule {rule!r}{suggestion(rule, known)}")
        for line in mine
        for known in (packs[line.pack].verdicts,)
        for rule in sorted(line.rules)
        if rule not in known
    ]
    if unknown:
        raise PackErrors(unknown)
    labelled = {(line.pack, rule) for line in mine for rule in line.rules}
    unlabelled = {(name, rule.id): 0 for name, loaded in packs.items() for rule in loaded.rules}
    for pair in labelled:
        del unlabelled[pair]
    right: Counter[tuple[str, str]] = Counter()
    false: Counter[tuple[str, str]] = Counter()
    missed: Counter[tuple[str, str]] = Counter()
    kinds: dict[str, tuple[int, int]] = {}
    wrong: list[Wrong] = []
    for line in mine:
        (tried,) = try_texts(packs[line.pack], line.role, [line.text])
        hits = set()
        for rule in tried["hits"]:
            if (line.pack, rule) in labelled:
                hits.add(rule)
            else:
                unlabelled[line.pack, rule] += 1
        right.update((line.pack, rule) for rule in hits & line.rules)
        false.update((line.pack, rule) for rule in hits - line.rules)
        missed.update((line.pack, rule) for rule in line.rules - hits)
        good, seen = kinds.get(line.kind, (0, 0))
        kinds[line.kind] = (good + (hits == line.rules), seen + 1)
        if hits != line.rules:
            wrong.append(Wrong(line, tuple(sorted(hits - line.rules)), tuple(sorted(line.rules - hits))))
    scores = {
        (name, rule.id): Score(right[name, rule.id], false[name, rule.id], missed[name, rule.id])
        for name, loaded in packs.items()
        for rule in loaded.rules
        if (name, rule.id) in labelled
    }
    return Measured(len(mine), scores, unlabelled, dict(sorted(kinds.items())), wrong)


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
