"""The demo's summary: what was said, which rule and law judged it, what each party heard, the sealed recordings opened
and verified, some metrics; and whether all of it is as it should be. Knows the store, the recordings and the phones;
nothing of how it all came about."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eslbot.cli.demo_stage import Played, Stage
from eslbot.cli.demo_timeline import readable
from eslbot.record.reader import Recording
from eslbot.sim.party import render
from eslbot.store.store import Store

METRICS = (
    "eslbot_calls_total", "eslbot_words_total", "eslbot_hits_total", "eslbot_acts_total", "eslbot_closings_total",
    "eslbot_recordings_total", "eslbot_recognition_gap_seconds_total",
)  # fmt: skip
LATENCIES = ("eslbot_hit_latency_seconds", "eslbot_act_latency_seconds")


def wavs(played: Played, directory: Path) -> dict[str, str]:
    """Writes what each party heard; paths by `agent_heard` and `customer_heard`."""
    directory.mkdir(parents=True, exist_ok=True)
    parties = {"agent": played.agent, "customer": played.customer}
    return {
        f"{role}_heard": str(render(party, directory / f"{played.play.name}-{role}-heard.wav"))
        for role, party in parties.items()
    }


def opened(stage: Stage, store: Store, played: Played, directory: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Opens a call's sealed recording with the demo's key, verifies every chunk, writes it as WAV; and its transcript's
    words. Raises the reader's own errors for one that is not whole."""
    row = store.recordings.find(call=played.id)[0]
    recording = Recording(row, stage.settings.record.directory, [stage.identity])
    verified = recording.verify()
    path = directory / f"{played.play.name}-recording.wav"
    recording.export_wav(path)
    words = [record for record in recording.words() if record["kind"] == "words" and record["text"]]
    facts = {"verified": verified.whole, "samples_verified": verified.samples, "wav": str(path)}
    return row.listing() | facts, words


def gather(stage: Stage, calls: list[Played], directory: Path) -> dict[str, Any]:
    """Everything, as one JSON object would hold it."""
    stage.service.store.flush(timeout=10)
    store = Store.open_readonly(stage.settings.store.url)
    names = {played.id: played.play.name for played in calls}
    found: dict[str, Any] = {
        name: [
            {"dialogue": names[row.call], **asdict(row)} for row in table.find() if row.call in names
        ]
        for name, table in (("violations", store.violations), ("acts", store.acts), ("closings", store.closings),
                            ("alerts", store.alerts))
    }  # fmt: skip
    found["calls"], found["recordings"], found["wavs"] = [], [], []
    for played in calls:
        row = store.calls.find(call=played.id)[0]
        recording, words = opened(stage, store, played, directory)
        heard = wavs(played, directory)
        found["calls"].append({"dialogue": played.play.name, "title": played.play.title, **asdict(row), "words": words})
        found["recordings"].append({"dialogue": played.play.name, **recording})
        found["wavs"].append({"dialogue": played.play.name, **heard, "recording": recording["wav"]})
    found["metrics"] = metrics(stage)
    found["wrong"] = wrong(found)
    return found


def metrics(stage: Stage) -> list[dict[str, Any]]:
    """Samples of a few metrics, those that are zero left out; latencies as count and mean."""
    samples = [sample for family in stage.service.registry.collect() for sample in family.samples]
    shown = [
        {"name": sample.name, "labels": sample.labels, "value": sample.value}
        for sample in samples
        if sample.name in METRICS and sample.value
    ]
    for name in LATENCIES:
        count = sum(sample.value for sample in samples if sample.name == f"{name}_count")
        total = sum(sample.value for sample in samples if sample.name == f"{name}_sum")
        if count:
            shown.append({"name": f"{name}:mean", "labels": {}, "value": round(total / count, 4)})
    return shown


def wrong(found: dict[str, Any]) -> list[str]:
    """What is not as the three dialogues ask for."""
    rules: dict[str, set[str]] = {}
    for row in found["violations"]:
        if row["retracted"] is None:
            rules.setdefault(row["dialogue"], set()).add(row["severity"])
    acts = {(row["dialogue"], row["kind"]) for row in found["acts"] if row["outcome"] == "done"}
    expected = {
        "the lawful call: nothing found against it": not rules.get("clean"),
        "the missing notice: found": "warning" in rules.get("missing-disclosure", set()),
        "the missing notice: the agent reminded": ("missing-disclosure", "remind") in acts,
        "the severe promise: found": "severe" in rules.get("severe-promise", set()),
        "the severe promise: muted": ("severe-promise", "mute") in acts,
        "the mute: lifted": ("severe-promise", "unmute") in acts,
        "closings: played, or nobody left to hear": all(
            row["outcome"] in ("played", "impossible") for row in found["closings"]
        ) and len(found["closings"]) == len(found["calls"]),
        "recordings: whole and verified": all(
            row["verified"] and row["state"] == "complete" for row in found["recordings"]
        ),
    }
    return [what for what, holds in expected.items() if not holds]


def show(found: dict[str, Any], console: Console) -> None:
    """For eyes, fit for 80 columns: a block a call, then the metrics, then what is not as it should be."""
    by_call = {kind: {row["call"]: row for row in found[kind]} for kind in ("closings", "recordings")}
    for call, heard in zip(found["calls"], found["wavs"], strict=True):
        judged = [row for row in found["violations"] if row["call"] == call["call"]]
        recording = by_call["recordings"][call["call"]]
        lines = [line for row in judged for line in _judged(row, call["words"], found["acts"])]
        lines = lines or [("judged", "nothing found")]
        lines += [
            ("closing", by_call["closings"].get(call["call"], {}).get("outcome", "-")),
            ("the agent heard", heard["agent_heard"]),
            ("the customer heard", heard["customer_heard"]),
            ("sealed", f"{recording['state']}, {recording['seconds']:.1f} s, sha256 {recording['sha256'][:16]}..."),
            ("opened by the key", f"{'verified' if recording['verified'] else 'NOT WHOLE'}: {recording['wav']}"),
        ]
        _block(console, f"{call['title']} ({call['dialogue']})", lines)
    samples = [(f"{sample['value']:g}", sample["name"] + _labels(sample["labels"])) for sample in found["metrics"]]
    _block(console, "Metrics", samples)
    for what in found["wrong"]:
        console.print(Text(f"NOT AS IT SHOULD BE  {what}", "bold red"))


def _judged(row: dict[str, Any], words: list[dict[str, Any]], acts: list[dict[str, Any]]) -> list[tuple[str, str]]:
    said = next(
        (one["text"] for one in words if (one["role"], one["utterance"]) == (row["role"], row["utterance"])), None
    )
    done = sorted({act["kind"] for act in acts if act["hit"] == row["hit"]})
    law = f"{row['law_source']} ({row['law_sure']})" if row["law_source"] else "none: policy"
    finding = f"{row['severity']}: {row['title']} [{row['rule']}, {row['pack']} {row['version']}]"
    return [
        ("said", f"{row['role']}: {readable(said)}" if said else f"by the {row['role']}: not what the rule asks for"),
        ("judged", finding + ("; the final words took it back" if row["retracted"] else "")),
        ("law", law),
        ("done", ", ".join(done) or "nothing"),
    ]


def _labels(labels: dict[str, str]) -> str:
    return "{" + ", ".join(f"{name}={value}" for name, value in labels.items()) + "}" if labels else ""


def _block(console: Console, title: str, lines: list[tuple[str, str]]) -> None:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in lines:
        grid.add_row(Text(name), Text(value))
    console.print()
    console.print(Text(title, "bold"))
    console.print(grid)
