"""The search for leaks finds what is planted, and finds nothing in a recording that is made as it should be."""

import base64
import json
import sqlite3
import struct
from pathlib import Path

import pytest

from eslbot.greenlets import Greenlets
from eslbot.model.audio import AudioFrame
from eslbot.record.vault import Vault, VaultOptions
from eslbot.store import ActRow, Store
from tests.record.leak import leaks
from tests.record.rig import CALL, CHUNK_SAMPLES, IDENTITY, STARTED, until

WORDS = ["稳赚不赔", "guaranteed return"]
MARKER = [(n * n * 37 + 11) % 20011 - 10000 for n in range(64)]


def stereo(left: list[int], right: list[int]) -> bytes:
    return b"".join(struct.pack("<hh", a, b) for a, b in zip(left, right, strict=True))


@pytest.mark.parametrize(("planted", "what"), [
    ("x 稳赚不赔 y".encode(), "稳赚不赔 as utf-8"),
    ("x 稳赚不赔".encode("utf-16-le"), "稳赚不赔 as utf-16-le"),
    ("x 稳赚不赔".encode("utf-16-be"), "稳赚不赔 as utf-16-be"),
    ("x 稳赚不赔".encode("gb18030"), "稳赚不赔 as gb18030"),
    (json.dumps({"text": "稳赚不赔"}).encode(), "稳赚不赔 escaped as JSON"),
    (b"a guaranteed return!", "guaranteed return as utf-8"),
    (base64.b64encode(b"a guaranteed return!"), "guaranteed return as base64"),
    (base64.b64encode(b"ab guaranteed return!"), "guaranteed return as base64"),
    (base64.b64encode("说稳赚不赔。".encode()), "稳赚不赔 as base64"),
    (b"odd" + struct.pack("<64h", *MARKER), "audio, mono"),
    (b"RIFF" + stereo(MARKER, [n * 3 for n in MARKER]), "audio, one channel of stereo"),
    (b"RIFF" + stereo([0] * 64, MARKER), "audio, one channel of stereo"),
    (struct.pack(">64h", *MARKER), "audio, big-endian"),
])
def test_a_planted_leak_is_found(tmp_path: Path, planted: bytes, what: str) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (below / "clean").write_bytes(bytes(5000))
    (below / "leak").write_bytes(bytes(70_001) + planted)
    found = leaks([tmp_path], WORDS, MARKER)
    assert {(leak.path.name, leak.what) for leak in found} >= {("leak", what)}
    assert {leak.path.name for leak in found} == {"leak"}


def test_a_word_in_a_files_name_is_found(tmp_path: Path) -> None:
    (tmp_path / "call-稳赚不赔.log").write_text("")
    assert [leak.what for leak in leaks([tmp_path], WORDS)] == ["the name of the file: 稳赚不赔"]


def test_a_search_that_proves_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        leaks([tmp_path / "nothing"], WORDS)
    with pytest.raises(ValueError, match="plain"):
        leaks([tmp_path], WORDS, [0] * 100)


def test_a_recording_leaves_neither_words_nor_audio_on_the_disk(tmp_path: Path) -> None:
    disk, memory = tmp_path / "disk", tmp_path / "memory"
    disk.mkdir()
    group = Greenlets()
    store = Store(f"sqlite:///{disk / 'eslbot.db'}", group)
    durable, closed = [], []
    vault = Vault(VaultOptions(disk / "recordings", (str(IDENTITY.recipient),), memory), store.recordings, group,
                  lambda: STARTED, lambda call, at: durable.append(at), lambda call, reason: None, closed.append)
    one = vault.open(CALL, "pbx1", 8000, STARTED)
    spoken = stereo(MARKER, MARKER[::-1]) * 400
    one.take(AudioFrame(CALL, 0, 8000, spoken))
    for n in range(2000):
        one.say({"n": n, "text": WORDS[n % 2]})
    store.acts.put(ActRow("1", CALL, "mute", 1.0))
    until(lambda: durable)
    assert store.flush(30)
    assert (disk / "eslbot.db-wal").stat().st_size > 0
    assert leaks([disk], WORDS, MARKER) == []
    assert {leak.path.parent for leak in leaks([memory], WORDS, MARKER)} == {memory}   # the search does see them there
    one.close()
    until(lambda: closed)
    assert one.durable == len(spoken) // 4 > CHUNK_SAMPLES
    assert leaks([tmp_path], WORDS, MARKER) == []
    planted = sqlite3.connect(disk / "eslbot.db")
    planted.execute("update acts set detail = ?", (f"he said {WORDS[0]}",))
    planted.commit()
    assert leaks([disk], WORDS, MARKER)
    planted.close()
    store.stop()
    group.stop()
