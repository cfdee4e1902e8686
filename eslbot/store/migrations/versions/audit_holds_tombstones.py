"""The audit's chain, legal holds, and what is left of what was erased. Frozen: a later change is a migration of its
own."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.String(200)
_WORD = sa.String(64)


def upgrade() -> None:
    op.create_table(
        "holds", sa.Column("call", _ID, nullable=False), sa.Column("at", sa.Float(53), nullable=False),
        sa.Column("by", _ID, nullable=False), sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("call"),
    )
    op.create_table(
        "tombstones", sa.Column("call", _ID, nullable=False), sa.Column("at", sa.Float(53), nullable=False),
        sa.Column("by", _ID, nullable=False), sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False), sa.Column("audit", sa.BigInteger(), nullable=False),
        sa.Column("finished", sa.Float(53)), sa.Column("receipt", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("call"),
    )
    op.create_table(
        "audit", sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", _WORD, nullable=False), sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("who", _ID, nullable=False), sa.Column("what", _WORD, nullable=False),
        sa.Column("call", _ID, nullable=False), sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False), sa.Column("node", _ID, nullable=False),
        sa.Column("detail", sa.Text(), nullable=False), sa.Column("previous", _WORD, nullable=False),
        sa.Column("digest", _WORD, nullable=False), sa.PrimaryKeyConstraint("seq"), sa.UniqueConstraint("id"),
    )
    op.create_index("audit_call", "audit", ["call"])


def downgrade() -> None:
    for table in ("audit", "tombstones", "holds"):
        op.drop_table(table)
