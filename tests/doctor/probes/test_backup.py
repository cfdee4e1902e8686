"""A backup that was made, is old, lies on the same disk, is another's, or is not there."""

import os
import time
from pathlib import Path

import pytest

from eslbot.doctor.probes import backup
from eslbot.doctor.probes.local import who_is
from eslbot.doctor.verdicts.backup import judge
from eslbot.doctor.verdicts.store import StoreSeen
from eslbot.greenlets import Greenlets
from eslbot.record.backup.making import Source, run
from eslbot.record.backup.places import Directory
from eslbot.record.checkpoint import Signer, make_key
from eslbot.record.keys import parse_recipient
from eslbot.store import Ledger, Store
from tests.doctor.conftest import levels

STORE = StoreSeen("sqlite:///x.db", revision="b", newest="b", recordings=3)


@pytest.fixture
def settings(made, tmp_path):
    """With one signed snapshot, just made."""
    made_key = tmp_path / "audit.key"
    make_key(made_key)
    (tmp_path / "backup").mkdir()
    settings = made(backup={"to": str(tmp_path / "backup")}, audit={"key": str(made_key)})
    greenlets = Greenlets()
    store = Store(settings.store.url, greenlets)
    store.flush(30)
    store.stop()
    greenlets.stop()
    ledger = Ledger(settings.store.url)
    recipients = tuple(parse_recipient(text) for text in settings.sealed_for)
    source = Source(ledger, settings.record.directory, "here", "test", recipients, time.time, Signer.of(made_key))
    run(source, Directory(Path(settings.backup.to)), 7)
    ledger.close()
    return settings


def found(settings, later: float = 0.0, store: StoreSeen = STORE) -> dict[str, str]:
    section = settings.backup
    return levels(judge(backup.look(settings), store, section.every, section.rehearse, settings.audit.key is not None,
                        time.time() + later, who_is(os.geteuid())))


def test_a_fresh_one_is_good_and_grows_old(settings) -> None:
    assert found(settings)["backup.age"] == "ok"
    assert found(settings, 1.6 * 86400)["backup.age"] == "warning"
    assert found(settings, 4 * 86400)["backup.age"] == "error"


def test_one_on_the_same_disk_is_warned_of(settings) -> None:
    assert found(settings)["backup.place"] == "warning"


def test_a_signature_by_another_key(settings, tmp_path) -> None:
    assert "backup.signature" not in found(settings)
    for file in (settings.audit.key, tmp_path / "audit.key.pub"):
        file.unlink()
    make_key(settings.audit.key)
    assert found(settings)["backup.signature"] == "error"


def test_one_that_was_tampered_with(settings, tmp_path) -> None:
    [file] = (tmp_path / "backup/snapshot").iterdir()
    file.write_text(file.read_text().replace('"calls":0', '"calls":1'))
    assert found(settings) == {"backup.age": "error"}


def test_none_there_none_configured_and_a_place_that_is_away(made, tmp_path) -> None:
    (tmp_path / "empty").mkdir()
    empty = made(backup={"to": str(tmp_path / "empty")})
    assert found(empty)["backup.age"] == "error"
    assert found(empty, store=StoreSeen("x", revision="b", newest="b"))["backup.age"] == "hint"
    assert found(made(backup={"to": str(tmp_path / "away")})) == {"backup.age": "error"}
    assert list(tmp_path.glob("away")) == []
