"""What was said and found, as records of a call's sealed transcript. Pure. Knows no recording and no ear."""

from typing import Any

from eslbot.model import facts
from eslbot.model.call import Confirm, Role
from eslbot.model.facts import CallFact
from eslbot.model.words import Hypothesis


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
