"""Let an exam have twenty thousand forms, and remember those that a job is making.

Revision ID: 0046_large_exams
Revises: 0045_daily_questions
"""

import sqlalchemy as sa
from alembic import op

revision = "0046_large_exams"
down_revision = "0045_daily_questions"
branch_labels = None
depends_on = None


def _limit(most: int) -> None:
    with op.batch_alter_table("exam", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_exam_form_count"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_exam_form_count"), f"form_count BETWEEN 1 AND {most}"
        )


def upgrade() -> None:
    _limit(20000)
    op.create_table(
        "paper_making",
        sa.Column("exam_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_paper_making_exam_id")),
        sa.PrimaryKeyConstraint("exam_id", name=op.f("pk_paper_making")),
    )


def downgrade() -> None:
    op.drop_table("paper_making")
    _limit(300)
