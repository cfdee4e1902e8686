"""A full database of every earlier shape, brought up: no row is lost, and each is read. What stood in the first shapes
is kept as text beside the tests (tests/vectors/store), as the program of that time wrote it; and every shape there ever
was is filled, table by table, with rows made up from its columns, so that a later migration is tried without a change
here."""

import base64
import json
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Boolean, Engine, Float, Integer, LargeBinary, MetaData, String, Table, insert, select

from eslbot.store import Ledger, Store, chain, migrate
from eslbot.store.engine import engine_of, make_file
from eslbot.store.rows import AuditRow
from eslbot.store.tables import TABLE_OF, audit, row_of

pytestmark = pytest.mark.usefixtures("every_migration")

VECTORS = Path(__file__).parents[1] / "vectors" / "store"
CHANGED: set[tuple[str, str]] = set()
"""Columns that a migration fills anew on purpose, or takes away: (table, column)."""
SAMPLES: dict[tuple[str, str], Any] = {}
"""Values for columns that do not take just any: (table, column)."""


def revisions() -> list[str]:
    """Oldest first."""
    with as_file(files("eslbot.store") / "migrations") as directory:
        script = ScriptDirectory.from_config(migrate._config(str(directory)))
        return [one.revision for one in reversed(list(script.walk_revisions()))]


def made(url: str, revision: str) -> Engine:
    """A database of that shape, by the migrations up to it."""
    make_file(url)
    engine = engine_of(url)
    with as_file(files("eslbot.store") / "migrations") as directory, engine.begin() as connection:
        config = migrate._config(str(directory))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return engine


def tables_of(engine: Engine) -> dict[str, Table]:
    found = MetaData()
    found.reflect(engine)
    return {table.name: table for table in found.sorted_tables if table.name != "alembic_version"}


def rows_of(engine: Engine, table: Table) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()]


def made_up(table: Table, column: Any, number: int, parents: dict[str, list[dict[str, Any]]]) -> Any:
    """A value the column takes; another for another number."""
    if (table.name, column.name) in SAMPLES:
        return SAMPLES[table.name, column.name]
    for key in column.foreign_keys:
        return parents[key.column.table.name][number][key.column.name]
    if column.nullable and number % 2:
        return None
    if isinstance(column.type, Boolean):
        return bool(number % 2)
    if isinstance(column.type, JSON):
        return {"n": number, "text": "稳赚", "list": [1, None]}
    if isinstance(column.type, LargeBinary):
        return bytes([0, 255, number])
    if isinstance(column.type, Float):
        return 1_795_000_000.25 + number
    if isinstance(column.type, Integer):
        return number + 1
    assert isinstance(column.type, String), f"{table.name}.{column.name}: a type the test knows no value of"
    return f"{column.name}-{number}-稳"[: column.type.length]


def filled(engine: Engine, count: int = 4) -> dict[str, list[dict[str, Any]]]:
    """Every table there is, with rows made up."""
    there: dict[str, list[dict[str, Any]]] = {}
    for name, table in tables_of(engine).items():
        there[name] = [{column.name: made_up(table, column, number, there) for column in table.columns}
                       for number in range(count)]
        with engine.begin() as connection:
            connection.execute(insert(table), there[name])
    return there


def kept(engine: Engine, before: dict[str, list[dict[str, Any]]]) -> None:
    """Every row that was there is there, and says in each column that is left what it said."""
    after = tables_of(engine)
    for name, rows in before.items():
        if name not in after:
            assert (name, "*") in CHANGED, f"{name} is gone"
            continue
        found = rows_of(engine, after[name])
        assert len(found) == len(rows), name
        for column in rows[0] if rows else ():
            if (name, column) not in CHANGED:
                assert sorted(map(_text, (row[column] for row in rows))) == \
                    sorted(map(_text, (row[column] for row in found))), f"{name}.{column}"


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=lambda data: base64.b64encode(data).decode())


@pytest.mark.parametrize("revision", revisions())
def test_a_full_store_of_any_shape_keeps_every_row_and_each_is_read(url: str, revision: str) -> None:
    engine = made(url, revision)
    before = filled(engine)
    assert before
    assert all(before.values())
    migrate.upgrade(engine)
    migrate.check(engine)
    kept(engine, before)
    made_of = {"stays": [row for row in before["calls"] if row.get("agent")]}
    for kind, table in TABLE_OF.items():
        wanted = before.get(table.name, made_of.get(table.name, []))
        assert len([row_of(kind, row) for row in rows_of(engine, table)]) == len(wanted)
    assert len([AuditRow(**row) for row in rows_of(engine, audit)]) == len(before.get("audit", ()))


@pytest.mark.parametrize("file", sorted(VECTORS.glob("*.jsonl")), ids=lambda file: file.stem)
def test_what_an_earlier_program_wrote_is_read_as_it_was_meant(url: str, file: Path) -> None:
    engine = made(url, file.stem)
    tables, before = tables_of(engine), {}
    for line in file.read_text("utf-8").splitlines():
        name, columns = json.loads(line)
        row = {key: base64.b64decode(value["base64"]) if isinstance(value, dict) and set(value) == {"base64"} else value
               for key, value in columns.items()}
        before.setdefault(name, []).append(row)
    assert set(before) == set(tables), "the vector fills every table of its shape"
    with engine.begin() as connection:
        for name, rows in before.items():
            connection.execute(insert(tables[name]), rows)
    migrate.upgrade(engine)
    kept(engine, before)
    store = Store.open_readonly(url)
    [recording] = store.recordings.find(state="complete")
    assert recording.recipients == ("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",)
    assert recording.audio_header.startswith(b"age-encryption.org/v1\n-> X25519 ")
    assert recording.gaps == ({"first": 8000, "end": 16000, "reason": "source"},)
    [violation] = store.violations.find()
    owned = [(row.ordinal, row.leg, row.agent, row.team, row.started, row.first) for row in store.stays.find()]
    mine = [row for row in before["calls"] if row.get("agent")]
    assert owned == [(1, row["agent_leg"], row["agent"], row["team"], row["bridged"], 0) for row in mine]
    assert [violation.agent] == ([row["agent"] for row in mine] or [""]), "it was the call's last agent's until now"
    assert (violation.title, violation.law_source, violation.retracted) == ("稳赚不赔", "广告法 25", None)
    assert [(call.outcome, call.bridged) for call in store.calls.find()] == [("completed", 1_795_000_003.5), ("", None)]
    store.stop()
    found = chain.walk(Ledger(url).rows())
    assert found.fault is None
    assert found.rows == len(before.get("audit", ()))
