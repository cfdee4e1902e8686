"""The tables as a stock age file. The oracle is another implementation of age (pyrage)."""

import io
import json
from pathlib import Path
from typing import Any

import pyrage
import pytest

from eslbot.record.backup import sealed
from eslbot.record.backup.layout import BackupProblem
from eslbot.record.stream import CHUNK
from eslbot.store import Ledger
from eslbot.store.chain import Entry
from tests.record.keeping import CALLS, Kept
from tests.record.rig import IDENTITY, SECOND


def exported(kept: Kept, file: Path) -> dict[str, int]:
    with Ledger(kept.url).engine.connect() as connection:
        return sealed.export(connection, "0002", file, [IDENTITY.recipient, SECOND.recipient])


def test_another_age_reads_every_row_and_no_header_is_among_them(kept: Kept, tmp_path: Path) -> None:
    kept.record(*CALLS[:2])
    Ledger(kept.url).append(Entry("export", "审计", CALLS[0]))
    counts = exported(kept, tmp_path / "t.age")
    plain = pyrage.decrypt((tmp_path / "t.age").read_bytes(), [pyrage.x25519.Identity.from_str(SECOND.encode())])
    lines = [json.loads(line) for line in plain.splitlines()]
    assert lines[0] == {"revision": "0002"}
    rows: dict[str, list[Any]] = {}
    for table, columns in lines[1:]:
        rows.setdefault(table, []).append(columns)
    assert {name: count for name, count in counts.items() if count} == {name: len(rows[name]) for name in rows}
    assert [row["call"] for row in rows["recordings"]] == CALLS[:2]
    assert rows["audit"][0]["who"] == "审计"
    assert b"header" not in plain
    with (tmp_path / "t.age").open("rb") as file:
        assert list(sealed.read(file, [IDENTITY], "x")) == lines


@pytest.mark.parametrize("over", [-1, 0, 1, CHUNK])
def test_every_length_around_a_chunk_is_what_stock_age_takes(over: int) -> None:
    out = io.BytesIO()
    sealing = sealed._Sealing(out, [IDENTITY.recipient])
    plain = json.dumps("x" * (CHUNK + over - 3)).encode() + b"\n"
    sealing.write(plain)
    sealing.close()
    assert pyrage.decrypt(out.getvalue(), [pyrage.x25519.Identity.from_str(IDENTITY.encode())]) == plain
    out.seek(0)
    assert [json.loads(plain)] == list(sealed.read(out, [IDENTITY], "x"))


def test_cut_changed_and_strangers_files_are_refused(kept: Kept, tmp_path: Path) -> None:
    kept.record(CALLS[0])
    exported(kept, tmp_path / "t.age")
    data = (tmp_path / "t.age").read_bytes()
    for bad in (data[:-1], data[:-5] + b"x" + data[-4:], data[:40], b""):
        with pytest.raises(BackupProblem, match=r"t\.age: "):
            list(sealed.read(io.BytesIO(bad), [IDENTITY], "t.age"))
    from eslbot.record.keys import new_identity

    with pytest.raises(BackupProblem, match="none of the identities"):
        list(sealed.read(io.BytesIO(data), [new_identity()], "t.age"))
