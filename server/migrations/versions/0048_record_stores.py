"""Lay the tables of learning record stores that are sent statements, and of what they refused.

Revision ID: 0048_record_stores
Revises: 0047_outside_identities
"""

import sqlalchemy as sa
from alembic import op

revision = "0048_record_stores"
down_revision = "0047_outside_identities"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "exchange_record_store",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("singly_until", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", _MOMENT, nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["exchange_agreement.id"],
            name=op.f("fk_exchange_record_store_agreement_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_record_store")),
    )
    op.create_index(
        op.f("ix_exchange_record_store_agreement_id"), "exchange_record_store", ["agreement_id"]
    )
    op.create_table(
        "exchange_refused_statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("refused_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["exchange_record_store.id"],
            name=op.f("fk_exchange_refused_statement_store_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_refused_statement")),
    )
    op.create_index(
        op.f("ix_exchange_refused_statement_store_id"), "exchange_refused_statement", ["store_id"]
    )


def downgrade() -> None:
    op.drop_table("exchange_refused_statement")
    op.drop_table("exchange_record_store")
