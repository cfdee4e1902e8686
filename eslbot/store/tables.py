"""The tables, column by column as in rows.py, and the way between a row and its columns. Knows no connection; the
migrations bring a database to exactly this shape (a test compares the two)."""

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from eslbot.store.account_rows import AccountRow
from eslbot.store.appeal_rows import AppealRow
from eslbot.store.recording_rows import HoldRow, RecordingRow, TombstoneRow
from eslbot.store.rows import ActRow, AlertRow, AuditRow, CallRow, ClosingRow, FlagRow, Row, StayRow, ViolationRow

R = TypeVar("R", bound=Row | AuditRow | AccountRow)

metadata = MetaData()

_ID = String(200)
_WORD = String(64)


def _id(name: str = "call", key: bool = False) -> Column[str]:
    return Column(name, _ID, primary_key=key, nullable=False)


def _word(name: str) -> Column[str]:
    return Column(name, _WORD, nullable=False)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _time(name: str, known: bool = False) -> Column[float]:
    """`known`: never NULL."""
    return Column(name, Float(53), nullable=not known)


calls = Table(
    "calls", metadata, _id(key=True), _word("switch"), _time("started", known=True),
    Column("roles_known", Boolean, nullable=False), _id("agent_leg"), _id("customer_leg"), _time("bridged"),
    _time("ended"), _word("outcome"), Column("agent", _ID, nullable=False, server_default=text("''")),
    Column("team", _WORD, nullable=False, server_default=text("''")),
    Column("purpose", _WORD, nullable=False, server_default=text("''")), Index("calls_started", "started"),
    Index("calls_agent_leg", "agent_leg"), Index("calls_customer_leg", "customer_leg"), Index("calls_agent", "agent"),
)
stays = Table(
    "stays", metadata, _id(key=True), Column("ordinal", Integer, primary_key=True, autoincrement=False), _id("leg"),
    _time("started", known=True), _id("agent"), _word("team"), _time("ended"), Column("first", Integer),
    Column("end", Integer), Index("stays_agent", "agent", "call"),
)
recordings = Table(
    "recordings", metadata, _id(key=True), Column("part", Integer, primary_key=True, autoincrement=False),
    _word("switch"), _time("started", known=True), _time("ended"), _count("rate"), _count("channels"), _word("state"),
    _count("first"), _count("samples"), _count("chunks"), _count("words_chunks"), Column("gaps", JSON, nullable=False),
    _word("sha256"), _word("words_sha256"), Column("recipients", JSON, nullable=False), _text("path"), _id("node"),
    Column("audio_header", LargeBinary, nullable=False), Column("words_header", LargeBinary, nullable=False),
    Column("letters", Text, nullable=False, server_default=text("''")), Index("recordings_started", "started"),
    Index("recordings_state", "state"),
)
violations = Table(
    "violations", metadata, Column("hit", Text, primary_key=True, nullable=False), _id(), _time("at", known=True),
    _id("rule"), _text("title"), _id("pack"), _word("version"), _word("severity"), _word("confirm"), _word("role"),
    _count("utterance"), _count("ordinal"), _count("start"), _count("end"), _text("law_source"), _word("law_sure"),
    _time("retracted"), Column("agent", _ID, nullable=False, server_default=text("''")),
    Column("team", _WORD, nullable=False, server_default=text("''")), Index("violations_call", "call"),
    Index("violations_at", "at"), Index("violations_agent", "agent"),
)
acts = Table(
    "acts", metadata, _id("id", key=True), _id(), _word("kind"), _time("at", known=True), _word("outcome"),
    _text("detail"), _id("rule"), _text("hit"), _id("by"), _time("latency"), _time("reply"),
    Index("acts_call", "call"), Index("acts_at", "at"),
)
closings = Table(
    "closings", metadata, _id(key=True), _word("outcome"), _time("started"), _time("stopped"),
)
alerts = Table(
    "alerts", metadata, _id("id", key=True), _id(), _time("at", known=True), _word("kind"), _word("severity"),
    _id("rule"), _text("hit"), _count("start"), _count("end"), _text("detail"), _word("delivery"), _count("attempts"),
    _time("delivered"), _time("acknowledged"), _id("acknowledged_by"), _time("escalated"),
    Index("alerts_call", "call"), Index("alerts_at", "at"), Index("alerts_delivery", "delivery"),
)
appeals = Table(
    "appeals", metadata, _id("id", key=True), Column("hit", Text, nullable=False, unique=True), _id(), _count("part"),
    _time("at", known=True), _id("agent"), _word("team"), _time("due", known=True), _word("state"), _text("reason"),
    _time("closed"), _id("closed_by"), _text("answer"), Index("appeals_call", "call"), Index("appeals_at", "at"),
    Index("appeals_state", "state"), Index("appeals_agent", "agent"),
)
flags = Table("flags", metadata, _id("name", key=True), _text("value"), _time("at", known=True), _id("by"))
holds = Table("holds", metadata, _id(key=True), _time("at", known=True), _id("by"), _text("reason"))
tombstones = Table(
    "tombstones", metadata, _id(key=True), _time("at", known=True), _id("by"), _text("reason"), _text("basis"),
    Column("audit", BigInteger, nullable=False), _time("finished"), Column("receipt", JSON, nullable=False),
)
audit = Table(
    "audit", metadata, Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("id", _WORD, nullable=False, unique=True), Column("at_us", BigInteger, nullable=False), _id("who"),
    _word("what"), _id(), _text("subject"), _text("reason"), _id("node"), _text("detail"), _word("previous"),
    _word("digest"), Index("audit_call", "call"),
)
users = Table(
    "users", metadata, _id("name", key=True), _word("role"), Column("teams", JSON, nullable=False), _word("phone"),
    _text("password"), _text("pin"), Column("disabled", Boolean, nullable=False),
    Column("must_change", Boolean, nullable=False), _count("failures"), _time("locked"), _count("pin_failures"),
    _time("pin_locked"), _time("created", known=True), _time("signed_in"),
    Column("language", _WORD, nullable=False, server_default=text("''")), Index("users_phone", "phone"),
)
sessions = Table(
    "sessions", metadata, Column("id", _WORD, primary_key=True, nullable=False), _id("name"),
    _time("created", known=True), _time("seen", known=True), _time("until", known=True), _id("address"),
    Index("sessions_name", "name"),
)
tokens = Table(
    "tokens", metadata, Column("id", _WORD, primary_key=True, nullable=False), _id("name"),
    Column("digest", _WORD, nullable=False, unique=True), _id("label"), Column("scopes", JSON, nullable=False),
    _time("created", known=True), _time("until"), _time("used"), Index("tokens_name", "name"),
)

TABLE_OF: dict[type, Table] = {
    CallRow: calls, StayRow: stays, RecordingRow: recordings, ViolationRow: violations, ActRow: acts,
    ClosingRow: closings, AlertRow: alerts, AppealRow: appeals, FlagRow: flags, HoldRow: holds,
    TombstoneRow: tombstones,
}
"""Which table keeps which row of a book's. The audit is not among them: a book puts a row over another, and its rows
are never changed; nor are accounts.py's tables."""


def key_of(table: Table) -> tuple[str, ...]:
    """Names of the columns that identify a row."""
    return tuple(column.name for column in table.primary_key.columns)


def columns_of(row: Row | AuditRow | AccountRow) -> dict[str, Any]:
    """A row's columns; tuples become lists for JSON."""
    values = {f.name: getattr(row, f.name) for f in dataclasses.fields(row)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def row_of(kind: type[R], columns: dict[str, Any]) -> R:
    """The row of its columns; lists become tuples again."""
    make: Callable[..., R] = kind
    return make(**{name: tuple(value) if isinstance(value, list) else value for name, value in columns.items()})

