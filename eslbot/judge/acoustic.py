"""What is heard beside words: silence, talking over each other, and talking too fast.

One `Acoustics` a call. Knows when each leg's voice was heard, how far that is known, and how many characters or words
were said when; no rule's words. Time is samples. What was not heard is unknown and no silence: it ends the
stretch it lies in, and takes back a silence that was told before the loss was known. Pure.

Silence is of the whole line (nobody speaks), talk-over of both sides; the rule's `says` only tells whom it is held
against. Speech rate is of the side the rule names, or of each.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from eslbot.judge.rules import Acoustic, Rule
from eslbot.judge.text import Language, folder, units
from eslbot.model.audio import Gap
from eslbot.model.call import Role
from eslbot.model.words import Word

PAUSE_SECONDS = 3.0
"""A longer one between two words is no part of how fast they were said."""
_LEGS = (Role.AGENT, Role.CUSTOMER)
_WORDS_ONLY = frozenset({"recogniser", "shed", "audio-late"})
"""Reasons of gaps that cost words and no audio: whose voice was heard is known all the same."""
_SPANS = 64
"""Of one leg that are remembered: a span of the other leg is not compared with older ones."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A rule is met, on these samples."""

    rule: str
    role: Role
    """Whose rate it was; of silence and talk-over whom the rule holds it against."""
    start: int
    """First sample of it; with the rule and the role it tells hits apart."""
    end: int
    """The sample at which it was long enough."""


@dataclass(frozen=True, slots=True)
class Unheard:
    """What was told is not known after all: audio was lost in it."""

    was: Heard


Change = Heard | Unheard


@dataclass(slots=True)
class _Rate:
    """Words of one leg, as far back as a window reaches."""

    words: deque[tuple[int, int, int]] = field(default_factory=deque)
    """(first sample, sample after the last, units)."""
    units: int = 0
    told_until: int = -1


def of_rules(rules: Iterable[Rule], rate: int, roles_known: bool) -> "Acoustics | None":
    """Those of the rules that are acoustic and bind somebody; None: there is none."""
    found: dict[str, tuple[Acoustic, tuple[Role, ...]]] = {}
    languages: dict[str, Language] = {}
    for rule in rules:
        roles = tuple(role for role in _LEGS if rule.says.covers(role, roles_known))
        if rule.acoustic is not None and roles:
            found[rule.id], languages[rule.id] = (rule.acoustic, roles), rule.language
    return Acoustics(found, rate, languages) if found else None


class Acoustics:
    """The acoustic rules of one call."""

    def __init__(
        self, rules: Mapping[str, tuple[Acoustic, tuple[Role, ...]]], rate: int, languages: Mapping[str, Language]
    ) -> None:
        """`rules`: rule id -> (what is heard, whom it is held against: for a rate each side that is measured, else the
        first); `rate`: samples a second; `languages`: of each rule, to count what is said."""
        self._rules, self._rate = dict(rules), rate
        self._folders = {name: folder(language) for name, language in languages.items()}
        self._known = dict.fromkeys(_LEGS, 0)
        self._spans: dict[Role, deque[tuple[int, int]]] = {role: deque(maxlen=_SPANS) for role in _LEGS}
        """(start, end) of each leg's voice, oldest first; the last may still grow."""
        self._quiet = 0
        """Nobody has been heard since this sample, as far as both legs are known."""
        self._noted: list[tuple[int, int]] = []
        """Voices and losses that the quiet has not been measured against yet."""
        self._told: dict[tuple[str, int], Heard] = {}
        """(rule, start) -> silences and talk-overs that were told."""
        self._rates = {(name, role): _Rate() for name, (what, roles) in self._rules.items()
                       if what.rate_above is not None for role in roles}  # fmt: skip

    # --- what comes in -----------------------------------------------------------------------------------------------
    def voice(self, role: Role, start: int, end: int) -> list[Change]:
        """The leg's voice was heard on [start, end); told again with the same start as it goes on."""
        spans = self._spans[role]
        if spans and spans[-1][0] == start:
            spans[-1] = (start, max(end, spans[-1][1]))
        else:
            spans.append((start, end))
        self._noted.append((start, end))
        return self._over(role)

    def known(self, role: Role, samples: int) -> list[Change]:
        """Whether the leg's voice was heard is known before this sample."""
        self._known[role] = max(self._known[role], samples)
        return self._silence()

    def lost(self, gap: Gap) -> list[Change]:
        """A leg was not heard there, or nobody is there to be heard."""
        if gap.first >= gap.end:
            return []
        for (_, role), rate in self._rates.items():
            if gap.role in (None, role):
                rate.words.clear()
                rate.units = 0
        if gap.reason in _WORDS_ONLY:
            return []
        if not any(self._known.values()):  # we came late to the call, or again: nothing was heard before either
            self._quiet, self._known = gap.end, dict.fromkeys(_LEGS, gap.end)
            return []
        self._noted.append((gap.first, gap.end))
        taken = [
            key for key, told in self._told.items()
            if self._rules[told.rule][0].silence is not None and gap.first < told.end and told.start < gap.end
        ]  # fmt: skip
        return [Unheard(self._told.pop(key)) for key in taken]

    def said(self, role: Role, words: Sequence[Word]) -> list[Change]:
        """Words of a final, in order, with their times."""
        found: list[Change] = []
        for (name, whose), rate in self._rates.items():
            if whose is role:
                fold = self._folders[name].fold
                for word in words:
                    found += self._measured(name, role, rate, (word.start, word.end, units(fold(word.text))))
        return found

    # --- what comes of it --------------------------------------------------------------------------------------------
    def _silence(self) -> list[Change]:
        known = min(self._known.values())
        found: list[Change] = []
        late: list[tuple[int, int]] = []
        for start, end in sorted(self._noted):
            if start >= known:
                late.append((start, end))
                continue
            found += self._silent(start)
            self._quiet = max(self._quiet, end)
        self._noted = late
        return found + self._silent(known)

    def _silent(self, until: int) -> list[Change]:
        """Nobody was heard from `_quiet` to here."""
        found: list[Change] = []
        for name, (what, roles) in self._rules.items():
            if what.silence is None or (name, self._quiet) in self._told:
                continue
            enough = self._quiet + round(what.silence * self._rate)
            if until >= enough:
                found.append(self._tell(name, roles[0], self._quiet, enough))
        return found

    def _over(self, role: Role) -> list[Change]:
        start, end = self._spans[role][-1]
        other = _LEGS[role is Role.AGENT]
        found: list[Change] = []
        for name, (what, roles) in self._rules.items():
            if what.talk_over is None:
                continue
            least = round(what.talk_over * self._rate)
            for other_start, other_end in self._spans[other]:
                first, last = max(start, other_start), min(end, other_end)
                if last - first >= least and (name, first) not in self._told:
                    found.append(self._tell(name, roles[0], first, first + least))
        return found

    def _tell(self, name: str, role: Role, start: int, end: int) -> Heard:
        told = self._told[name, start] = Heard(name, role, start, end)
        return told

    def _measured(self, name: str, role: Role, rate: _Rate, word: tuple[int, int, int]) -> list[Change]:
        """Over the shortest run of words up to this one that is long enough."""
        what = self._rules[name][0]
        assert what.rate_above is not None
        assert what.rate_over is not None
        words, over = rate.words, what.rate_over * self._rate
        if words and word[0] - words[-1][1] > PAUSE_SECONDS * self._rate:
            words.clear()
            rate.units = 0
        words.append(word)
        rate.units += word[2]
        while len(words) > 1 and word[1] - words[1][0] >= over:
            rate.units -= words.popleft()[2]
        first, length = words[0][0], word[1] - words[0][0]
        if length < over or rate.units * self._rate * 60 <= what.rate_above * length or first < rate.told_until:
            return []
        rate.told_until = word[1]
        return [Heard(name, role, first, word[1])]
