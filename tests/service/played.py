"""A sealed recording in a real store and directory, and what opens it for the console: for the tests of both."""

from pathlib import Path

import gevent

from eslbot.greenlets import Greenlets
from eslbot.model.audio import Gap
from eslbot.record.vault import Vault, VaultOptions
from eslbot.service.people.playing import Playing
from eslbot.service.people.sounds import Sounds
from eslbot.store.chain import Entry
from eslbot.store.recording_rows import RecordingRow
from eslbot.store.rows import CallRow, StayRow, ViolationRow
from eslbot.store.store import Store
from eslbot.supervise.records import Records
from tests.record.rig import CALL, IDENTITY, STARTED, frame, until

SAMPLES = 40_000
EVIL = "</script><img src=x onerror=alert(1)>"
"""Said in the recording."""


def record(store: Store, directory: Path, greenlets: Greenlets) -> RecordingRow:
    """Five seconds, the second of them lost; an utterance with times, a card number in another, and a violation."""
    closed: list[RecordingRow] = []
    options = VaultOptions(directory / "recordings", (str(IDENTITY.recipient),), directory / "live", "n1")
    vault = Vault(options, store.recordings, greenlets, lambda: STARTED + 100, lambda call, at: None,
                  lambda call, reason: None, closed.append)
    writer = vault.open(CALL, "pbx1", 8000, STARTED)
    writer.take(frame(0, 8_000))
    writer.take(frame(16_000, SAMPLES - 16_000))
    writer.lost(Gap(CALL, 8_000, 16_000, "source"))
    writer.say({"kind": "judged", "life": 0, "rate": 8000, "roles_known": True, "voices": True})
    for n, (role, text) in enumerate((("agent", f"稳 赚 {EVIL}"), ("customer", " ".join("6222021234567890128")))):
        words = text.split()
        writer.say({"kind": "words", "role": role, "utterance": n, "text": text, "start": 16_000, "end": 24_000,
                    "words": [[word, 16_000 + 100 * k, 16_100 + 100 * k] for k, word in enumerate(words)]})
    writer.close()
    until(lambda: closed)
    gevent.sleep(0.05)
    store.calls.put(CallRow(CALL, "pbx1", STARTED, agent="seat1", team="north"))
    store.stays.put(StayRow(CALL, 1, "leg", STARTED, "seat1", "north", first=0))
    store.violations.put(ViolationRow(
        "h", CALL, STARTED + 2, "promise", EVIL, "a-pack", "1", "severe", "final", "agent", 0, 0, 16_000, 16_200,
        "a law", "P"))
    assert store.flush(30)
    vault.stop()
    return closed[0]


def playing(store: Store, directory: Path, audited: list[Entry], asks: bool = False) -> Playing:
    records = Records(store, lambda: STARTED, audited.append)
    sounds = Sounds(lambda: [IDENTITY], directory / "recordings", records, audited.append, lambda: STARTED, asks)
    return Playing(sounds, store)
