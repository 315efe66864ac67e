"""Keep on what a bar rests, and that it was lifted.

Revision ID: 0031_bars
Revises: 0030_gates
"""

import sqlalchemy as sa
from alembic import op

revision = "0031_bars"
down_revision = "0030_gates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("bar", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ground", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("document", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("imposed_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("lifted_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("lift_reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("lift_document", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("bar", schema=None) as batch_op:
        batch_op.drop_column("lift_document")
        batch_op.drop_column("lift_reason")
        batch_op.drop_column("lifted_on")
        batch_op.drop_column("imposed_by_id")
        batch_op.drop_column("document")
        batch_op.drop_column("ground")
