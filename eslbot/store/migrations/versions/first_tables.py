"""The first tables. Frozen: a later change is a migration of its own."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _id(name: str = "call") -> sa.Column[Any]:
    return sa.Column(name, sa.String(200), nullable=False)


def _word(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(64), nullable=False)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _count(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _time(name: str, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Float(53), nullable=nullable)


TABLES: dict[str, list[sa.Column[Any]]] = {
    "calls": [
        _id(), _word("switch"), _time("started", False), sa.Column("roles_known", sa.Boolean(), nullable=False),
        _id("agent_leg"), _id("customer_leg"), _time("bridged"), _time("ended"), _word("outcome"),
    ],
    "recordings": [
        _id(), sa.Column("part", sa.Integer(), autoincrement=False, nullable=False), _word("switch"),
        _time("started", False), _time("ended"), _count("rate"), _count("channels"), _word("state"), _count("first"),
        _count("samples"), _count("chunks"), _count("words_chunks"), sa.Column("gaps", sa.JSON(), nullable=False),
        _word("sha256"), _word("words_sha256"), sa.Column("recipients", sa.JSON(), nullable=False), _text("path"),
        _id("node"), sa.Column("audio_header", sa.LargeBinary(), nullable=False),
        sa.Column("words_header", sa.LargeBinary(), nullable=False),
    ],
    "violations": [
        _text("hit"), _id(), _time("at", False), _id("rule"), _text("title"), _id("pack"), _word("version"),
        _word("severity"), _word("confirm"), _word("role"), _count("utterance"), _count("ordinal"), _count("start"),
        _count("end"), _text("law_source"), _word("law_sure"), _time("retracted"),
    ],
    "acts": [
        _id("id"), _id(), _word("kind"), _time("at", False), _word("outcome"), _text("detail"), _id("rule"),
        _text("hit"), _id("by"), _time("latency"), _time("reply"),
    ],
    "closings": [_id(), _word("outcome"), _time("started"), _time("stopped")],
    "alerts": [
        _id("id"), _id(), _time("at", False), _word("kind"), _word("severity"), _id("rule"), _text("hit"),
        _count("start"), _count("end"), _text("detail"), _word("delivery"), _count("attempts"), _time("delivered"),
        _time("acknowledged"), _id("acknowledged_by"),
    ],
    "flags": [_id("name"), _text("value"), _time("at", False), _id("by")],
}
KEYS = {"calls": ["call"], "recordings": ["call", "part"], "violations": ["hit"], "acts": ["id"],
        "closings": ["call"], "alerts": ["id"], "flags": ["name"]}
INDEXES = {"calls": ["started", "agent_leg", "customer_leg"], "recordings": ["started", "state"],
           "violations": ["call", "at"], "acts": ["call", "at"], "alerts": ["call", "at", "delivery"]}


def upgrade() -> None:
    for table, columns in TABLES.items():
        op.create_table(table, *columns, sa.PrimaryKeyConstraint(*KEYS[table]))
        for column in INDEXES.get(table, []):
            op.create_index(f"{table}_{column}", table, [column])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
