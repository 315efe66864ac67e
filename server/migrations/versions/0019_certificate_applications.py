"""Lay the tables of applications for certificates.

Revision ID: 0019_certificate_applications
Revises: 0018_paper_targets
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019_certificate_applications"
down_revision = "0018_paper_targets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate_application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("qualification_id", sa.Uuid(), nullable=False),
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=True),
        sa.Column("attempt_id", sa.Uuid(), nullable=True),
        sa.Column(
            "documents",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_certificate_application_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["qualification_id"],
            ["qualification.id"],
            name=op.f("fk_certificate_application_qualification_id"),
        ),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["issuer.id"], name=op.f("fk_certificate_application_issuer_id")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_certificate_application_certificate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_certificate_application_attempt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_application")),
    )
    with op.batch_alter_table("certificate_application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_application_issuer_id"), ["issuer_id"])
        batch_op.create_index(batch_op.f("ix_certificate_application_person_id"), ["person_id"])
    op.create_table(
        "certificate_application_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("certificate_id", sa.Uuid(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["certificate_application.id"],
            name=op.f("fk_certificate_application_step_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_certificate_application_step_certificate_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_application_step")),
        sa.UniqueConstraint(
            "application_id",
            "sequence",
            name=op.f("uq_certificate_application_step_application_id_sequence"),
        ),
    )


def downgrade() -> None:
    op.drop_table("certificate_application_step")
    with op.batch_alter_table("certificate_application", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_application_person_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_application_issuer_id"))
    op.drop_table("certificate_application")
