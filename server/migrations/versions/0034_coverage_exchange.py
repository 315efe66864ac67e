"""Lay the tables of subscriptions and packages; remember of what enterprises were reminded.

Revision ID: 0034_coverage_exchange
Revises: 0033_practical_sittings
"""

import sqlalchemy as sa
from alembic import op

revision = "0034_coverage_exchange"
down_revision = "0033_practical_sittings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("coverage_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reminded_days", sa.SmallInteger(), nullable=True))
    op.create_table(
        "coverage_subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column(
            "every",
            sa.Enum("day", "month", name="rhythm", native_enum=False, length=64),
            nullable=False,
        ),
        sa.Column("with_people", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_coverage_subscription_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_coverage_subscription_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_subscription")),
    )
    for column in ("organisation_id", "region_id"):
        op.create_index(
            op.f(f"ix_coverage_subscription_{column}"), "coverage_subscription", [column]
        )
    op.create_table(
        "coverage_package",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("known_seq", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("seq > 0", name=op.f("ck_coverage_package_seq")),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["coverage_subscription.id"],
            name=op.f("fk_coverage_package_subscription_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_package")),
        sa.UniqueConstraint(
            "subscription_id", "on", name=op.f("uq_coverage_package_subscription_id_on")
        ),
        sa.UniqueConstraint(
            "subscription_id", "seq", name=op.f("uq_coverage_package_subscription_id_seq")
        ),
    )


def downgrade() -> None:
    op.drop_table("coverage_package")
    op.drop_table("coverage_subscription")
    with op.batch_alter_table("coverage_request", schema=None) as batch_op:
        batch_op.drop_column("reminded_days")
