"""Lay the tables of identities that others keep: providers, links, returns.

Revision ID: 0047_outside_identities
Revises: 0046_large_exams
"""

import sqlalchemy as sa
from alembic import op

revision = "0047_outside_identities"
down_revision = "0046_large_exams"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "identity_provider",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("client_secret", sa.LargeBinary(), nullable=True),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("number_claim", sa.Text(), nullable=False),
        sa.Column("verified_claim", sa.Text(), nullable=True),
        sa.Column("document_type", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_provider")),
        sa.UniqueConstraint("issuer", name=op.f("uq_identity_provider_issuer")),
    )
    op.create_table(
        "outside_identity",
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("linked_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["identity_provider.id"],
            name=op.f("fk_outside_identity_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_outside_identity_account_id")
        ),
        sa.PrimaryKeyConstraint("provider_id", "subject", name=op.f("pk_outside_identity")),
        sa.UniqueConstraint(
            "provider_id", "account_id", name=op.f("uq_outside_identity_provider_id_account_id")
        ),
    )
    op.create_index(op.f("ix_outside_identity_account_id"), "outside_identity", ["account_id"])
    op.create_table(
        "outside_return",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("returned_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_outside_return")),
    )
    op.create_index(op.f("ix_outside_return_returned_at"), "outside_return", ["returned_at"])


def downgrade() -> None:
    for table in ("outside_return", "outside_identity", "identity_provider"):
        op.drop_table(table)
