"""Lay the tables of the attempt protocol: sealed packages, moves to another phone.

Revision ID: 0005_attempt_protocol
Revises: 0004_certificates
"""

import sqlalchemy as sa
from alembic import op

revision = "0005_attempt_protocol"
down_revision = "0004_certificates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_package",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("key_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_paper_package_paper_id")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_paper_package")),
        sa.UniqueConstraint("paper_id", name=op.f("uq_paper_package_paper_id")),
    )
    op.create_table(
        "attempt_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("allowed_by_id", sa.Uuid(), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_move_attempt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_move")),
    )
    with op.batch_alter_table("attempt_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_move_attempt_id"), ["attempt_id"])

    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("paper_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_enrolment_paper_id"), "paper", ["paper_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_enrolment_paper_id"), type_="foreignkey")
        batch_op.drop_column("paper_id")
    op.drop_table("attempt_move")
    op.drop_table("paper_package")
