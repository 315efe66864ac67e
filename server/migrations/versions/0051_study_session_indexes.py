"""Find the sessions of a person without an index over what every heartbeat changes.

A row of which no indexed column changes is written anew on its own page, and no index with it.

Revision ID: 0051_study_session_indexes
Revises: 0050_expert_appraisals
"""

from alembic import op

revision = "0051_study_session_indexes"
down_revision = "0050_expert_appraisals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_study_session_person_id_last_at", table_name="study_session")
    op.create_index(op.f("ix_study_session_person_id"), "study_session", ["person_id"])
    _fill(50)


def downgrade() -> None:
    _fill(100)
    op.drop_index(op.f("ix_study_session_person_id"), table_name="study_session")
    op.create_index(
        "ix_study_session_person_id_last_at", "study_session", ["person_id", "last_at"]
    )


def _fill(percent: int) -> None:
    """Leave room on PostgreSQL's pages for rows that are written anew, so many of a hundred."""
    if op.get_bind().dialect.name == "postgresql":
        for table in ("study_session", "study_day"):
            op.execute(f"ALTER TABLE {table} SET (fillfactor = {percent})")
