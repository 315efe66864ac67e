"""Lay the tables of comments, uses and bulk actions; note the uses of papers drawn before.

Revision ID: 0020_question_review
Revises: 0019_certificate_applications
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020_question_review"
down_revision = "0019_certificate_applications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question_bulk_action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column(
            "wanted",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column(
            "counts",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("previewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_question_bulk_action_asked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_bulk_action")),
    )
    op.create_table(
        "question_bulk_action_row",
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=False),
        sa.Column(
            "refusal",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "before",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "after",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["action_id"],
            ["question_bulk_action.id"],
            name=op.f("fk_question_bulk_action_row_action_id"),
        ),
        sa.PrimaryKeyConstraint(
            "action_id", "question_id", name=op.f("pk_question_bulk_action_row")
        ),
    )
    op.create_table(
        "question_use",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("exam_id", sa.Uuid(), nullable=False),
        sa.Column("exam_name", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_use_question_id")
        ),
        sa.PrimaryKeyConstraint("question_id", "exam_id", name=op.f("pk_question_use")),
    )
    op.create_table(
        "question_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_question_comment_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_comment_question_id")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["person.id"], name=op.f("fk_question_comment_settled_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_version.id"], name=op.f("fk_question_comment_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_comment")),
    )
    with op.batch_alter_table("question_comment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_question_comment_question_id"), ["question_id"], unique=False
        )

    op.execute(
        "INSERT INTO question_use (question_id, exam_id, exam_name, used_at)"
        " SELECT question_version.question_id, exam.id, exam.name, MIN(paper.drawn_at)"
        " FROM paper_item"
        " JOIN question_version ON question_version.id = paper_item.version_id"
        " JOIN paper ON paper.id = paper_item.paper_id"
        " JOIN exam ON exam.id = paper.exam_id"
        " GROUP BY question_version.question_id, exam.id, exam.name"
    )


def downgrade() -> None:
    op.drop_table("question_comment")
    op.drop_table("question_use")
    op.drop_table("question_bulk_action_row")
    op.drop_table("question_bulk_action")
