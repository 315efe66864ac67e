"""Lay the tables of statistics: response sheets, figures of questions and papers, flags.

Revision ID: 0010_statistics
Revises: 0009_certificate_life
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010_statistics"
down_revision = "0009_certificate_life"
branch_labels = None
depends_on = None


def _json() -> sa.types.TypeEngine:
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "question_statistics",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("qualification", sa.Text(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("response_count", sa.Integer(), nullable=False),
        sa.Column("exposure_count", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Double(), nullable=True)
            for name in (
                "facility",
                "facility_low",
                "facility_high",
                "sd",
                "discrimination",
                "efficiency",
                "difficulty",
                "difficulty_error",
                "outfit",
                "mean_seconds",
                "median_seconds",
            )
        ),
        sa.Column("options", _json(), nullable=False),
        sa.Column("curve", _json(), nullable=False),
        sa.Column("differences", _json(), nullable=False),
        sa.Column("watch", _json(), nullable=True),
        sa.Column("calculated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["question_version.id"],
            name=op.f("fk_question_statistics_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_statistics_question_id")
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "qualification", name=op.f("pk_question_statistics")
        ),
    )
    with op.batch_alter_table("question_statistics", schema=None) as batch_op:
        for column in ("question_id", "facility", "discrimination"):
            batch_op.create_index(batch_op.f(f"ix_question_statistics_{column}"), [column])

    op.create_table(
        "question_flag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("qualification", sa.Text(), nullable=False),
        sa.Column("flag", sa.String(length=64), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_version.id"], name=op.f("fk_question_flag_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["person.id"], name=op.f("fk_question_flag_settled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_flag")),
    )
    with op.batch_alter_table("question_flag", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_question_flag_version_id_flag"), ["version_id", "flag"]
        )
        batch_op.create_index(
            batch_op.f("ix_question_flag_settled_at_raised_at_id"),
            ["settled_at", "raised_at", "id"],
        )

    op.create_table(
        "response_sheet",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("qualification_id", sa.Uuid(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("graded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chosen", sa.LargeBinary(), nullable=False),
        sa.Column("tenths", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{other}_id"],
                [f"{table}.id"],
                name=op.f(f"fk_response_sheet_{other}_id"),
            )
            for other, table in (
                ("attempt", "attempt"),
                ("qualification", "qualification"),
                ("paper", "paper"),
                ("candidate", "person"),
            )
        ),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_response_sheet")),
    )
    with op.batch_alter_table("response_sheet", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_response_sheet_qualification_id_graded_at"),
            ["qualification_id", "graded_at"],
        )
        for column in ("graded_at", "paper_id"):
            batch_op.create_index(batch_op.f(f"ix_response_sheet_{column}"), [column])

    op.create_table(
        "paper_statistics",
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("exam_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_count", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Double(), nullable=False)
            for name in ("max_score", "pass_mark", "mean", "median")
        ),
        *(
            sa.Column(name, sa.Double(), nullable=True)
            for name in (
                "sd",
                "alpha",
                "standard_error",
                "error_at_pass",
                "pass_expectation",
                "reliability",
            )
        ),
        sa.Column("pass_share", sa.Double(), nullable=False),
        sa.Column("histogram", _json(), nullable=False),
        sa.Column("calculated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["paper.id"], name=op.f("fk_paper_statistics_paper_id")
        ),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_paper_statistics_exam_id")),
        sa.PrimaryKeyConstraint("paper_id", name=op.f("pk_paper_statistics")),
    )
    with op.batch_alter_table("paper_statistics", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_statistics_exam_id"), ["exam_id"])
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcome_graded_at"), ["graded_at"])


def downgrade() -> None:
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outcome_graded_at"))
    for table in ("paper_statistics", "response_sheet", "question_flag", "question_statistics"):
        op.drop_table(table)
