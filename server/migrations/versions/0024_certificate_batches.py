"""Lay the tables of batches of certificates.

Revision ID: 0024_certificate_batches
Revises: 0023_sittings
"""

import sqlalchemy as sa
from alembic import op

revision = "0024_certificate_batches"
down_revision = "0023_sittings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "issue_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column("qualification_id", sa.Uuid(), nullable=False),
        sa.Column("exam_id", sa.Uuid(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by_person_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(length=64), nullable=True),
        sa.Column("verdict_reason", sa.Text(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("line_count >= 1", name=op.f("ck_issue_batch_line_count")),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["issuer.id"], name=op.f("fk_issue_batch_issuer_id")
        ),
        sa.ForeignKeyConstraint(
            ["qualification_id"],
            ["qualification.id"],
            name=op.f("fk_issue_batch_qualification_id"),
        ),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_issue_batch_exam_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_batch")),
    )
    with op.batch_alter_table("issue_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issue_batch_issuer_id"), ["issuer_id"])
    op.create_table(
        "issue_batch_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=True),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("sampled", sa.Boolean(), nullable=False),
        sa.Column("sound", sa.Boolean(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("inspected_by_id", sa.Uuid(), nullable=True),
        sa.Column("inspected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["issue_batch.id"], name=op.f("fk_issue_batch_line_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_issue_batch_line_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_issue_batch_line_attempt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_batch_line")),
        sa.UniqueConstraint(
            "batch_id", "place", name=op.f("uq_issue_batch_line_batch_id_place")
        ),
        sa.UniqueConstraint(
            "batch_id", "person_id", name=op.f("uq_issue_batch_line_batch_id_person_id")
        ),
    )


def downgrade() -> None:
    op.drop_table("issue_batch_line")
    with op.batch_alter_table("issue_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issue_batch_issuer_id"))
    op.drop_table("issue_batch")
