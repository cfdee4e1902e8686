"""Rules in plain values and in words. Knows rules; no call. Pure."""

from typing import Any

from eslbot.judge.inforce import Packs
from eslbot.judge.rules import Rule

VERIFY = "verify before relying on it"
"""Shown beside every law whose primary text was not read."""


def describe(packs: Packs) -> list[dict[str, Any]]:
    """Each rule in force as plain values, for people and for JSON."""
    return [_described(rule) for rule in packs.rules]


def _described(rule: Rule) -> dict[str, Any]:
    verdict = rule.verdict
    return {
        "rule": rule.id,
        "title": verdict.title,
        "pack": verdict.pack,
        "version": verdict.version,
        "language": rule.language,
        "says": rule.says.value,
        "kind": rule.kind,
        "within_seconds": rule.require.within if rule.require else None,
        "severity": verdict.severity.label,
        "confirm": verdict.confirm.label,
        "actions": [
            {key: value for key, value in
             (("act", action.act.value), ("seconds", action.seconds), ("prompt", action.prompt)) if value is not None}
            for action in verdict.actions
        ],
        "law": [
            {"source": law.source, "sure": law.sure, "note": law.note, "advice": None if law.sure == "P" else VERIFY}
            for law in verdict.laws
        ],
    }
