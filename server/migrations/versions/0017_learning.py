"""Lay the tables of learning: spaced repetition, favourites, the day's allowance, mock exams.

Revision ID: 0017_learning
Revises: 0016_question_files
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017_learning"
down_revision = "0016_question_files"
branch_labels = None
depends_on = None


def _json() -> sa.types.TypeEngine:
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def _id(name: str) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    with op.batch_alter_table("practice_standing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("interval_days", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(sa.Column("ease", sa.Integer(), server_default="250", nullable=False))
        batch_op.add_column(
            sa.Column("repetitions", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.create_index(
            batch_op.f("ix_practice_standing_learner_id_due_on"), ["learner_id", "due_on"]
        )

    op.create_table(
        "practice_favourite",
        _id("learner_id"),
        _id("question_id"),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        _refers("practice_favourite", "learner_id", "person"),
        _refers("practice_favourite", "question_id", "question"),
        sa.PrimaryKeyConstraint("learner_id", "question_id", name=op.f("pk_practice_favourite")),
    )
    with op.batch_alter_table("practice_favourite", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_practice_favourite_learner_id_added_at"), ["learner_id", "added_at"]
        )
    op.create_table(
        "practice_showing",
        _id("learner_id"),
        sa.Column("shown_on", sa.Date(), nullable=False),
        _id("version_id"),
        _refers("practice_showing", "learner_id", "person"),
        _refers("practice_showing", "version_id", "question_version"),
        sa.PrimaryKeyConstraint(
            "learner_id", "shown_on", "version_id", name=op.f("pk_practice_showing")
        ),
    )
    with op.batch_alter_table("practice_showing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_practice_showing_shown_on"), ["shown_on"])
    op.create_table(
        "practice_day",
        _id("learner_id"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shown_count", sa.Integer(), nullable=False),
        sa.Column("mock_exam_count", sa.Integer(), nullable=False),
        sa.CheckConstraint("shown_count >= 0", name=op.f("ck_practice_day_shown_count")),
        sa.CheckConstraint("mock_exam_count >= 0", name=op.f("ck_practice_day_mock_exam_count")),
        _refers("practice_day", "learner_id", "person"),
        sa.PrimaryKeyConstraint("learner_id", "day", name=op.f("pk_practice_day")),
    )
    op.create_table(
        "practice_exposure",
        _id("version_id"),
        sa.Column("shown_count", sa.Integer(), nullable=False),
        _refers("practice_exposure", "version_id", "question_version"),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_practice_exposure")),
    )
    op.create_table(
        "mock_exam",
        _id("id"),
        _id("learner_id"),
        _id("exam_id"),
        sa.Column("places", _json(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chosen", _json(), nullable=True),
        sa.Column("score", sa.Text(), nullable=True),
        sa.Column("max_score", sa.Text(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        _refers("mock_exam", "learner_id", "person"),
        _refers("mock_exam", "exam_id", "exam"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mock_exam")),
    )
    with op.batch_alter_table("mock_exam", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mock_exam_learner_id_started_at"), ["learner_id", "started_at"]
        )


def downgrade() -> None:
    for table in (
        "mock_exam",
        "practice_exposure",
        "practice_day",
        "practice_showing",
        "practice_favourite",
    ):
        op.drop_table(table)
    with op.batch_alter_table("practice_standing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_practice_standing_learner_id_due_on"))
        for column in ("repetitions", "ease", "interval_days", "due_on"):
            batch_op.drop_column(column)
