"""Many recordings' rows without their files: real headers, wrapped for whom one likes."""

import os
import random
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert

from eslbot.record import container
from eslbot.record.keys import Identity, header_for
from eslbot.store.engine import engine_of
from eslbot.store.recording_rows import RecordingRow
from eslbot.store.tables import columns_of, recordings
from tests.record.rig import STARTED


def fill(url: str, count: int, identities: Sequence[Identity], seed: int = 1, at_once: int = 2000) -> list[str]:
    """Puts that many closed recordings into a store that is there; gives their calls, in order."""
    dice = random.Random(seed)
    recipients = [one.recipient for one in identities]
    calls = sorted(str(UUID(int=dice.getrandbits(128), version=4)) for _ in range(count))
    engine = engine_of(url)
    for start in range(0, count, at_once):
        rows = [RecordingRow(
            call, "pbx1", STARTED + start + n, 8000, header_for(os.urandom(16), recipients),
            header_for(os.urandom(16), recipients), f"2026/11/18/{call}", tuple(map(str, recipients)),
            ended=STARTED + 200, state="complete", samples=8000, sha256="a" * 64, words_sha256="b" * 64, node="n1")
            for n, call in enumerate(calls[start : start + at_once])]
        with engine.begin() as connection:
            connection.execute(insert(recordings), [columns_of(row) for row in rows])
    engine.dispose()
    return calls


def keys_of(row: RecordingRow, *identities: Identity) -> tuple[bytes, bytes]:
    """Both file keys. Raises NoMatch."""
    audio, words = (container.open_with(container.parse(header), identities)
                    for header in (row.audio_header, row.words_header))
    return audio, words
