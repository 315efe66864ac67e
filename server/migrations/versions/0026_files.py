"""Lay the tables around files: copies, consents, who looked, seals, retention.

Revision ID: 0026_files
Revises: 0025_doubles
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026_files"
down_revision = "0025_doubles"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column(
            "kinds", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_file_consent_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_file_consent_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_consent")),
    )
    with op.batch_alter_table("file_consent", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_file_consent_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_file_consent_person_id"), ["person_id"], unique=False)

    op.create_table(
        "file_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "identity_front",
                "identity_back",
                "education",
                "health",
                "skill",
                "decision",
                "training",
                "other",
                name="copykind",
                native_enum=False,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_file_document_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_document")),
        sa.UniqueConstraint("person_id", "hash", name=op.f("uq_file_document_person_id_hash")),
    )
    op.create_table(
        "file_seal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("file_hash", sa.Text(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_file_seal_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_seal")),
        sa.UniqueConstraint("hash", name=op.f("uq_file_seal_hash")),
        sa.UniqueConstraint("person_id", "sequence", name=op.f("uq_file_seal_person_id_sequence")),
    )
    with op.batch_alter_table("file_seal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_file_seal_file_hash"), ["file_hash"], unique=False)

    op.create_table(
        "retired_record",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "training",
                "exam",
                "certificate",
                "post",
                "violation",
                "health",
                "correction",
                "bar",
                "education",
                "document_copy",
                "confirmation",
                "note",
                name="recordkind",
                native_enum=False,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("line_hash", sa.Text(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("held_reason", sa.Text(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_retired_record_person_id")
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_retired_record")),
    )
    with op.batch_alter_table("retired_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_retired_record_due_on"), ["due_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_retired_record_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "file_access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "looking",
            sa.Enum("read", "exported", "copy_read", name="looking", native_enum=False, length=64),
            nullable=False,
        ),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("withheld_count", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["file_consent.id"], name=op.f("fk_file_access_consent_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_file_access_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_access")),
    )
    with op.batch_alter_table("file_access", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_file_access_person_id_at"), ["person_id", "at"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("file_access", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_file_access_person_id_at"))

    op.drop_table("file_access")
    with op.batch_alter_table("retired_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_retired_record_person_id"))
        batch_op.drop_index(batch_op.f("ix_retired_record_due_on"))

    op.drop_table("retired_record")
    with op.batch_alter_table("file_seal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_file_seal_file_hash"))

    op.drop_table("file_seal")
    op.drop_table("file_document")
    with op.batch_alter_table("file_consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_file_consent_person_id"))
        batch_op.drop_index(batch_op.f("ix_file_consent_organisation_id"))

    op.drop_table("file_consent")
