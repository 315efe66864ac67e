"""Keep the hours of training that authorities ask for in their regions, beside those shipped.

Revision ID: 0055_hours_rules
Revises: 0054_coverage_rules
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0055_hours_rules"
down_revision = "0054_coverage_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hours_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column(
            "roles", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("high_risk", sa.Boolean(), nullable=True),
        sa.Column("construction", sa.Boolean(), nullable=True),
        sa.Column("level", sa.String(length=64), nullable=True),
        sa.Column("tenths", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("law", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("tenths > 0", name=op.f("ck_hours_rule_tenths")),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["organisation.id"], name=op.f("fk_hours_rule_authority_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_rule")),
    )
    op.create_index(op.f("ix_hours_rule_authority_id"), "hours_rule", ["authority_id"])
    op.create_index(op.f("ix_hours_rule_type"), "hours_rule", ["type"])


def downgrade() -> None:
    op.drop_table("hours_rule")
