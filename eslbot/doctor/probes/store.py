"""Reads the store's tables and the audit's last checkpoint; writes and migrates nothing."""

import json
import stat
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError

from eslbot.config import Settings
from eslbot.doctor.probes.local import way_or_above, way_to
from eslbot.doctor.verdicts.store import AccountSeen, AuditSeen, StoreSeen
from eslbot.record.checkpoint import CheckpointProblem, Signer, marks, public_file, public_key
from eslbot.record.retention import WITNESS
from eslbot.store import StoreProblem, destruction, migrate
from eslbot.store.account_rows import UserRow
from eslbot.store.engine import engine_of, file_of
from eslbot.store.tables import audit, flags, recordings, row_of, users
from eslbot.supervise.changing import rules
from eslbot.supervise.shown import codes

CHORE = "chore-"
"""What the flags of what is done from time to time begin with."""


def look(settings: Settings) -> StoreSeen:
    """Blocks; never raises for a store that is away, old or broken."""
    url = settings.store.url
    shown = make_url(url).render_as_string(hide_password=True)
    newest = migrate.newest()
    path = file_of(make_url(url))
    if path is not None and not path.exists():
        return StoreSeen(shown, absent=True, newest=newest)
    try:
        engine = engine_of(url, readonly=True)
        with engine.connect() as connection:
            revision = migrate.revision(connection)
            rows = _rows(connection) if revision == newest else {}
        engine.dispose()
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        return StoreSeen(shown, driver=str(error), newest=newest)
    except StoreProblem as error:
        return StoreSeen(shown, problem=str(error), newest=newest)
    except (SQLAlchemyError, OSError) as error:
        said = str(getattr(error, "orig", None) or error).strip().splitlines()
        return StoreSeen(shown, problem=said[0] if said else type(error).__name__, newest=newest)
    return StoreSeen(
        shown, revision=revision, newest=newest, known=revision is None or migrate.knows(revision),
        open_to_others=path is not None and bool(stat.S_IMODE(path.stat().st_mode) & 0o077),
        way=() if path is None else way_to(path), **rows,
    )


def _rows(connection: Connection) -> dict[str, Any]:
    there = recordings.c.ended.is_not(None) & (recordings.c.state != destruction.ERASED)
    newest, count = connection.execute(select(func.max(recordings.c.ended), func.count()).where(there)).one()
    witness = connection.execute(select(flags.c.value).where(flags.c.name == WITNESS)).scalar()
    chores = connection.execute(select(flags.c.name, flags.c.at).where(flags.c.name.startswith(CHORE)))
    people = [row_of(UserRow, dict(one)) for one in connection.execute(select(users).order_by(users.c.name)).mappings()]
    return {
        "accounts": tuple(AccountSeen(one.name, rules(one), codes(one, time.time())) for one in people),
        "newest_recording": newest, "recordings": int(count), "witness": None if witness is None else float(witness),
        "chores": {str(name).removeprefix(CHORE): float(at) for name, at in chores},
    }


def look_at_audit(settings: Settings, store: StoreSeen) -> AuditSeen:
    """The key, the file of checkpoints, and the row that the last of them signs. Blocks; raises nothing."""
    key, file = settings.audit.key, settings.audit.checkpoint
    if key is None:
        return AuditSeen()
    named = "" if file is None else str(file)
    try:
        Signer.of(key)
        public = public_key(public_file(key))
    except CheckpointProblem as problem:
        return AuditSeen(str(key), str(problem), named)
    if file is None:
        return AuditSeen(str(key))
    way = way_or_above(file)
    if not file.exists():
        return AuditSeen(str(key), file=named, way=way)
    try:
        signed = marks(file, public)
        last = json.loads(file.read_text("utf-8").splitlines()[-1])
    except (CheckpointProblem, OSError, ValueError, IndexError) as problem:
        return AuditSeen(str(key), file=named, file_problem=f"{file}: {problem}", way=way)
    seq = int(last["seq"])
    there = _digest(settings.store.url, seq) if store.readable else None
    at = int(last["at_us"]) / 1e6
    return AuditSeen(str(key), file=named, at=at, seq=seq, signed=signed[seq], there=there, way=way)


def _digest(url: str, seq: int) -> str | None:
    engine = engine_of(url, readonly=True)
    try:
        with engine.connect() as connection:
            found = connection.execute(select(audit.c.digest).where(audit.c.seq == seq)).scalar()
        return None if found is None else str(found)
    except SQLAlchemyError:
        return None
    finally:
        engine.dispose()


def directory_of(settings: Settings) -> Path | None:
    """Where SQLite's file lies; None for another database."""
    path = file_of(make_url(settings.store.url))
    return None if path is None else path.absolute().parent
