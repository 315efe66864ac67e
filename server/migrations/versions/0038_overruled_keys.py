"""Say of versions of questions since when their key no longer counts.

Revision ID: 0038_overruled_keys
Revises: 0037_allowed_payloads
"""

import sqlalchemy as sa
from alembic import op

revision = "0038_overruled_keys"
down_revision = "0037_allowed_payloads"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "question_version", sa.Column("overruled_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.execute(
        "UPDATE question_version SET overruled_at = (SELECT min(effective_at) FROM key_correction"
        " WHERE key_correction.version_id = question_version.id)"
        " WHERE id IN (SELECT version_id FROM key_correction)"
    )


def downgrade() -> None:
    with op.batch_alter_table("question_version", schema=None) as batch_op:
        batch_op.drop_column("overruled_at")
