"""Reports, public editions, requests to enterprises, credit listings; the size of enterprises."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028_coverage_work"
down_revision = "0027_practicals_and_corrections"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def _size() -> sa.Column[str]:
    return sa.Column(
        "size",
        sa.Enum(
            "large",
            "medium",
            "small",
            "micro",
            name="enterprisesize",
            native_enum=False,
            length=64,
        ),
        nullable=True,
    )


def upgrade() -> None:
    for table in ("organisation", "organisation_past"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(_size())
    with op.batch_alter_table("coverage_stretch", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("size", sa.SmallInteger(), server_default="0", nullable=False)
        )
    op.create_table(
        "plan_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("kind", sa.Enum("mid_term", "final", name="reportkind", native_enum=False, length=64), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("known_seq", sa.Integer(), nullable=False),
        sa.Column("manifest", _JSON, nullable=False),
        sa.Column("content", _JSON, nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_plan_report_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_report")),
    )
    op.create_index(op.f("ix_plan_report_region_id"), "plan_report", ["region_id"])
    op.create_table(
        "coverage_edition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("content", _JSON, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("plan", "month", name=op.f("uq_coverage_edition_plan_month")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_edition")),
    )
    op.create_table(
        "coverage_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("indicator_key", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("missing_count", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("missing_count >= 0", name=op.f("ck_coverage_request_missing_count")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_coverage_request_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_request")),
    )
    op.create_index(op.f("ix_coverage_request_indicator_key"), "coverage_request", ["indicator_key"])
    op.create_index(op.f("ix_coverage_request_organisation_id"), "coverage_request", ["organisation_id"])
    op.create_table(
        "credit_listing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("listed_by_id", sa.Uuid(), nullable=False),
        sa.Column("appeal", sa.Text(), nullable=True),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appealed_by_id", sa.Uuid(), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(organisation_id IS NULL) <> (person_id IS NULL)",
            name=op.f("ck_credit_listing_enterprise_or_person"),
        ),
        sa.CheckConstraint("until_on > from_on", name=op.f("ck_credit_listing_span")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_credit_listing_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_credit_listing_person_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_credit_listing_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_listing")),
    )
    op.create_index(op.f("ix_credit_listing_organisation_id"), "credit_listing", ["organisation_id"])
    op.create_index(op.f("ix_credit_listing_person_id"), "credit_listing", ["person_id"])
    op.create_index(op.f("ix_credit_listing_region_id"), "credit_listing", ["region_id"])


def downgrade() -> None:
    for table in ("credit_listing", "coverage_request", "coverage_edition", "plan_report"):
        op.drop_table(table)
    for table in ("coverage_stretch", "organisation_past", "organisation"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("size")
