"""Lay the tables of the law library and of what questions rest on.

Revision ID: 0008_law_library
Revises: 0007_jobs
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008_law_library"
down_revision = "0007_jobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "law",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("replaced_by_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_law_owner_id")),
        sa.ForeignKeyConstraint(["replaced_by_id"], ["law.id"], name=op.f("fk_law_replaced_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law")),
        sa.UniqueConstraint("code", name=op.f("uq_law_code")),
    )
    with op.batch_alter_table("law", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_law_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_law_title"), ["title"], unique=False)
        batch_op.create_index(batch_op.f("ix_law_valid_until"), ["valid_until"], unique=False)

    op.create_table(
        "law_article",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("law_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("verbatim", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("replaced_by_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["law_id"], ["law.id"], name=op.f("fk_law_article_law_id")),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["law_article.id"], name=op.f("fk_law_article_replaced_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_article")),
    )
    with op.batch_alter_table("law_article", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_law_article_law_id"), ["law_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_law_article_valid_until"), ["valid_until"], unique=False
        )

    op.create_table(
        "law_phrase",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("law_id", sa.Uuid(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=True),
        sa.Column(
            "all_of",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "none_of",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["law_article.id"], name=op.f("fk_law_phrase_article_id")
        ),
        sa.ForeignKeyConstraint(["law_id"], ["law.id"], name=op.f("fk_law_phrase_law_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_phrase")),
        sa.UniqueConstraint("code", name=op.f("uq_law_phrase_code")),
    )
    op.create_table(
        "law_clearance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=False),
        sa.Column("cleared_on", sa.Date(), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["person.id"], name=op.f("fk_law_clearance_reviewer_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_version.id"], name=op.f("fk_law_clearance_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_clearance")),
    )
    with op.batch_alter_table("law_clearance", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_law_clearance_version_id_cleared_on"),
            ["version_id", "cleared_on"],
            unique=False,
        )

    op.create_table(
        "law_reliance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("law_id", sa.Uuid(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=True),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("phrase_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["law_article.id"], name=op.f("fk_law_reliance_article_id")
        ),
        sa.ForeignKeyConstraint(["law_id"], ["law.id"], name=op.f("fk_law_reliance_law_id")),
        sa.ForeignKeyConstraint(
            ["phrase_id"], ["law_phrase.id"], name=op.f("fk_law_reliance_phrase_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_version.id"], name=op.f("fk_law_reliance_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_reliance")),
    )
    with op.batch_alter_table("law_reliance", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_law_reliance_law_id_article_id"), ["law_id", "article_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_law_reliance_version_id"), ["version_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("law_reliance")
    op.drop_table("law_clearance")
    op.drop_table("law_phrase")
    op.drop_table("law_article")
    op.drop_table("law")
