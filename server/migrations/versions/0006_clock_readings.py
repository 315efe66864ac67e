"""Keep which time the processes of a machine believed last.

Revision ID: 0006_clock_readings
Revises: 0005_attempt_protocol
"""

import sqlalchemy as sa
from alembic import op

revision = "0006_clock_readings"
down_revision = "0005_attempt_protocol"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clock_reading",
        sa.Column("boot", sa.Text(), nullable=False),
        sa.Column("wall_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("monotonic", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("boot", name=op.f("pk_clock_reading")),
    )


def downgrade() -> None:
    op.drop_table("clock_reading")
