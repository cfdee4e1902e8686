"""What the demo calls wrong, and its blocks. The whole of it is in test_demo.py."""

import io
from typing import Any

import pytest
from rich.console import Console

from eslbot.cli.demo_summary import show, wrong


def found() -> dict[str, Any]:
    """Everything as it should be."""
    names = ["clean", "missing-disclosure", "severe-promise"]
    violation = {"call": "missing-disclosure", "role": "agent", "utterance": -1, "title": "t", "rule": "r", "pack": "p",
                 "version": "1", "law_source": "", "law_sure": "", "hit": "h", "retracted": None}  # fmt: skip
    return {
        "violations": [
            {**violation, "dialogue": "missing-disclosure", "severity": "warning"},
            {**violation, "dialogue": "severe-promise", "call": "severe-promise", "severity": "severe", "hit": "i"},
        ],
        "acts": [
            {"dialogue": name, "kind": kind, "outcome": "done", "hit": hit}
            for name, kind, hit in (("missing-disclosure", "remind", "h"), ("severe-promise", "mute", "i"),
                                    ("severe-promise", "unmute", ""))
        ],
        "closings": [{"call": name, "outcome": "played"} for name in names],
        "calls": [{"call": name, "dialogue": name, "title": f"the {name} call", "words": []} for name in names],
        "recordings": [
            {"call": name, "verified": True, "state": "complete", "seconds": 9.0, "sha256": "0" * 64, "wav": "w"}
            for name in names
        ],
        "wavs": [{"agent_heard": "a.wav", "customer_heard": "c.wav"} for _ in names],
        "metrics": [{"name": "m", "labels": {"l": "v"}, "value": 2.0}],
        "wrong": [],
    }  # fmt: skip


def test_all_well_is_nothing_wrong() -> None:
    assert wrong(found()) == []


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda all_: all_["violations"].append({**all_["violations"][0], "dialogue": "clean"}), "lawful"),
        (lambda all_: all_["violations"].pop(0), "missing notice"),
        (lambda all_: all_["violations"][1].update(retracted=1.0), "severe promise: found"),
        (lambda all_: all_["acts"][0].update(outcome="failed"), "reminded"),
        (lambda all_: all_["acts"].pop(1), "muted"),
        (lambda all_: all_["acts"].pop(2), "lifted"),
        (lambda all_: all_["closings"][0].update(outcome="failed"), "closings"),
        (lambda all_: all_["closings"].pop(), "closings"),
        (lambda all_: all_["recordings"][2].update(verified=False), "recordings"),
    ],
)
def test_what_is_not_as_it_should_be_is_named(spoil: Any, named: str) -> None:
    everything = found()
    spoil(everything)
    assert len(wrong(everything)) == 1
    assert named in wrong(everything)[0]


def test_every_call_has_a_block_and_what_is_wrong_is_said_last() -> None:
    out = io.StringIO()
    show({**found(), "wrong": ["the roof"]}, Console(file=out, width=80))
    lines = out.getvalue().splitlines()
    assert [line for line in lines if " call (" in line] == [
        "the clean call (clean)", "the missing-disclosure call (missing-disclosure)",
        "the severe-promise call (severe-promise)",
    ]  # fmt: skip
    assert "nothing found" in out.getvalue()
    assert lines[-1] == "NOT AS IT SHOULD BE  the roof"
