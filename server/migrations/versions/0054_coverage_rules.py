"""Know by which rules the sums of coverage were counted, so that an upgrade counts them anew.

Revision ID: 0054_coverage_rules
Revises: 0053_coverage_lacks_filled
"""

import sqlalchemy as sa
from alembic import op

revision = "0054_coverage_rules"
down_revision = "0053_coverage_lacks_filled"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coverage_rules",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_rules")),
    )


def downgrade() -> None:
    op.drop_table("coverage_rules")
