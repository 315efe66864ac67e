"""Keep which question a day had.

Revision ID: 0045_daily_questions
Revises: 0044_exchange_feed
"""

import sqlalchemy as sa
from alembic import op

revision = "0045_daily_questions"
down_revision = "0044_exchange_feed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "daily_question",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["question_version.id"],
            name=op.f("fk_daily_question_version_id"),
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_daily_question")),
    )
    op.create_index(op.f("ix_daily_question_version_id"), "daily_question", ["version_id"])


def downgrade() -> None:
    op.drop_table("daily_question")
