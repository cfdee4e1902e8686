"""The alert: tells people, touches nothing. What is told never holds a number, a name or a spoken word; who wants the
words opens the recording. Knows no log, table or webhook."""

from eslbot.model.call import CallId
from eslbot.model.facts import Violated
from eslbot.model.orders import Alert

UNSURE = ("audio-lost", "closing-unknown")
"""Troubles of which it is not known yet that they did harm."""


def of_violation(violated: Violated) -> Alert:
    return _of(violated, "violation")


def for_supervisor(violated: Violated) -> Alert:
    """A supervisor is wanted in this call, now. Whom else a phone rings, call/supervising says."""
    return _of(violated, "supervisor-wanted")


def _of(violated: Violated, kind: str) -> Alert:
    verdict = violated.verdict
    return Alert(
        "", violated.call, kind, verdict.severity.label, verdict.rule, violated.hit, verdict,
        violated.start, violated.end,
    )


def of_trouble(call: CallId, kind: str, detail: str, rule: str = "", order: str = "") -> Alert:
    """`kind`: one of Alert.kind's; `detail`: a few words of ours or of the switch; `order`: its id, where no machine
    gives it one."""
    return Alert(order, call, kind, "warning" if kind in UNSURE else "severe", rule, detail=detail)


def of_packs(kind: str, pack: str, detail: str, name: str) -> Alert:
    """Of the rule packs and of no call: `packs-broken`, `pack-outdated` or `review-due`.
    `pack`: whose, where it is one; `name`: what tells it from others of the kind."""
    severity = "severe" if kind == "packs-broken" else "warning"
    return Alert(f"{kind}/{pack}/{name}", CallId(""), kind, severity, pack, detail=detail)
