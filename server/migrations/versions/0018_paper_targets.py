"""Let a specification say how hard papers are and which questions they take; keep the seed of an exam.

Revision ID: 0018_paper_targets
Revises: 0017_learning
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018_paper_targets"
down_revision = "0017_learning"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("paper_specification", schema=None) as batch_op:
        batch_op.add_column(sa.Column("target_points", sa.Double(), nullable=True))
        batch_op.add_column(
            sa.Column("tolerance_points", sa.Double(), server_default="0.5", nullable=False)
        )
        batch_op.add_column(sa.Column("most_uses", sa.Integer(), nullable=True))
        for name in ("required_question_ids", "excluded_question_ids"):
            batch_op.add_column(sa.Column(name, DOCUMENT, server_default="[]", nullable=False))
    with op.batch_alter_table("exam", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seed", sa.Text(), nullable=True))
        batch_op.drop_constraint(op.f("ck_exam_form_count"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_exam_form_count"), "form_count BETWEEN 1 AND 300"
        )


def downgrade() -> None:
    with op.batch_alter_table("exam", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_exam_form_count"), type_="check")
        batch_op.create_check_constraint(op.f("ck_exam_form_count"), "form_count BETWEEN 1 AND 50")
        batch_op.drop_column("seed")
    with op.batch_alter_table("paper_specification", schema=None) as batch_op:
        for name in (
            "excluded_question_ids",
            "required_question_ids",
            "most_uses",
            "tolerance_points",
            "target_points",
        ):
            batch_op.drop_column(name)
