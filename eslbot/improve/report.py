"""What a replay found, as a page and as JSON: a person decides by it whether a pack is published, and `rules publish`
asks for it. Knows the shape of a report and nothing of how it came about."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

import orjson

KIND, VERSION = "eslbot-replay", 1
_BAR = 320
"""Pixels of the longest bar to each side."""
_ROW = 22


class BadReport(ValueError):
    """A file that is no report of a replay, or not one that can be used. Names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Judge:
    """A pack that took part."""

    name: str
    version: str
    sha256: str
    """Of its file's bytes."""


def report(
    outcome: dict[str, Any], new: Sequence[Judge], old: Sequence[Judge], made: float, by: str,
    since: float | None, until: float | None,
) -> dict[str, Any]:
    """`outcome` as replay.plain gives it; `made` in seconds since the epoch; `by`: who asked for it."""
    return {
        "kind": KIND, "version": VERSION, "made": made, "by": by, "since": since, "until": until,
        "new": [_judge(one) for one in new], "old": [_judge(one) for one in old], **outcome,
    }  # fmt: skip


def _judge(one: Judge) -> dict[str, str]:
    return {"pack": one.name, "version": one.version, "sha256": one.sha256}


def read_report(path: Path) -> tuple[dict[str, Any], str]:
    """A report and the SHA-256 of its file. Raises BadReport."""
    try:
        data = path.read_bytes()
        found = orjson.loads(data)
    except OSError as error:
        raise BadReport(f"{path}: {error.strerror}") from error
    except orjson.JSONDecodeError as error:
        raise BadReport(f"{path}: not JSON: {error}") from error
    if not isinstance(found, dict) or found.get("kind") != KIND:
        raise BadReport(f"{path}: no report of a replay (eslbot replay --report FILE makes one)")
    if found.get("version") != VERSION or not isinstance(found.get("made"), int | float):
        raise BadReport(f"{path}: a report of version {found.get('version')!r}; this eslbot reads {VERSION}")
    judges = found.get("new")
    if not isinstance(judges, list) or not all(isinstance(one, dict) and "sha256" in one for one in judges):
        raise BadReport(f"{path}: it does not say which packs it is about")
    return found, hashlib.sha256(data).hexdigest()


def write(path: Path, data: bytes) -> None:
    """For its owner's eyes alone: a report holds spoken words. All or nothing. Raises OSError."""
    fresh = path.with_name(path.name + ".part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        with os.fdopen(os.open(fresh, flags, 0o600), "wb") as file:
            file.write(data)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def dumps(found: dict[str, Any]) -> bytes:
    return orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


# --- the page --------------------------------------------------------------------------------------------------------
_TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Replay of old calls", "new": "new packs", "old": "compared with", "nothing": "nothing",
        "calls": "calls judged", "hours": "hours of recording", "failed": "could not be judged", "made": "made",
        "unclosed": "never closed (judged as far as they go)", "going_on": "still going on (left out)",
        "destroyed": "keys destroyed (left out)", "unlabelled": "labels of calls that were not judged",
        "rule": "rule", "gained": "gained", "lost": "lost", "kept": "kept", "in_calls": "calls changed",
        "precision": "precision", "recall": "recall", "labels": "labels", "was": "was", "call": "call",
        "at": "at", "who": "who", "line": "line", "missed": "(never said)", "of": "of", "why": "why",
        "more": "shown of", "by": "by", "none": "No rule hit anything.",
    },
    "zh": {
        "title": "历史通话回放", "new": "新规则包", "old": "对比", "nothing": "无", "calls": "已判通话",
        "hours": "录音小时数", "failed": "无法判定", "made": "生成时间", "unclosed": "未正常结束（只判到所存部分）",
        "going_on": "仍在进行（未计入）", "destroyed": "密钥已销毁（未计入）", "unlabelled": "所属通话未判定的标注",
        "rule": "规则", "gained": "新增", "lost": "减少", "kept": "不变", "in_calls": "有变化的通话",
        "precision": "准确率", "recall": "召回率", "labels": "标注", "was": "原", "call": "通话", "at": "位置",
        "who": "说话方", "line": "原话", "missed": "（始终未说）", "of": "/", "why": "原因", "more": "条，共",
        "by": "操作人", "none": "没有任何规则命中。",
    },
}  # fmt: skip
_STYLE = """
body{font:14px/1.5 system-ui,"PingFang SC","Noto Sans CJK SC",sans-serif;margin:2em auto;max-width:70em;padding:0 1em;
color:#1c1e21;background:#fff}h1{font-size:1.5em}h2{font-size:1.1em;margin-top:2em}table{border-collapse:collapse;
margin:.5em 0}td,th{padding:.25em .8em .25em 0;text-align:left;vertical-align:top;border-bottom:1px solid #e3e5e8}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}code{font-size:.92em}.gained{color:#0b6b3a}.lost{color:#a3341f}
svg text{font-size:12px;fill:currentColor}svg .gained{fill:#2b8a57}svg .lost{fill:#c4553d}small{color:#5a6068}
@media(prefers-color-scheme:dark){body{color:#e4e6e9;background:#17191c}td,th{border-color:#33373c}.gained{color:#6fce9b}
.lost{color:#ef9a86}small{color:#9aa1a9}}
"""


def page(found: dict[str, Any], language: str = "en") -> str:
    """A self-contained page: no script, nothing loaded. Every word of a call is escaped."""
    says = _TEXTS[language]
    parts = [_head(found, says), *([_picture(found["rules"], says), _table(found["rules"], says)] if found["rules"]
             else [f"<p>{says['none']}</p>"])]
    parts += [_lines(rule, says) for rule in found["rules"] if rule["gained"] or rule["lost"]]
    parts.append(_failures(found, says))
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{says['title']}</title><style>{_STYLE}</style><body>{''.join(parts)}</body></html>\n"
    )


def _head(found: dict[str, Any], says: dict[str, str]) -> str:
    calls = found["calls"]
    rows = [
        (says["new"], _packs(found["new"], says)), (says["old"], _packs(found["old"], says)),
        (says["calls"], str(calls["judged"])), (says["hours"], f"{calls['seconds'] / 3600:.1f}"),
        *((says[name], str(calls[name])) for name in ("failed", "unclosed", "going_on", "destroyed", "unlabelled")
          if calls[name]),
        (says["made"], f"{_time(found['made'])} {says['by']} {escape(found['by'])}"),
    ]  # fmt: skip
    body = "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in rows)
    return f"<h1>{says['title']}</h1><table>{body}</table>"


def _packs(judges: Sequence[dict[str, str]], says: dict[str, str]) -> str:
    return "<br>".join(
        f"{escape(one['pack'])} {escape(one['version'])} <small><code>{escape(one['sha256'][:16])}</code></small>"
        for one in judges
    ) or says["nothing"]


def _picture(rules: Sequence[dict[str, Any]], says: dict[str, str]) -> str:
    """Lost to the left, gained to the right, one row a rule."""
    most = max((max(rule["gained"], rule["lost"]) for rule in rules), default=0) or 1
    middle, left = 220 + _BAR + 50, 220
    rows = []
    for number, rule in enumerate(rules):
        top = number * _ROW
        lost, gained = (round(_BAR * rule[change] / most) for change in ("lost", "gained"))
        rows.append(
            f'<text x="{left - 10}" y="{top + 15}" text-anchor="end">{escape(rule["rule"][:32])}</text>'
            f'<rect class="lost" x="{middle - lost}" y="{top + 4}" width="{lost}" height="14"/>'
            f'<rect class="gained" x="{middle}" y="{top + 4}" width="{gained}" height="14"/>'
            f'<text x="{middle - lost - 6}" y="{top + 15}" text-anchor="end">{rule["lost"] or ""}</text>'
            f'<text x="{middle + gained + 6}" y="{top + 15}">{rule["gained"] or ""}</text>'
        )
    height = len(rules) * _ROW + 4
    line = f'<line x1="{middle}" x2="{middle}" y1="0" y2="{height}" stroke="currentColor" stroke-opacity=".4"/>'
    return (
        f"<h2><span class=lost>{says['lost']}</span> | <span class=gained>{says['gained']}</span></h2>"
        f'<svg viewBox="0 0 {middle + _BAR + 60} {height}" width="100%" role="img">{"".join(rows)}{line}</svg>'
    )


def _table(rules: Sequence[dict[str, Any]], says: dict[str, str]) -> str:
    head = "".join(f"<th{'' if name == 'rule' else ' class=n'}>{says[name]}</th>"
                   for name in ("rule", "gained", "lost", "kept", "in_calls", "precision", "recall", "labels"))
    rows = []
    for rule in rules:
        new, old = rule["labels"]["new"], rule["labels"]["old"]
        count = new["right_hits"] + new["wrong_hits"] + new["missed"] + new["spared"]
        cells = [str(rule[name]) for name in ("gained", "lost", "kept", "calls")]
        cells += [_share(new[what], old[what], says) for what in ("precision", "recall")] + [str(count or "")]
        rows.append(f"<tr><td>{escape(rule['rule'])}</td>{''.join(f'<td class=n>{cell}</td>' for cell in cells)}</tr>")
    return f"<table><tr>{head}</tr>{''.join(rows)}</table>"


def _share(new: float | None, old: float | None, says: dict[str, str]) -> str:
    if new is None:
        return ""
    return f"{new:.3f}" + (f" <small>({says['was']} {old:.3f})</small>" if old is not None and old != new else "")


def _lines(rule: dict[str, Any], says: dict[str, str]) -> str:
    parts = [f"<h2>{escape(rule['rule'])}</h2>"]
    for change in ("gained", "lost"):
        shown = rule["lines"][change]
        if not shown:
            continue
        rows = "".join(
            f"<tr><td><code>{escape(hit['call'])}</code></td><td class=n>{clock(hit)}</td>"
            f"<td>{escape(hit['role'])}</td><td>{escape(hit['text']) or says['missed']}</td></tr>"
            for hit in shown
        )
        more = f" <small>{len(shown)} {says['more']} {rule[change]}</small>" if len(shown) < rule[change] else ""
        head = "".join(f"<th>{says[name]}</th>" for name in ("call", "at", "who", "line"))
        parts.append(f"<h3 class={change}>{says[change]} {rule[change]}{more}</h3><table><tr>{head}</tr>{rows}</table>")
    return "".join(parts)


def _failures(found: dict[str, Any], says: dict[str, str]) -> str:
    if not found["failures"]:
        return ""
    rows = "".join(
        f"<tr><td><code>{escape(one['call'])}</code></td><td>{escape(one['why'])}</td></tr>"
        for one in found["failures"]
    )
    return f"<h2>{says['failed']}</h2><table><tr><th>{says['call']}</th><th>{says['why']}</th></tr>{rows}</table>"


def clock(hit: dict[str, Any]) -> str:
    """Minutes and seconds from the call's beginning; of a missed disclosure its deadline."""
    seconds = (hit["start"] or hit["end"]) / hit["rate"]
    return f"{int(seconds // 60)}:{seconds % 60:04.1f}"


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
