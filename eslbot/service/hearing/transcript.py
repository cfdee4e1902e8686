"""What was said and found, and what a replay has to know besides, as records of a call's sealed transcript. Pure. Knows
no recording and no ear."""

from collections.abc import Mapping
from typing import Any

from eslbot.model import facts
from eslbot.model.audio import Gap
from eslbot.model.call import Confirm, Role
from eslbot.model.facts import CallFact
from eslbot.model.words import Hypothesis


def judged_record(life: int, rate: int, roles_known: bool, voices: bool) -> dict[str, Any]:
    """How one life of the service (0: the call's first) judged the call. `voices`: it knew when somebody spoke."""
    return {"kind": "judged", "life": life, "rate": rate, "roles_known": roles_known, "voices": voices}


def resumed_record(sample: int) -> dict[str, Any]:
    """A restart took the call up from this sample on."""
    return {"kind": "resumed", "sample": sample}


def side_record(sample: int, role: Role | None, shared: bool = False) -> dict[str, Any]:
    """Who is on the agent's side from this sample on (None: nobody). `shared`: the agent is there too."""
    return {"kind": "side", "sample": sample, "role": role.value if role else None,
            **({"shared": True} if shared else {})}


def handed_record(sample: int) -> dict[str, Any]:
    """From this sample on the agent is another one."""
    return {"kind": "handed", "sample": sample}


def gap_record(gap: Gap, heard: Mapping[Role, int]) -> dict[str, Any]:
    """Somebody was not heard. `heard`: the sample up to which each had been when that came out."""
    return {"kind": "gap", "first": gap.first, "end": gap.end, "reason": gap.reason,
            "role": gap.role.value if gap.role else None,
            "heard": {role.value: samples for role, samples in heard.items()}}


def speech_record(role: Role, start: int, end: int) -> dict[str, Any]:
    """When somebody spoke, whatever was said; in samples."""
    return {"kind": "speech", "role": role.value, "start": start, "end": end}


def words_record(hypothesis: Hypothesis, speaker: Role) -> dict[str, Any]:
    """A final utterance as the sealed transcript keeps it; times in samples."""
    return {
        "kind": "words", "role": speaker.value, "utterance": hypothesis.utterance, "text": hypothesis.text,
        "start": hypothesis.start, "end": hypothesis.decided,
        "words": [[word.text, word.start, word.end] for word in hypothesis.words],
    }


def finding_record(fact: CallFact, words: str = "") -> dict[str, Any] | None:
    """A finding as the sealed transcript keeps it, with the words it was found in as they were heard; None for what is
    not kept there (words still unsure)."""
    if isinstance(fact, facts.Violated) and fact.confirm > Confirm.PARTIAL:
        verdict, hit = fact.verdict, fact.hit
        return {
            "kind": "violation", "hit": hit.key, "rule": verdict.rule, "title": verdict.title, "pack": verdict.pack,
            "version": verdict.version, "severity": verdict.severity.label, "confirm": fact.confirm.label,
            "role": hit.role.value, "utterance": hit.utterance, "start": fact.start, "end": fact.end,
            "law": [[law.source, law.sure] for law in verdict.laws], "words": words, "outranked": fact.outranked,
        }
    if isinstance(fact, facts.Retracted):
        return {"kind": "retracted", "hit": fact.hit.key}
    if isinstance(fact, facts.DisclosureChanged):
        return {"kind": "disclosure", "rule": fact.rule, "state": fact.state.value, "sample": fact.sample,
                "ordinal": fact.ordinal}
    return None
