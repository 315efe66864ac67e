"""Lay the tables of what is believed although its key is compromised.

Revision ID: 0037_allowed_payloads
Revises: 0036_notices
"""

import sqlalchemy as sa
from alembic import op

revision = "0037_allowed_payloads"
down_revision = "0036_notices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "allowed_payload",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_allowed_payload")),
    )
    op.create_table(
        "allow_list_edition",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_allow_list_edition")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_valid_until"), ["valid_until"])


def downgrade() -> None:
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_valid_until"))
    op.drop_table("allow_list_edition")
    op.drop_table("allowed_payload")
