"""Appeals: who may contest a violation and until when, who may decide, and what a decision teaches. Pure: the rows and
the time are given. Knows neither the store nor who asks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from eslbot.model.judgement import was_missed
from eslbot.store.appeal_rows import OPEN, REJECTED, UPHELD, WITHDRAWN, AppealRow
from eslbot.store.rows import ViolationRow


class Step(StrEnum):
    """What can be done about a violation."""

    FILE = "file"
    WITHDRAW = "withdraw"
    UPHOLD = "uphold"
    """The agent is right: the violation does not count."""
    REJECT = "reject"


AFTER: Mapping[tuple[str, Step], str] = {
    ("", Step.FILE): OPEN, (OPEN, Step.WITHDRAW): WITHDRAWN, (OPEN, Step.UPHOLD): UPHELD, (OPEN, Step.REJECT): REJECTED,
}
"""(state, step) -> state; "": nobody has contested it. What is not here cannot be done: no decision is taken back, and
nothing is contested twice."""
DECISIONS: Mapping[str, Step] = {UPHELD: Step.UPHOLD, REJECTED: Step.REJECT}
TOUCHING = frozenset({
    "mute", "unmute", "hang-up", "hang_up", "mask", "unmask", "listen", "whisper", "barge", "takeover", "leave",
    "correct", "announce", "supervise", "acknowledge",
})
"""Deeds in a call (kinds of the audit and of acts) after which somebody is no judge of it. To play its recording is
none of them: whoever decides has to."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Why something cannot be done."""

    code: str
    """again, closed, late, up, retracted, erased, own or acted."""
    text: str
    """For who asked."""


def state_of(row: AppealRow | None) -> str:
    return "" if row is None else row.state


def until(violation: ViolationRow, within: float) -> float:
    """Until when it may be contested, seconds since the epoch. `within`: the period, from when it was found."""
    return violation.at + within


def bar_filing(
    violation: ViolationRow, row: AppealRow | None, now: float, within: float, up: bool = False, gone: bool = False,
) -> Bar | None:
    """Why its agent may not contest it; None: they may. `up`: the call goes on; `gone`: its recording was erased, or
    there never was one."""
    if row is not None:
        return Bar("again", f"this violation was appealed on {when(row.at)} already, and that is possible once")
    if violation.retracted is not None:
        return Bar("retracted", "this violation was taken back: it does not count")
    if now > until(violation, within):
        return Bar("late", f"this violation could be appealed until {when(until(violation, within))}")
    if up:
        return Bar("up", "the call is still going on: it can be appealed when it has ended")
    if gone:
        return Bar("erased", "there is no recording of the call that an appeal could be sealed and judged with")
    return None


def bar_withdrawing(row: AppealRow) -> Bar | None:
    return _closed(row, Step.WITHDRAW)


def bar_deciding(row: AppealRow, account: str, deeds: Iterable[str]) -> Bar | None:
    """Why somebody may not decide it; None: they may. `account`: their account's name, empty for who has none;
    `deeds`: what they did in the call."""
    closed = _closed(row, Step.REJECT)
    if closed is not None:
        return closed
    if account and account == row.agent:
        return Bar("own", "nobody decides their own appeal")
    done = sorted(TOUCHING.intersection(deeds))
    if done:
        return Bar("acted", f"you acted in this call ({', '.join(done)}): somebody else has to decide")
    return None


def _closed(row: AppealRow, step: Step) -> Bar | None:
    if (row.state, step) in AFTER:
        return None
    return Bar("closed", f"this appeal is {row.state} since {when(row.closed or row.at)}, and that is final")


def overdue(due: Iterable[float], now: float) -> int:
    """How many of the open ones should have been answered by now."""
    return sum(one < now for one in due)


def label(row: AppealRow, violation: ViolationRow) -> dict[str, Any] | None:
    """What a decision says of the rule at that place, as labels.Label has it; None: nothing (yet). Of what was not
    said there is no place."""
    if row.state not in DECISIONS:
        return None
    place = {} if was_missed(row.hit) else {"sample": violation.start}
    role = {"role": violation.role} if violation.role in ("agent", "customer") else {}
    return {"call": row.call, "rule": violation.rule, "right": row.state == REJECTED, **role, **place}


def when(at: float) -> str:
    """A time for people, in UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
