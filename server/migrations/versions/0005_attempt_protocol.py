"""Lay the tables of the attempt protocol: sealed packages.

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
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("paper_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_enrolment_paper_id"), "paper", ["paper_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_enrolment_paper_id"), type_="foreignkey")
        batch_op.drop_column("paper_id")
    op.drop_table("paper_package")
