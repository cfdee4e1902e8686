"""What a replay has found so far, counted by rule. Knows the answers of a worker; no process, no row, no page. Pure."""

from dataclasses import asdict, dataclass, field
from typing import Any

from eslbot.improve.labels import Score

FAILED_NAMED = 1000
"""Calls that could not be judged and are named; all are counted."""


@dataclass(slots=True)
class Tally:
    """What became of one rule."""

    gained: int = 0
    lost: int = 0
    kept: int = 0
    calls: int = 0
    """Calls with a gained or lost hit."""
    new: Score = field(default_factory=Score)
    old: Score = field(default_factory=Score)
    lines: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {"gained": [], "lost": []})


@dataclass(slots=True)
class Outcome:
    """What a replay found."""

    judged: int = 0
    seconds: float = 0.0
    """Of recordings that were judged."""
    unclosed: int = 0
    """Of the judged: never closed, so that their ends are missing."""
    going_on: int = 0
    """Left out: still being recorded."""
    destroyed: int = 0
    """Left out: their keys are destroyed."""
    failed: int = 0
    failures: list[dict[str, str]] = field(default_factory=list)
    """{call, kind, why}; the first so many."""
    unlabelled: int = 0
    """Labels of calls that were not judged."""
    rules: dict[str, Tally] = field(default_factory=dict)

    def add(self, answer: dict[str, Any], most: int) -> None:
        """What a worker says of one call."""
        if "failed" in answer:
            self.failed += 1
            if len(self.failures) < FAILED_NAMED:
                self.failures.append({"call": answer["call"], "kind": answer["kind"], "why": answer["failed"]})
            return
        self.judged += 1
        self.seconds += answer["seconds"]
        self.unclosed += not answer["whole"]
        for rule, count in answer["kept"].items():
            self._tally(rule).kept += count
        changed: set[str] = set()
        for change in ("gained", "lost"):
            for hit in answer[change]:
                tally = self._tally(hit["rule"])
                setattr(tally, change, getattr(tally, change) + 1)
                changed.add(hit["rule"])
                if len(tally.lines[change]) < most:
                    place = {"call": answer["call"], "started": answer["started"], "rate": answer["rate"]}
                    tally.lines[change].append(place | hit)
        for rule in changed:
            self._tally(rule).calls += 1
        for side, scores in (answer["scores"] or {}).items():
            for rule, score in scores.items():
                getattr(self._tally(rule), side).add(Score(**score))

    def _tally(self, rule: str) -> Tally:
        return self.rules.setdefault(rule, Tally())


def plain(outcome: Outcome) -> dict[str, Any]:
    """The outcome as JSON has it: counts, and each rule with its lines."""
    values = {name: getattr(outcome, name) for name in (
        "judged", "seconds", "unclosed", "going_on", "destroyed", "failed", "unlabelled")}  # fmt: skip
    return {
        "calls": values | {"seconds": round(outcome.seconds, 1)},
        "failures": outcome.failures,
        "rules": [_rule(name, tally) for name, tally in sorted(outcome.rules.items())],
    }


def _rule(name: str, tally: Tally) -> dict[str, Any]:
    return {
        "rule": name, "gained": tally.gained, "lost": tally.lost, "kept": tally.kept, "calls": tally.calls,
        "labels": {
            side: asdict(score) | {"precision": score.precision, "recall": score.recall}
            for side, score in (("new", tally.new), ("old", tally.old))
        },
        "lines": tally.lines,
    }  # fmt: skip
