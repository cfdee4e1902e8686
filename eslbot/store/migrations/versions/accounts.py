"""Accounts, sessions, tokens, and whose a call is. Frozen: a later change is a migration of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.String(200)
_WORD = sa.String(64)


def upgrade() -> None:
    op.add_column("calls", sa.Column("agent", _ID, nullable=False, server_default=sa.text("''")))
    op.add_column("calls", sa.Column("team", _WORD, nullable=False, server_default=sa.text("''")))
    op.create_index("calls_agent", "calls", ["agent"])
    op.create_table(
        "users", sa.Column("name", _ID, nullable=False), sa.Column("role", _WORD, nullable=False),
        sa.Column("teams", sa.JSON(), nullable=False), sa.Column("phone", _WORD, nullable=False),
        sa.Column("password", sa.Text(), nullable=False), sa.Column("pin", sa.Text(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False), sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False), sa.Column("locked", sa.Float(53)),
        sa.Column("pin_failures", sa.Integer(), nullable=False), sa.Column("pin_locked", sa.Float(53)),
        sa.Column("created", sa.Float(53), nullable=False), sa.Column("signed_in", sa.Float(53)),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_index("users_phone", "users", ["phone"])
    op.create_table(
        "sessions", sa.Column("id", _WORD, nullable=False), sa.Column("name", _ID, nullable=False),
        sa.Column("created", sa.Float(53), nullable=False), sa.Column("seen", sa.Float(53), nullable=False),
        sa.Column("until", sa.Float(53), nullable=False), sa.Column("address", _ID, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("sessions_name", "sessions", ["name"])
    op.create_table(
        "tokens", sa.Column("id", _WORD, nullable=False), sa.Column("name", _ID, nullable=False),
        sa.Column("digest", _WORD, nullable=False), sa.Column("label", _ID, nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False), sa.Column("created", sa.Float(53), nullable=False),
        sa.Column("until", sa.Float(53)), sa.Column("used", sa.Float(53)), sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    op.create_index("tokens_name", "tokens", ["name"])


def downgrade() -> None:
    for table in ("tokens", "sessions", "users"):
        op.drop_table(table)
    op.drop_index("calls_agent", "calls")
    op.drop_column("calls", "team")
    op.drop_column("calls", "agent")
