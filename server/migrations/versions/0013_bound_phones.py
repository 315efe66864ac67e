"""Keep which phone may write an attempt.

Revision ID: 0013_bound_phones
Revises: 0012_coverage
"""

import sqlalchemy as sa
from alembic import op

revision = "0013_bound_phones"
down_revision = "0012_coverage"
branch_labels = None
depends_on = None

_TABLES = ("attempt", "attempt_move")


def upgrade() -> None:
    for table in _TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("device_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    for table in reversed(_TABLES):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("device_id")
