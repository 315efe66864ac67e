"""Lay the feed for other systems, with the triggers that note what goes into it, and its hooks.

Revision ID: 0044_exchange_feed
Revises: 0043_exchange_agreements
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0044_exchange_feed"
down_revision = "0043_exchange_agreements"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_GROWING = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

#: What is noted: table, when, which of its rows, and what of them.
_NOTED = {
    "certificate_event": ("INSERT", "", "subject_id", "id"),
    "record": ("INSERT", "new.kind IN ('exam', 'correction')", "subject_id", "id"),
    "coverage_batch": ("INSERT", "", "number", "seq"),
    "person_merge": ("INSERT OR UPDATE", "", "subject_id", "id"),
}

#: What stood before there was a feed goes into it first, in the order in which it happened.
_BEFORE = (
    "INSERT INTO exchange_pending (kind, subject_id)"
    " SELECT 'certificate_event', id FROM certificate_event ORDER BY at, certificate_id, sequence",
    "INSERT INTO exchange_pending (kind, subject_id) SELECT 'record', id FROM record"
    " WHERE kind IN ('exam', 'correction') ORDER BY recorded_at, id",
    "INSERT INTO exchange_pending (kind, number)"
    " SELECT 'coverage_batch', seq FROM coverage_batch ORDER BY seq",
    "INSERT INTO exchange_pending (kind, subject_id)"
    " SELECT 'person_merge', id FROM person_merge ORDER BY merged_at, id",
)


def upgrade() -> None:
    op.create_table(
        "exchange_pending",
        sa.Column("place", _GROWING, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_exchange_pending")),
    )
    op.create_table(
        "exchange_entry",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("region_id", sa.Uuid(), nullable=True),
        sa.Column("entered_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_exchange_entry")),
    )
    op.create_index(
        op.f("ix_exchange_entry_number"),
        "exchange_entry",
        ["number"],
        sqlite_where=sa.text("number IS NOT NULL"),
        postgresql_where=sa.text("number IS NOT NULL"),
    )
    op.create_table(
        "exchange_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_head")),
    )
    op.create_table(
        "exchange_hook",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("former_secret", sa.LargeBinary(), nullable=True),
        sa.Column("former_until", _MOMENT, nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", _MOMENT, nullable=False),
        sa.Column("told_until", sa.BigInteger(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["exchange_agreement.id"],
            name=op.f("fk_exchange_hook_agreement_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_hook")),
    )
    op.create_index(op.f("ix_exchange_hook_agreement_id"), "exchange_hook", ["agreement_id"])
    op.create_table(
        "exchange_dead_letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hook_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.BigInteger(), nullable=False),
        sa.Column("until_seq", sa.BigInteger(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("given_up_at", _MOMENT, nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["hook_id"], ["exchange_hook.id"], name=op.f("fk_exchange_dead_letter_hook_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_dead_letter")),
    )
    op.create_index(
        op.f("ix_exchange_dead_letter_hook_id"), "exchange_dead_letter", ["hook_id"]
    )
    op.create_table(
        "exchange_arrival",
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("arrived_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["exchange_agreement.id"],
            name=op.f("fk_exchange_arrival_agreement_id"),
        ),
        sa.PrimaryKeyConstraint(
            "agreement_id", "message_id", name=op.f("pk_exchange_arrival")
        ),
    )
    for statement in _BEFORE:
        op.execute(statement)
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    note = _note_on_postgresql if on_postgresql else _note_on_sqlite
    for table, noted in _NOTED.items():
        note(table, *noted)


def _note_on_postgresql(table: str, when: str, only: str, column: str, source: str) -> None:
    op.execute(
        f"CREATE FUNCTION exchange_note_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" INSERT INTO exchange_pending (kind, {column}) VALUES ('{table}', NEW.{source});"
        " RETURN NULL; END $$"
    )
    condition = f" WHEN ({only})" if only else ""
    op.execute(
        f"CREATE TRIGGER exchange_note_{table} AFTER {when} ON {table}"
        f" FOR EACH ROW{condition} EXECUTE FUNCTION exchange_note_{table}()"
    )


def _note_on_sqlite(table: str, when: str, only: str, column: str, source: str) -> None:
    condition = f" WHEN {only}" if only else ""
    for each in when.split(" OR "):
        op.execute(
            f"CREATE TRIGGER exchange_note_{table}_{each.lower()} AFTER {each} ON {table}"
            f"{condition} BEGIN INSERT INTO exchange_pending (kind, {column})"
            f" VALUES ('{table}', new.{source}); END"
        )


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, (when, *_) in _NOTED.items():
        if on_postgresql:
            op.execute(f"DROP TRIGGER exchange_note_{table} ON {table}")
            op.execute(f"DROP FUNCTION exchange_note_{table}()")
            continue
        for each in when.split(" OR "):
            op.execute(f"DROP TRIGGER exchange_note_{table}_{each.lower()}")
    for table in ("arrival", "dead_letter", "hook", "head", "entry", "pending"):
        op.drop_table(f"exchange_{table}")
