"""Lay the tables of prints and of questions that are alike.

Revision ID: 0011_question_pairs
Revises: 0010_statistics
"""

import sqlalchemy as sa
from alembic import op

revision = "0011_question_pairs"
down_revision = "0010_statistics"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question_pair",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("first_version_id", sa.Uuid(), nullable=False),
        sa.Column("second_version_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(length=64), nullable=False),
        sa.Column("similarity", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(length=64), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ruled_by_id", sa.Uuid(), nullable=True),
        sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("kept_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["first_id"], ["question.id"], name=op.f("fk_question_pair_first_id")
        ),
        sa.ForeignKeyConstraint(
            ["first_version_id"],
            ["question_version.id"],
            name=op.f("fk_question_pair_first_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["question.id"], name=op.f("fk_question_pair_kept_id")
        ),
        sa.ForeignKeyConstraint(
            ["ruled_by_id"], ["person.id"], name=op.f("fk_question_pair_ruled_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["question.id"], name=op.f("fk_question_pair_second_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_version_id"],
            ["question_version.id"],
            name=op.f("fk_question_pair_second_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_pair")),
        sa.UniqueConstraint(
            "first_id", "second_id", name=op.f("uq_question_pair_first_id_second_id")
        ),
    )
    with op.batch_alter_table("question_pair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_pair_second_id"), ["second_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_question_pair_standing_relation"), ["standing", "relation"], unique=False
        )

    op.create_table(
        "question_print",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("right", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("bands", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_print_question_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_version.id"], name=op.f("fk_question_print_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_question_print")),
    )
    with op.batch_alter_table("question_print", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_question_print_question_id"), ["question_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("question_print")
    op.drop_table("question_pair")
