"""A rule pack made of choices, and what is said in a call under it: most inputs get past the loader, what is said is
mostly what the rules look for, and now and then a value is one that does not belong there. Knows the pack's format and
nothing of what becomes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fuzz.tools import Choices

WORDS = {
    "zh": ("保本", "稳赚", "不赔", "不", "没有", "绝不", "可以", "投诉", "一百二十", "你", "说的", "收益", "吗"),
    "en": ("guaranteed", "return", "no", "risk", "never", "don't", "one hundred", "you", "said", "at all"),
}
PATTERNS = ("保.{0,3}本", "[不没]赔", "gu?arant\\w+", "(no|never) risk", "\\d+", "保|赚", "收益(率)?")
ODD: tuple[Any, ...] = (None, "", -1, 0, 10**9, [], {}, "x" * 500, "3s", "-1s", True, 0.5, ["x", []], {"any": ["x"]})
ACTIONS: tuple[Any, ...] = ("alert", "remind", {"mute": "3s"}, {"announce": "n"}, "hang_up", "supervisor")
SECONDS = ("0.2s", "1s", "3s", "10s", "1m")


@dataclass(frozen=True, slots=True)
class Said:
    """One hypothesis."""

    role: str
    utterance: int
    text: str
    final: bool
    start: int
    """In samples."""
    decoded: int


class Builder:
    """Makes one pack of the choices it is given."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self.language = self._pick("zh", "en")

    def _pick(self, *of: Any) -> Any:
        return of[self._choices.byte() % len(of)]

    def _maybe(self, make: Callable[[], Any], one_in: int = 3) -> Any:
        """Mostly None: the key is left out."""
        return make() if self._choices.byte() % one_in == 1 else None

    def _some(self, make: Callable[[], Any], least: int, most: int) -> list[Any]:
        return [make() for _ in range(least + self._choices.byte() % (most - least + 1))]

    def _mapping(self, **values: Any) -> dict[str, Any]:
        """Those that are there; one in 128 of them odd."""
        there = {name.rstrip("_"): value for name, value in values.items() if value is not None}
        return {name: self._pick(*ODD) if self._choices.byte() % 128 == 127 else value for name, value in there.items()}

    def phrase(self) -> str:
        glue = "" if self.language == "zh" else " "
        return glue.join(self._some(lambda: self._pick(*WORDS[self.language]), 1, 3))

    def _phrases(self) -> list[str]:
        return list(dict.fromkeys(self._some(self.phrase, 1, 3)))

    def _seconds(self) -> str:
        return str(self._pick(*SECONDS))

    def _near(self, inside: bool) -> dict[str, Any]:
        """`inside` an `either` a width in seconds means nothing."""
        within = self._pick(self._choices.byte() % 50 + 50, 60, 60 if inside else self._seconds())
        return self._mapping(words=self._some(self._phrases, 2, 4), within=within)

    def _single(self, inside: bool = False) -> dict[str, Any]:
        kind = self._pick("any", "all", "some", "near", "sequence", "regex")
        made: dict[str, Callable[[], Any]] = {
            "any": self._phrases,
            "all": lambda: self._some(self._phrases, 2, 3),
            "some": lambda: self._mapping(words=self._some(self._phrases, 2, 4), at_least=self._pick(1, 2)),
            "near": lambda: self._near(inside), "sequence": lambda: self._near(inside),
            "regex": lambda: self._mapping(
                pattern=self._pick(*PATTERNS), not_=self._maybe(lambda: self._pick(*PATTERNS))),
        }  # fmt: skip
        return {kind: made[kind]()}

    def words(self) -> dict[str, Any]:
        either = self._choices.byte() % 3 == 2
        return {"either": self._some(lambda: self._single(inside=True), 2, 4)} if either else self._single()

    def _acoustic(self) -> dict[str, Any]:
        rate = self._mapping(above=self._choices.byte() + 1, over=self._seconds())
        return dict([self._pick(("silence", self._seconds()), ("talk_over", self._seconds()), ("rate", rate))])

    def _side(self) -> str:
        return str(self._pick("agent", "customer", "either"))

    def _kind(self) -> dict[str, Any]:
        """What a rule is about."""
        what = self._choices.byte() % 8
        if what == 6:
            after = self._maybe(lambda: self._mapping(**self.words(), says=self._maybe(self._side)), 2)
            by = self._maybe(lambda: self._pick("agent", "customer")) if after else None
            return {"require": self._mapping(**self.words(), within=self._seconds(), after=after, by=by)}
        return {"acoustic": self._acoustic()} if what == 7 else self.words()

    def _rule(self, number: int) -> dict[str, Any]:
        kind = self._kind()
        plain = not {"require", "acoustic"} & set(kind)
        return self._mapping(
            id=f"r{number}", says=self._side(), severity=self._pick("notice", "warning", "severe"), **kind,
            none=self._maybe(self._phrases) if plain else None,
            unless=self._maybe(lambda: self._mapping(
                **self.words(), within=self._maybe(self._seconds), says=self._maybe(self._side))) if plain else None,
            during=self._maybe(lambda: dict([self._pick(("first", self._seconds()), ("last", self._seconds()))]))
            if plain else None,
            repeated=self._maybe(lambda: self._mapping(times=self._pick(2, 3), within=self._seconds()))
            if plain else None,
            cooldown=self._maybe(self._seconds) if plain else None, once=self._maybe(lambda: True) if plain else None,
            priority=self._maybe(lambda: self._choices.byte() - 128),
            even_negated=self._maybe(lambda: True) if plain else None,
            homophones=self._maybe(lambda: True) if plain and self.language == "zh" else None,
            confirm=self._maybe(lambda: self._pick("partial", "agreed", "final")) if plain else None,
            actions=self._maybe(lambda: self._some(lambda: self._pick(*ACTIONS), 1, 3)),
        )  # fmt: skip

    def pack(self) -> dict[str, Any]:
        """As the YAML of one would be read."""
        rules = [self._rule(number) for number in range(1 + self._choices.byte() % 4)]
        return {"pack": "built", "version": "1", "language": self.language, "rules": rules}

    def talk(self) -> list[Said]:
        """Utterances that grow word by word, are taken back in part, and end."""
        told: list[Said] = []
        at = {"agent": 0, "customer": 0}
        number = dict.fromkeys(at, 0)
        for _ in range(2 + self._choices.byte() % 5):
            role = str(self._pick(*at))
            start, text = at[role] + 800 * self._choices.byte(), ""
            for step in range(1 + self._choices.byte() % 3):
                text = self.phrase() if self._choices.byte() % 8 == 7 else f"{text} {self.phrase()}".strip()
                told.append(Said(role, number[role], text, False, start, start + 800 * (step + 1)))
            final = "" if self._choices.byte() % 8 == 7 else text
            at[role] = start + 4000
            told.append(Said(role, number[role], final, True, start, at[role]))
            number[role] += 1
        return told
