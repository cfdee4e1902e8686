"""Reports: the page holds no markup that a call could bring, and the file is its owner's."""

import stat
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.improve.report import BadReport, Judge, clock, dumps, page, read_report, report, write

NONE = {"right_hits": 0, "wrong_hits": 0, "missed": 0, "spared": 0, "precision": None, "recall": None}
SCORED = {"right_hits": 9, "wrong_hits": 1, "missed": 1, "spared": 0, "precision": 0.9, "recall": 0.9}


def hit(text: str, **values: Any) -> dict[str, Any]:
    return {"call": "abc", "started": 1.0, "rate": 8000, "rule": "promise", "role": "agent", "severity": "severe",
            "pack": "p", "version": "1", "utterance": 0, "start": 492_000, "end": 500_000,
            "text": text} | values  # fmt: skip


def made(*gained: dict[str, Any], rule: str = "promise", **values: Any) -> dict[str, Any]:
    rules = [{
        "rule": rule, "gained": 7, "lost": 2, "kept": 3, "calls": 5, "labels": {"new": SCORED, "old": NONE},
        "lines": {"gained": list(gained), "lost": []},
    }]  # fmt: skip
    calls = dict.fromkeys(["unclosed", "going_on", "destroyed", "failed", "unlabelled"], 0)
    calls |= {"judged": 10, "seconds": 3600}
    outcome = {"calls": calls, "failures": [], "rules": rules} | values
    new, old = [Judge("p", "2", "a" * 64)], [Judge("p", "1", "b" * 64)]
    return report(outcome, new, old, 1_795_000_000.0, "officer", None, None)


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.said: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.said.append(data)


@given(st.text(min_size=1), st.text(min_size=1))
def test_no_word_of_a_call_becomes_markup(text: str, rule: str) -> None:
    tags = _Tags(page(made(hit(text), rule=rule)))
    plain = _Tags(page(made(hit("words"), rule="rule")))
    assert tags.tags == plain.tags
    assert tags.attributes == plain.attributes
    assert not {"script", "link", "img", "iframe"} & set(tags.tags)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_has_the_lines_the_counts_and_a_picture(language: str) -> None:
    shown = page(made(hit("这个 产品 保本")), language)
    for part in ("这个 产品 保本", "1:01.5", "<svg", ">7<", "0.900", "officer", "2026-11-18"):
        assert part in shown


def test_a_rule_that_never_found_anything_is_a_page_too() -> None:
    assert "No rule hit anything." in page(made(rules=[]))


def test_calls_that_could_not_be_judged_are_named_on_it() -> None:
    assert "it was &lt;cut&gt;" in page(made(failures=[{"call": "abc", "kind": "Damaged", "why": "it was <cut>"}]))


def test_a_missed_disclosure_is_shown_at_its_deadline() -> None:
    assert clock(hit("", utterance=-1, start=0, end=240_000)) == "0:30.0"


def test_a_report_is_read_again_with_the_digest_of_its_bytes(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    write(file, dumps(made()))
    found, sha = read_report(file)
    assert found["new"] == [{"pack": "p", "version": "2", "sha256": "a" * 64}]
    assert len(sha) == 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{}", "no report of a replay"), ("[", "not JSON"), ("[]", "no report"),
        ('{"kind": "eslbot-replay", "version": 2}', "version 2"),
        ('{"kind": "eslbot-replay", "version": 1, "made": 1.0}', "which packs"),
        ('{"kind": "eslbot-replay", "version": 1, "made": 1.0, "new": [{}]}', "which packs"),
    ],
)
def test_what_is_no_report_is_told(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(BadReport, match=why):
        read_report(tmp_path / "x.json")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadReport, match="No such file"):
        read_report(tmp_path / "x.json")
