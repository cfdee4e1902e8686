"""Appeals, and the public key that letters about a call are sealed for. Frozen: a later change is a migration of its
own."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ID = sa.String(200)
_WORD = sa.String(64)


def upgrade() -> None:
    op.add_column("recordings", sa.Column("letters", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.create_table(
        "appeals", sa.Column("id", _ID, nullable=False), sa.Column("hit", sa.Text(), nullable=False),
        sa.Column("call", _ID, nullable=False), sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float(53), nullable=False), sa.Column("agent", _ID, nullable=False),
        sa.Column("team", _WORD, nullable=False), sa.Column("due", sa.Float(53), nullable=False),
        sa.Column("state", _WORD, nullable=False), sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("closed", sa.Float(53)), sa.Column("closed_by", _ID, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False), sa.PrimaryKeyConstraint("id"), sa.UniqueConstraint("hit"),
    )
    for column in ("call", "at", "state", "agent"):
        op.create_index(f"appeals_{column}", "appeals", [column])


def downgrade() -> None:
    op.drop_table("appeals")
    op.drop_column("recordings", "letters")
