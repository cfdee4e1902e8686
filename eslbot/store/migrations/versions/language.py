"""The language an account reads. Frozen: a later change is a migration of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("language", sa.String(64), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    op.drop_column("users", "language")
