"""Propose new versions of exam standards, approved by another person.

Revision ID: 0041_standard_proposals
Revises: 0040_contests
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0041_standard_proposals"
down_revision = "0040_contests"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "standard_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("qualification_ids", JSON, nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("rules", JSON, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by_person_id", sa.Uuid(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("decided_because", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_person_id"],
            ["person.id"],
            name=op.f("fk_standard_proposal_decided_by_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_person_id"],
            ["person.id"],
            name=op.f("fk_standard_proposal_proposed_by_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_proposal")),
    )


def downgrade() -> None:
    op.drop_table("standard_proposal")
