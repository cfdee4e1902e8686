"""Answers of workers, counted."""

from typing import Any

from eslbot.improve.tally import FAILED_NAMED, Outcome, plain


def answer(call: str = "c", **values: Any) -> dict[str, Any]:
    return {"call": call, "started": 1.0, "rate": 8000, "seconds": 30.0, "whole": True, "gained": [], "lost": [],
            "kept": {}, "disclosures": {}, "scores": None} | values  # fmt: skip


def test_hits_and_changed_calls_are_counted_and_lines_kept_up_to_a_number() -> None:
    outcome = Outcome()
    hits = [{"rule": "promise", "text": str(n)} for n in range(3)]
    outcome.add(answer(gained=hits, kept={"rude": 2}), most=2)
    outcome.add(answer(lost=hits[:1], whole=False), most=2)
    promise = outcome.rules["promise"]
    assert (promise.gained, promise.lost, promise.calls, len(promise.lines["gained"])) == (3, 1, 2, 2)
    assert promise.lines["gained"][0] == {"call": "c", "started": 1.0, "rate": 8000, "rule": "promise", "text": "0"}
    assert (outcome.judged, outcome.unclosed, outcome.seconds, outcome.rules["rude"].kept) == (2, 1, 60.0, 2)


def test_failures_are_named_up_to_a_number_and_all_counted() -> None:
    outcome = Outcome()
    for n in range(FAILED_NAMED + 5):
        outcome.add({"call": str(n), "failed": "cut", "kind": "Damaged"}, most=2)
    assert (outcome.failed, len(outcome.failures), outcome.judged) == (FAILED_NAMED + 5, FAILED_NAMED, 0)


def test_scores_of_calls_add_up() -> None:
    outcome = Outcome()
    score = {"right_hits": 1, "wrong_hits": 1, "missed": 0, "spared": 0}
    for _ in range(2):
        outcome.add(answer(scores={"new": {"promise": score}, "old": {}}), most=2)
    (rule,) = plain(outcome)["rules"]
    assert rule["labels"]["new"] == {
        "right_hits": 2, "wrong_hits": 2, "missed": 0, "spared": 0, "precision": 0.5, "recall": 1.0}
    assert rule["labels"]["old"]["precision"] is None
