"""Every agent who was in a call, whose a violation is, and when an alert was escalated. Frozen: a later change is
a migration of its own.

Of the calls that are there only the last agent is known: theirs is the whole call, as it was until now."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.String(200)
_WORD = sa.String(64)


def upgrade() -> None:
    op.create_table(
        "stays", sa.Column("call", _ID, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("leg", _ID, nullable=False), sa.Column("started", sa.Float(53), nullable=False),
        sa.Column("agent", _ID, nullable=False), sa.Column("team", _WORD, nullable=False),
        sa.Column("ended", sa.Float(53)), sa.Column("first", sa.Integer()), sa.Column("end", sa.Integer()),
        sa.PrimaryKeyConstraint("call", "ordinal"),
    )
    op.execute(
        'INSERT INTO stays ("call", "ordinal", "leg", "started", "agent", "team", "ended", "first", "end") '
        'SELECT "call", 1, "agent_leg", COALESCE("bridged", "started"), "agent", "team", "ended", 0, NULL '
        "FROM calls WHERE \"agent\" <> ''"
    )
    op.create_index("stays_agent", "stays", ["agent", "call"])
    for name, kind in (("agent", _ID), ("team", _WORD)):
        op.add_column("violations", sa.Column(name, kind, nullable=False, server_default=sa.text("''")))
    op.execute(
        'UPDATE violations SET "agent" = (SELECT calls."agent" FROM calls WHERE calls."call" = violations."call"), '
        '"team" = (SELECT calls."team" FROM calls WHERE calls."call" = violations."call") '
        'WHERE EXISTS (SELECT 1 FROM calls WHERE calls."call" = violations."call")'
    )
    op.create_index("violations_agent", "violations", ["agent"])
    op.add_column("alerts", sa.Column("escalated", sa.Float(53)))


def downgrade() -> None:
    op.drop_column("alerts", "escalated")
    op.drop_index("violations_agent", "violations")
    for name in ("team", "agent"):
        op.drop_column("violations", name)
    op.drop_table("stays")
