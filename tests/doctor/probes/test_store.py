"""A store that is not there, of another shape, broken, away, or with an audit that is not what was signed."""

import sqlite3
import time

import pytest

from eslbot.doctor.probes import store
from eslbot.doctor.rights import Who
from eslbot.doctor.verdicts.store import AccountSeen, judge, judge_audit
from eslbot.greenlets import Greenlets
from eslbot.record.checkpoint import Signer, append, make_key
from eslbot.record.retention import WITNESS
from eslbot.store import FlagRow, Ledger, RecordingRow, Store, migrate
from eslbot.store.account_rows import UserRow
from eslbot.store.accounts import AccountStore
from eslbot.store.chain import Entry
from tests.doctor.conftest import levels

ROOT = Who(0, frozenset({0}), "root")


@pytest.fixture
def settings(made, tmp_path):
    """With a store that holds a recording, a witness, a chore that was done, and an audit."""
    settings = made(audit={"key": str(tmp_path / "audit.key"), "checkpoint": str(tmp_path / "marks.jsonl")})
    greenlets = Greenlets()
    rows = Store(settings.store.url, greenlets)
    call = "00000000-0000-4000-8000-000000000000"
    rows.recordings.put(RecordingRow(call, "pbx", 100.0, 8000, b"", b"", "a", ended=160.0, state="complete"))
    rows.flags.put(FlagRow(WITNESS, "200.5", 200.5))
    rows.flags.put(FlagRow("chore-rehearsal", "done", 150.0))
    assert rows.flush(30)
    rows.stop()
    greenlets.stop()
    ledger = Ledger(settings.store.url)
    ledger.append(Entry("shadow", "someone", detail="on"), Entry("shadow", "someone", detail="off"))
    ledger.close()
    make_key(settings.audit.key)
    return settings


def sql(settings, *statements: str) -> None:
    with sqlite3.connect(settings.store.url.removeprefix("sqlite:///")) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def sign(settings, at: float) -> None:
    ledger = Ledger(settings.store.url)
    last = ledger.last()
    ledger.close()
    append(settings.audit.checkpoint, Signer.of(settings.audit.key).checkpoint(
        last.seq, last.digest, int(at * 1e6), "here"))


def audited(settings, now: float) -> dict[str, str]:
    seen = store.look(settings)
    return levels(judge_audit(store.look_at_audit(settings, seen), seen, settings.audit.every, now, ROOT))


def test_what_a_store_tells(settings) -> None:
    seen = store.look(settings)
    assert seen.readable
    assert (seen.newest_recording, seen.recordings, seen.witness, dict(seen.chores)) == (
        160.0, 1, 200.5, {"rehearsal": 150.0})
    assert set(levels(judge(seen, ROOT)).values()) == {"ok"}


def test_what_accounts_can_do_is_told_without_a_number_or_a_hash(settings) -> None:
    accounts = AccountStore(settings.store.url)
    for row in (UserRow("boss", "admin", password="h", phone="1900", pin="h"), UserRow("shut", "admin", disabled=True),
                UserRow("su", "supervisor", phone="2001"), UserRow("seat7", "agent", phone="1001")):
        accounts.add(row, Entry("user-added", "test"))
    accounts.close()
    assert store.look(settings).accounts == (
        AccountSeen("boss", True, "ready"), AccountSeen("seat7", False, None), AccountSeen("shut", False, "disabled"),
        AccountSeen("su", False, "no PIN"))


def test_a_store_that_is_not_there_yet_is_made_by_the_first_start_and_not_by_looking(made, tmp_path) -> None:
    settings = made()
    assert levels(judge(store.look(settings), ROOT)) == {"store.reachable": "hint"}
    assert not (tmp_path / "eslbot.db").exists()


def test_an_older_store_is_warned_of_a_newer_one_is_an_error_and_neither_is_changed(settings) -> None:
    older = next(one for one in _revisions() if one != migrate.newest())
    sql(settings, f"UPDATE alembic_version SET version_num = '{older}'")
    seen = store.look(settings)
    assert (seen.revision, seen.readable, levels(judge(seen, ROOT))["store.revision"]) == (older, False, "warning")
    sql(settings, "UPDATE alembic_version SET version_num = 'of-tomorrow'")
    assert levels(judge(store.look(settings), ROOT))["store.revision"] == "error"


def _revisions() -> list[str]:
    from importlib.resources import files

    return [line.split('"')[1] for file in (files("eslbot.store") / "migrations/versions").iterdir()
            if file.name.endswith(".py") for line in file.read_text().splitlines() if line.startswith("revision")]


def test_a_file_that_is_no_store_and_one_that_others_may_read(made, settings, tmp_path) -> None:
    (tmp_path / "eslbot.db").chmod(0o644)
    assert levels(judge(store.look(settings), ROOT))["store.mode"] == "warning"
    (tmp_path / "other").write_bytes(b"this is no database at all " * 50)
    other = made(store={"url": f"sqlite:///{tmp_path}/other"})
    assert levels(judge(store.look(other), ROOT)) == {"store.reachable": "error"}


def test_a_database_that_is_away_is_told_without_its_password(made) -> None:
    away = made(store={"url": "postgresql+psycopg://eslbot:geheim@127.0.0.1:1/eslbot"})
    [one] = judge(store.look(away), ROOT)
    assert one.level.value == "error"
    assert "geheim" not in one.found + one.mend + one.of


def test_a_checkpoint_that_is_young_old_none_or_of_another_chain(settings) -> None:
    now = time.time()
    assert audited(settings, now) == {"store.checkpoint": "hint"}
    sign(settings, now - 60)
    assert audited(settings, now) == {"store.checkpoint": "ok", "store.chain": "ok"}
    assert audited(settings, now + 3 * settings.audit.every)["store.checkpoint"] == "warning"
    sql(settings, "UPDATE audit SET digest = 'ab' WHERE seq = 2")
    assert audited(settings, now)["store.chain"] == "error"
    sql(settings, "DELETE FROM audit WHERE seq = 2")
    assert audited(settings, now)["store.chain"] == "error"


def test_checkpoints_that_were_tampered_with_or_a_key_that_others_read(settings) -> None:
    sign(settings, time.time())
    text = settings.audit.checkpoint.read_text()
    settings.audit.checkpoint.write_text(text.replace('"seq": 2', '"seq": 1'))
    assert audited(settings, time.time()) == {"store.checkpoint": "error"}
    settings.audit.key.chmod(0o644)
    assert audited(settings, time.time()) == {"store.checkpoint": "error"}


def test_without_a_key_the_doctor_says_what_would_not_show(made) -> None:
    settings = made()
    assert audited(settings, time.time()) == {"store.checkpoint": "hint"}


def test_a_store_that_root_made_is_not_the_services_to_write(settings, tmp_path) -> None:
    other = Who(65531, frozenset({65531}), "eslbot")
    tmp_path.chmod(0o755)
    found = {one.check: one for one in judge(store.look(settings), other)}
    assert found["store.writable"].level.value == "error"
    assert found["store.writable"].mend.startswith("chown eslbot ")
