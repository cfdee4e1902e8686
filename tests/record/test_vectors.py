"""Recordings that open and recordings that must not, each by three readers: ours, the page of Python in FORMAT.md, and
stock age. The files are another implementation's; what must come of each stands beside it."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyrage
import pytest

import eslbot.record
from eslbot.record import container
from eslbot.record.container import NoMatch
from eslbot.record.identities import from_file
from eslbot.record.reader import Damaged, Recording
from eslbot.store.recording_rows import RecordingRow
from tests.record.rig import CALL, STARTED

VECTORS = Path(__file__).parents[1] / "vectors" / "recording"
CASES: list[dict[str, Any]] = json.loads((VECTORS / "cases.json").read_text())
PAGE = re.findall(r"```python\n(.*?)```", Path(eslbot.record.__file__).with_name("FORMAT.md").read_text("utf-8"),
                  re.DOTALL)[2]
every = pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])


def plain(size: int) -> bytes:
    return bytes((7 * n + n // 251) % 256 for n in range(size))


def sealed(case: dict[str, Any]) -> bytes:
    """The file, with done to it what the case says."""
    data = bytearray(original(case["file"]))
    for at, value in case.get("xor", ()):
        data[at] ^= value
    if "exchange" in case:
        a, b, size = case["exchange"]
        data[a : a + size], data[b : b + size] = data[b : b + size], data[a : a + size]
    if "remove" in case:
        at, size = case["remove"]
        del data[at : at + size]
    if "drop_stanza" in case:
        parts = bytes(data).split(b"\n-> ")
        del parts[1 + case["drop_stanza"]]
        data = bytearray(b"\n-> ".join(parts))
    if "header_of" in case:
        other = original(case["header_of"])
        data[: container.parse(bytes(data)).length] = other[: container.parse(other).length]
    data = data[: len(data) - case.get("cut", 0)]
    if "repeat" in case:
        data += data[-case["repeat"] :]
    return bytes(data) + bytes.fromhex(case.get("append", ""))


def original(name: str) -> bytes:
    return (VECTORS / f"{name}.age").read_bytes()


def key_of(case: dict[str, Any]) -> Path:
    return VECTORS / str(case.get("key", "key"))


@every
def test_our_reader(case: dict[str, Any], tmp_path: Path) -> None:
    data = sealed(case)
    length = container.parse(data).length
    row = RecordingRow(CALL, "pbx1", STARTED, 8000, data[:length], b"", f"2026/11/18/{CALL}", ended=STARTED + 1,
                       state="complete", samples=case.get("bytes", 0) // 4)
    path = tmp_path / f"{row.path}.audio"
    path.parent.mkdir(parents=True)
    path.write_bytes(data[length:])
    failures = {"no match": (NoMatch, "none of the identities"), "header": (Damaged, "header was changed"),
                "payload": (Damaged, "chunk|samples|nonce")}
    if case["expect"] == "success":
        assert Recording(row, tmp_path, from_file(key_of(case))).read(0, 1 << 30) == plain(case["bytes"])
        return
    row = replace(row, samples=_plain_size(original(case["file"])) // 4)   # what the store says was sealed
    kind, says = failures[case["expect"]]
    with pytest.raises(kind, match=says):
        Recording(row, tmp_path, from_file(key_of(case))).read(0, 1 << 30)


def _plain_size(data: bytes) -> int:
    rest = len(data) - container.parse(data).length - 16
    return rest - 16 * max(1, -(-rest // 65552))


@every
def test_the_page_of_python(case: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "sealed").write_bytes(sealed(case))
    done = subprocess.run([sys.executable, "-I", "-c", PAGE, "sealed", str(key_of(case)), "plain"], cwd=tmp_path,
                          capture_output=True, text=True, check=False, timeout=30)
    if case["expect"] == "success":
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "plain").read_bytes() == plain(case["bytes"])
        return
    assert done.returncode == 1
    assert {"no match": "not sealed for this key", "header": "the header was changed",
            "payload": "InvalidTag"}[case["expect"]] in done.stderr


@every
def test_stock_age(case: dict[str, Any]) -> None:
    identity = pyrage.x25519.Identity.from_str(key_of(case).read_text().split()[-1])
    if case["expect"] == "success":
        assert pyrage.decrypt(sealed(case), [identity]) == plain(case["bytes"])
        return
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed(case), [identity])
