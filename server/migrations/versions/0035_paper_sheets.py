"""Keep what is read from answer sheets of paper, by what an attempt was made, and a lifetime cap.

Revision ID: 0035_paper_sheets
Revises: 0034_coverage_exchange
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035_paper_sheets"
down_revision = "0034_coverage_exchange"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    mode = sa.Enum("device", "paper", name="attemptmode", native_enum=False, length=64)
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mode", mode, server_default="device", nullable=False))
    with op.batch_alter_table("paper_specification", schema=None) as batch_op:
        batch_op.add_column(sa.Column("most_lifetime_uses", sa.Integer(), nullable=True))
    op.create_table(
        "paper_sheet",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("exam_id", sa.Uuid(), nullable=False),
        sa.Column("booklet", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "being_read",
                "disputed",
                "graded",
                name="sheetstate",
                native_enum=False,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=True),
        sa.Column("settled", JSON, nullable=True),
        sa.Column("settled_because", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("ended_at > began_at", name=op.f("ck_paper_sheet_span")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_paper_sheet_attempt_id")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_paper_sheet_enrolment_id")
        ),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_paper_sheet_exam_id")),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["person.id"], name=op.f("fk_paper_sheet_settled_by_id")
        ),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_paper_sheet")),
    )
    with op.batch_alter_table("paper_sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_sheet_exam_id"), ["exam_id"], unique=False)
    op.create_table(
        "paper_sheet_reading",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("letters", JSON, nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["paper_sheet.enrolment_id"],
            name=op.f("fk_paper_sheet_reading_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_paper_sheet_reading_person_id")
        ),
        sa.PrimaryKeyConstraint(
            "enrolment_id", "person_id", name=op.f("pk_paper_sheet_reading")
        ),
    )


def downgrade() -> None:
    op.drop_table("paper_sheet_reading")
    op.drop_table("paper_sheet")
    with op.batch_alter_table("paper_specification", schema=None) as batch_op:
        batch_op.drop_column("most_lifetime_uses")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_column("mode")
