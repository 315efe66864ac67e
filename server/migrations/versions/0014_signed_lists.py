"""Lay the tables of the signed lists: trust lists and status lists as they were published.

Revision ID: 0014_signed_lists
Revises: 0013_bound_phones
"""

import sqlalchemy as sa
from alembic import op

revision = "0014_signed_lists"
down_revision = "0013_bound_phones"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trust_list_edition",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_trust_list_edition")),
    )
    op.create_table(
        "status_list_edition",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_status_list_edition")),
    )


def downgrade() -> None:
    op.drop_table("status_list_edition")
    op.drop_table("trust_list_edition")
