"""Lay the tables of syllabuses and their topics.

Revision ID: 0021_syllabuses
Revises: 0020_question_review
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021_syllabuses"
down_revision = "0020_question_review"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "syllabus",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("operation_item", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["organisation.id"], name=op.f("fk_syllabus_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_syllabus")),
    )
    with op.batch_alter_table("syllabus", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_syllabus_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_syllabus_role_operation_item_from_on"),
            ["role", "operation_item", "from_on"],
            unique=False,
        )

    op.create_table(
        "syllabus_topic",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("syllabus_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "names",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "law_ids",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "article_ids",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["syllabus_topic.id"], name=op.f("fk_syllabus_topic_parent_id")
        ),
        sa.ForeignKeyConstraint(
            ["syllabus_id"], ["syllabus.id"], name=op.f("fk_syllabus_topic_syllabus_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_syllabus_topic")),
    )
    with op.batch_alter_table("syllabus_topic", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_syllabus_topic_syllabus_id"), ["syllabus_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("syllabus_topic")
    op.drop_table("syllabus")
