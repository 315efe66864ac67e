"""Find those who were examined without training, who are few, without looking at everybody.

Revision ID: 0056_waived_training
Revises: 0055_hours_rules
"""

import sqlalchemy as sa
from alembic import op

revision = "0056_waived_training"
down_revision = "0055_hours_rules"
branch_labels = None
depends_on = None

_WAIVED = sa.text("waiver IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_candidature_waived",
        "candidature",
        ["candidate_id"],
        sqlite_where=_WAIVED,
        postgresql_where=_WAIVED,
    )


def downgrade() -> None:
    op.drop_index("ix_candidature_waived", table_name="candidature")
