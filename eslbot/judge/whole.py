"""A pack in one file of its own: as it stands where it takes nothing of others, and else written out with the rules it
takes. That form is what is published, and what a pack's digest is of.

Knows files of packs and YAML; nothing of what rules mean. Reads files, and nothing else of the world.
"""

import hashlib
import io
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from eslbot.judge.kept import read_kept
from eslbot.judge.located import PackErrors
from eslbot.judge.packs import path_of, read_pack, taken_from

WIDTH = 120


def digest(source: str | Path, base: Path | None = None) -> str:
    """SHA-256 of the pack in one file. Raises PackErrors, OSError."""
    return hashlib.sha256(whole(source, base)).hexdigest()


def whole(source: str | Path, base: Path | None = None) -> bytes:
    """The pack in one file: the very bytes of one that takes nothing. Raises PackErrors, OSError."""
    path = path_of(source, base)
    data = path.read_bytes()
    value: Any = read_kept(data, str(source)).value
    if not isinstance(value, dict) or not value.get("include"):
        return data
    pack, problems = read_pack(source, base)
    if pack is None:
        raise PackErrors(problems)
    origins = sorted({rule.origin for rule in pack.rules if rule.origin is not None}, key=lambda each: each.pack)
    head = "".join(f"# Its rules of {each.pack} are those of version {each.version}.\n" for each in origins)
    rules = _rules(path, pack.language)
    written = {key: each for key, each in value.items() if key not in ("include", "rules")}
    if pack.review is not None:
        written["review"] = pack.review.isoformat()
    return head.encode() + _yaml({**written, "rules": [rules[rule.id] for rule in pack.rules]})


def _rules(path: Path, language: str) -> dict[str, Any]:
    """Every rule that stands in the file or is taken by it, as written; of two of one id the file's own."""
    value: Any = read_kept(path.read_bytes(), str(path)).value
    found: dict[str, Any] = {}
    for wanted in value.get("include") or ():
        for name, rule in _rules(path_of(taken_from(wanted["pack"], wanted["version"], path)), language).items():
            if wanted.get("rules") is None or name in wanted["rules"]:
                found[name] = rule
    default = value.get("homophones", "true")
    for rule in value.get("rules") or ():
        heard = {} if language != "zh" or "homophones" in rule else {"homophones": default}
        found[rule["id"]] = {**rule, **heard}
    return found


def _yaml(value: Any) -> bytes:
    writer = YAML()
    writer.width = WIDTH
    writer.allow_unicode = True
    writer.indent(mapping=2, sequence=4, offset=2)
    out = io.BytesIO()
    writer.dump(value, out)
    return out.getvalue()
