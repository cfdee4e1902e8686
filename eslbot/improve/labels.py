"""What people said of hits: a file of labels, and how a set of packs does by them. Knows no transcript.

A label says of one rule at one place of a call whether a hit there is right; `right: true` where nothing hit is a miss.
A file of labels is YAML or JSON: a list of `{call, rule, right}` with `second` or `sample` (from the call's beginning;
neither: anywhere in the call, as for a missed disclosure) and, if wanted, `role`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from eslbot.improve.rejudge import Found
from eslbot.model.judgement import MISSED

NEAR = 2.0
"""Seconds by which a label may miss the words it is about: people point at a sentence, not at a sample."""


class BadLabels(ValueError):
    """A file of labels that cannot be used; one line for each thing that is wrong, with the file and the label."""


class Label(BaseModel):
    """One judgement of a person."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    call: Annotated[str, Field(min_length=1)]
    rule: Annotated[str, Field(min_length=1)]
    right: bool
    """A hit of the rule belongs here."""
    second: Annotated[float | None, Field(ge=0)] = None
    sample: Annotated[int | None, Field(ge=0)] = None
    role: Literal["agent", "customer"] | None = None

    @model_validator(mode="after")
    def _one_place(self) -> "Label":
        if self.second is not None and self.sample is not None:
            raise ValueError("give second or sample, not both")
        return self

    def meets(self, one: Found, rate: int) -> bool:
        """Whether it is about this hit of its call."""
        if one.rule != self.rule or self.role not in (None, one.role):
            return False
        at = self.sample if self.sample is not None else None if self.second is None else self.second * rate
        if at is None:
            return True
        return one.utterance != MISSED and one.start - NEAR * rate <= at <= one.end + NEAR * rate


@dataclass(slots=True)
class Score:
    """How the labels of one rule came out."""

    right_hits: int = 0
    """Hits that people call right."""
    wrong_hits: int = 0
    missed: int = 0
    """Right places without a hit."""
    spared: int = 0
    """Wrong places without a hit."""

    @property
    def precision(self) -> float | None:
        """Of the hits that people looked at, the share that is right; None where there was none."""
        return _share(self.right_hits, self.wrong_hits)

    @property
    def recall(self) -> float | None:
        """Of the places that people call right, the share that hits; None where there was none."""
        return _share(self.right_hits, self.missed)

    def add(self, other: "Score") -> None:
        self.right_hits += other.right_hits
        self.wrong_hits += other.wrong_hits
        self.missed += other.missed
        self.spared += other.spared


def _share(yes: int, no: int) -> float | None:
    return yes / (yes + no) if yes + no else None


def score(labels: Iterable[Label], found: Sequence[Found], rate: int) -> dict[str, Score]:
    """By rule, of one call: `labels` are that call's, `rate` its samples a second. A hit answers one label of each
    kind at most, the nearest first come."""
    scores: dict[str, Score] = {}
    taken: set[tuple[int, bool]] = set()
    for label in labels:
        one = scores.setdefault(label.rule, Score())
        place = next(
            (n for n, hit in enumerate(found) if (n, label.right) not in taken and label.meets(hit, rate)), None
        )
        if place is None:
            one.missed += label.right
            one.spared += not label.right
            continue
        taken.add((place, label.right))
        one.right_hits += label.right
        one.wrong_hits += not label.right
    return scores


_LABELS = TypeAdapter(list[Label])


def read_labels(path: Path) -> dict[str, list[Label]]:
    """Call -> its labels. Raises BadLabels."""
    try:
        plain = YAML(typ="safe", pure=True).load(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadLabels(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    except YAMLError as error:
        raise BadLabels(f"{path}: neither YAML nor JSON: {' '.join(str(error).split())}") from error
    try:
        labels = _LABELS.validate_python(plain)
    except ValidationError as error:
        lines = []
        for detail in error.errors(include_url=False):
            where = detail["loc"]
            place = f"label {int(where[0]) + 1}" if where else "the file"
            field = f" {where[1]}:" if len(where) > 1 else ""
            lines.append(f"{path}: {place}:{field} {detail['msg']}")
        raise BadLabels("\n".join(lines)) from error
    by_call: dict[str, list[Label]] = {}
    for label in labels:
        by_call.setdefault(label.call.lower(), []).append(label)
    return by_call
