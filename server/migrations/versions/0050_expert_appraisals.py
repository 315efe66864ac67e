"""Keep the appraisals of experts within their terms.

Revision ID: 0050_expert_appraisals
Revises: 0049_archives
"""

import sqlalchemy as sa
from alembic import op

revision = "0050_expert_appraisals"
down_revision = "0049_archives"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "expert_appraisal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("trained_on", sa.Date(), nullable=True),
        sa.Column("appraised_on", sa.Date(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["expert_appointment.id"],
            name=op.f("fk_expert_appraisal_appointment_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_appraisal")),
    )
    op.create_index(
        op.f("ix_expert_appraisal_appointment_id"), "expert_appraisal", ["appointment_id"]
    )


def downgrade() -> None:
    op.drop_table("expert_appraisal")
