"""A store with sealed words of a few calls, and two packs."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from eslbot.greenlets import Greenlets
from eslbot.record.keys import Identity, new_identity
from eslbot.store.recording_rows import RecordingRow
from eslbot.store.rows import CallRow
from eslbot.store.store import Store
from tests.improve.sealed import STARTED, seal, words_of

OLD = """
pack: money
version: "1"
language: zh
rules:
  - {id: promise, says: agent, any: [稳赚不赔], severity: severe}
  - {id: rude, says: either, any: [滚开], severity: warning}
"""
NEW = """
pack: money
version: "2"
language: zh
rules:
  - {id: promise, says: agent, any: [稳赚不赔, 保本], severity: severe}
"""
TALK = [
    ["您好", "这个 产品 稳赚不赔"], ["这个 产品 保本"], ["您好", ("customer", "滚开")], ["您 好"], ["稳赚不赔", "保本"],
]  # fmt: skip


@dataclass
class Place:
    """Where it all lies."""

    directory: Path
    identity: Identity
    store: Store
    rows: list[RecordingRow]

    @property
    def old(self) -> Path:
        return self.directory / "old.yaml"

    @property
    def new(self) -> Path:
        return self.directory / "new.yaml"

    def add(self, number: int, talk: list[Any], *identities: Identity, **options: Any) -> RecordingRow:
        """One more call, a minute after the one before."""
        call = f"{number:08x}-0000-4000-8000-000000000000"
        row = seal(
            self.directory / "recordings", call, words_of(*talk), *(identities or (self.identity,)),
            started=STARTED + 60 * number, **options,
        )  # fmt: skip
        self.store.recordings.put(row)
        self.store.calls.put(CallRow(call, "pbx", row.started, roles_known=True))
        assert self.store.flush(30)
        self.rows.append(row)
        return row

    def file(self, row: RecordingRow) -> Path:
        return self.directory / "recordings" / f"{row.path}.words"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    greenlets = Greenlets()
    store = Store(f"sqlite:///{tmp_path}/eslbot.db", greenlets)
    made = Place(tmp_path, new_identity(), store, [])
    made.old.write_text(OLD)
    made.new.write_text(NEW)
    for number, talk in enumerate(TALK):
        made.add(number, talk)
    yield made
    store.stop()
    greenlets.stop()
