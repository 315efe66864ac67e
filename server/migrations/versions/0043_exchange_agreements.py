"""Lay the tables of other systems: agreements, secrets, usage, disclosures.

Revision ID: 0043_exchange_agreements
Revises: 0042_competence
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0043_exchange_agreements"
down_revision = "0042_competence"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "exchange_agreement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "supervision",
                "site_admission",
                "training_service",
                "statistics",
                "law_sharing",
                name="purpose",
                native_enum=False,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("abilities", _JSON, nullable=False),
        sa.Column("fields", _JSON, nullable=False),
        sa.Column("daily_quota", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("concluded_at", _MOMENT, nullable=False),
        sa.Column("concluded_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_until >= valid_from", name=op.f("ck_exchange_agreement_days")
        ),
        sa.CheckConstraint("daily_quota > 0", name=op.f("ck_exchange_agreement_quota")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_exchange_agreement_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_exchange_agreement_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_agreement")),
    )
    for column in ("organisation_id", "region_id"):
        op.create_index(op.f(f"ix_exchange_agreement_{column}"), "exchange_agreement", [column])
    op.create_table(
        "exchange_secret",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.Column("ends_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["exchange_agreement.id"],
            name=op.f("fk_exchange_secret_agreement_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_secret")),
    )
    op.create_index(op.f("ix_exchange_secret_agreement_id"), "exchange_secret", ["agreement_id"])
    op.create_table(
        "exchange_usage",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ability", sa.Text(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("refused_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["exchange_agreement.id"],
            name=op.f("fk_exchange_usage_agreement_id"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_exchange_usage")),
    )
    op.create_index(
        op.f("ix_exchange_usage_agreement_id_day"), "exchange_usage", ["agreement_id", "day"]
    )
    op.create_table(
        "exchange_disclosure",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("ability", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["exchange_agreement.id"],
            name=op.f("fk_exchange_disclosure_agreement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_exchange_disclosure_person_id")
        ),
        sa.PrimaryKeyConstraint(
            "person_id", "day", "agreement_id", "ability", name=op.f("pk_exchange_disclosure")
        ),
    )


def downgrade() -> None:
    for table in ("disclosure", "usage", "secret", "agreement"):
        op.drop_table(f"exchange_{table}")
