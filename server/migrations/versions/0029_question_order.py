"""Keep questions in the order in which lists show them.

Revision ID: 0029_question_order
Revises: 0028_coverage_work
"""

from alembic import op

revision = "0029_question_order"
down_revision = "0028_coverage_work"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_question_created_at_id"), "question", ["created_at", "id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_question_created_at_id"), "question")
