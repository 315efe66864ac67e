"""Keep what awaits its assessor's signature, which is little, beside the ledger, which grows.

Revision ID: 0057_awaited_signatures
Revises: 0056_waived_training
"""

import sqlalchemy as sa
from alembic import op

revision = "0057_awaited_signatures"
down_revision = "0056_waived_training"
branch_labels = None
depends_on = None

#: Whose assessor signs, as an id of this database.
_BY = {
    "sqlite": "replace({}, '-', '')",
    "postgresql": "CAST({} AS uuid)",
}

#: What had no signature when the table was made. From then on the ledger and its work keep it.
_BEFORE = """
    INSERT INTO awaited_signature (record_id, organisation_id, purpose, happened_on)
    SELECT id, {by}, purpose, happened_on FROM record
    WHERE kind = 'training' AND happened_on >= '2021-09-01'
    AND purpose IN ('induction', 'post_change', 'new_technology', 'annual', 'safety')
    AND (content ->> 'passed') IS NOT NULL
    AND coalesce(content ->> 'employer_id', content ->> 'provider_id') IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM record c WHERE c.corrects_id = record.id)
    AND NOT EXISTS (
        SELECT 1 FROM record c WHERE c.subject_id = record.id AND c.kind = 'confirmation'
        AND (c.content ->> 'as') = 'assessor'
    )
"""


def upgrade() -> None:
    op.create_table(
        "awaited_signature",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_awaited_signature")),
    )
    for name in ("organisation_id", "purpose"):
        op.create_index(
            op.f(f"ix_awaited_signature_{name}_happened_on"),
            "awaited_signature",
            [name, "happened_on"],
        )
    op.create_index(op.f("ix_awaited_signature_happened_on"), "awaited_signature", ["happened_on"])
    taught_for = "coalesce(content ->> 'employer_id', content ->> 'provider_id')"
    op.execute(_BEFORE.format(by=_BY[op.get_bind().dialect.name].format(taught_for)))


def downgrade() -> None:
    op.drop_table("awaited_signature")
