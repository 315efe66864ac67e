"""Lay the table that searching reads, with the index of words that each database has.

Revision ID: 0015_search
Revises: 0014_signed_lists
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015_search"
down_revision = "0014_signed_lists"
branch_labels = None
depends_on = None

_FORGET = (
    "INSERT INTO question_text_grams (question_text_grams, rowid, grams)"
    " VALUES ('delete', old.place, old.grams);"
)
_LEARN = "INSERT INTO question_text_grams (rowid, grams) VALUES (new.place, new.grams);"
_TRIGGERS = {
    "insert": _LEARN,
    "delete": _FORGET,
    "update": f"{_FORGET} {_LEARN}",
}


def upgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "question_text",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("initials", sa.Text(), nullable=False),
        sa.Column(
            "grams", postgresql.TSVECTOR() if on_postgresql else sa.Text(), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_text_question_id")
        ),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_question_text")),
        sa.UniqueConstraint("question_id", name=op.f("uq_question_text_question_id")),
    )
    if on_postgresql:
        op.execute("CREATE INDEX question_text_grams ON question_text USING gin (grams)")
        return
    op.execute(
        "CREATE VIRTUAL TABLE question_text_grams USING fts5"
        " (grams, content='question_text', content_rowid='place', detail=none, tokenize='ascii')"
    )
    for when, what in _TRIGGERS.items():
        op.execute(
            f"CREATE TRIGGER question_text_{when} AFTER {when.upper()} ON question_text"
            f" BEGIN {what} END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX question_text_grams")
    else:
        for when in _TRIGGERS:
            op.execute(f"DROP TRIGGER question_text_{when}")
        op.execute("DROP TABLE question_text_grams")
    op.drop_table("question_text")
