"""Let old responses and audit entries leave for files, and say how old code may be.

Revision ID: 0049_archives
Revises: 0048_record_stores
"""

import sqlalchemy as sa
from alembic import op

revision = "0049_archives"
down_revision = "0048_record_stores"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "archive",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("first_sequence", sa.BigInteger(), nullable=True),
        sa.Column("last_sequence", sa.BigInteger(), nullable=True),
        sa.Column("put_away_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("brought_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive")),
        sa.UniqueConstraint("name", name=op.f("uq_archive_name")),
    )
    op.create_table(
        "schema_floor",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("oldest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schema_floor")),
    )
    op.execute("INSERT INTO schema_floor (id, oldest) VALUES (1, '0048_record_stores')")
    op.add_column("attempt", sa.Column("archive_id", sa.Uuid(), nullable=True))
    op.add_column("exam", sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("exam", "archived_at")
    op.drop_column("attempt", "archive_id")
    op.drop_table("schema_floor")
    op.drop_table("archive")
