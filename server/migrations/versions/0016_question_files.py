"""Keep images of questions once, dressed texts beside plain ones, and the files of imports.

Revision ID: 0016_question_files
Revises: 0015_search
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016_question_files"
down_revision = "0015_search"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "question_image",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_question_image")),
    )
    op.create_table(
        "question_import_file",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["question_import.id"],
            name=op.f("fk_question_import_file_import_id"),
        ),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_question_import_file")),
    )
    with op.batch_alter_table("question_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stem_html", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("explanation_html", sa.Text(), nullable=True))
    with op.batch_alter_table("question_import", schema=None) as batch_op:
        batch_op.add_column(sa.Column("format", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("choices", _JSON, nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("asked", _JSON, nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("job_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("question_import", schema=None) as batch_op:
        batch_op.drop_column("job_id")
        batch_op.drop_column("asked")
        batch_op.drop_column("choices")
        batch_op.drop_column("format")
    with op.batch_alter_table("question_version", schema=None) as batch_op:
        batch_op.drop_column("explanation_html")
        batch_op.drop_column("stem_html")
    op.drop_table("question_import_file")
    op.drop_table("question_image")
