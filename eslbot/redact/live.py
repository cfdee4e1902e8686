"""Words as they come, without the numbers that have to go, for whoever looks on. What may become one is hidden until it
is known not to: a row of four digits or more at the end of what was said so far. Pure; one for each call."""

from dataclasses import replace

from eslbot.model.call import Role
from eslbot.model.words import Hypothesis
from eslbot.redact.numbers import BEFORE, Secret, asks_for_code, digits, masked, secrets
from eslbot.redact.transcript import ANSWER, PAUSE

MAYBE = "[number]"
"""In the place of digits that may be the beginning of a number."""
_LEAST = 4
"""Digits: a code has no fewer."""


class LiveRedactor:
    """`shown` every hypothesis of a call in order."""

    def __init__(self, rate: int = 8000) -> None:
        self._rate = rate
        self._before: dict[Role, tuple[str, int]] = {}
        """Of each side the end of what it said last, and the sample after it."""
        self._asked: int | None = None
        """Sample after the last words that spoke of a code."""

    def shown(self, hypothesis: Hypothesis) -> Hypothesis:
        """What may be looked at; the same where nothing is hidden. Where something is, its words have no times."""
        text, role = hypothesis.text, hypothesis.role
        before, until = self._before.get(role, ("", 0))
        if hypothesis.start - until > PAUSE * self._rate:
            before = ""
        answers = self._asked is not None and hypothesis.start - self._asked <= ANSWER * self._rate
        whole = f"{before} {text}" if before else text
        offset = len(whole) - len(text)
        found = secrets(whole, answers)
        rows = digits(whole)
        if rows and len(rows[-1]) >= _LEAST and not whole[rows[-1][-1].end :].strip(" ，。,."):
            last = Secret(rows[-1][0].start, rows[-1][-1].end, MAYBE)
            covering = [one.mask for one in found if one.end == last.end]
            found = [one for one in found if one.end <= last.start]
            found.append(last._replace(mask=covering[0] if covering else MAYBE))
        hidden = [
            Secret(max(0, one.start - offset), one.end - offset, one.mask) for one in found if one.end > offset
        ]
        if asks_for_code(text):
            self._asked = max(self._asked or 0, hypothesis.decided)
        if hypothesis.final:
            keep = max(BEFORE, len(whole) - rows[-1][0].start + BEFORE) if rows else BEFORE
            self._before[role] = (whole[-keep:], hypothesis.decided)
        return replace(hypothesis, text=masked(text, hidden), words=()) if hidden else hypothesis
