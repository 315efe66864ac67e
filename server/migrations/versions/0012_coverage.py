"""Lay the sums of coverage: stretches, ledger, checkpoints; what organisations and regions were.

Revision ID: 0012_coverage
Revises: 0011_question_pairs
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012_coverage"
down_revision = "0011_question_pairs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coverage_batch",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opening", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_coverage_batch")),
    )
    with op.batch_alter_table("coverage_batch", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_coverage_batch_recorded_at"), ["recorded_at"], unique=False
        )

    op.create_table(
        "coverage_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("region", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("required", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("excluded", sa.Integer(), nullable=False),
        sa.Column("items_required", sa.Integer(), nullable=False),
        sa.Column("items_missing", sa.Integer(), nullable=False),
        sa.Column("items_excluded", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_change")),
    )
    with op.batch_alter_table("coverage_change", schema=None) as batch_op:
        batch_op.create_index(
            "ix_coverage_change_cell", ["region", "indicator", "seq"], unique=False
        )

    op.create_table(
        "coverage_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cell_count", sa.Integer(), nullable=False),
        sa.Column(
            "differences",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_check")),
    )
    with op.batch_alter_table("coverage_check", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_coverage_check_checked_at"), ["checked_at"], unique=False
        )

    op.create_table(
        "coverage_checkpoint",
        sa.Column("region", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("indicator", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("required", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("excluded", sa.Integer(), nullable=False),
        sa.Column("items_required", sa.Integer(), nullable=False),
        sa.Column("items_missing", sa.Integer(), nullable=False),
        sa.Column("items_excluded", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "excluded >= 0 AND items_excluded >= 0", name=op.f("ck_coverage_checkpoint_excluded")
        ),
        sa.CheckConstraint(
            "items_missing BETWEEN 0 AND items_required",
            name=op.f("ck_coverage_checkpoint_items_covered"),
        ),
        sa.CheckConstraint(
            "missing BETWEEN 0 AND required", name=op.f("ck_coverage_checkpoint_covered")
        ),
        sa.PrimaryKeyConstraint("region", "indicator", "day", name=op.f("pk_coverage_checkpoint")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "coverage_day",
        sa.Column("region", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("indicator", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("required", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("excluded", sa.Integer(), nullable=False),
        sa.Column("items_required", sa.Integer(), nullable=False),
        sa.Column("items_missing", sa.Integer(), nullable=False),
        sa.Column("items_excluded", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("region", "indicator", "day", name=op.f("pk_coverage_day")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "coverage_ground",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column(
            "path", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column(
            "summed",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_coverage_ground")),
        sa.UniqueConstraint("path", name=op.f("uq_coverage_ground_path")),
    )
    with op.batch_alter_table("coverage_ground", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_coverage_ground_region_id"), ["region_id"], unique=False
        )

    op.create_table(
        "coverage_indicator",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_coverage_indicator")),
        sa.UniqueConstraint("key", name=op.f("uq_coverage_indicator_key")),
    )
    op.create_table(
        "coverage_number",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_coverage_number")),
        sa.UniqueConstraint("thing_id", name=op.f("uq_coverage_number_thing_id")),
    )
    op.create_table(
        "coverage_stretch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("indicator", sa.SmallInteger(), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Integer(), nullable=False),
        sa.Column("ground", sa.Integer(), nullable=False),
        sa.Column("role", sa.SmallInteger(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("section", sa.SmallInteger(), nullable=False),
        sa.Column("high_risk", sa.Boolean(), nullable=False),
        sa.Column("provider", sa.Integer(), nullable=False),
        sa.Column("start_day", sa.Integer(), nullable=False),
        sa.Column("end_day", sa.Integer(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("gone_seq", sa.Integer(), nullable=False),
        sa.CheckConstraint("seq < gone_seq", name=op.f("ck_coverage_stretch_known")),
        sa.CheckConstraint("start_day < end_day", name=op.f("ck_coverage_stretch_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_stretch")),
    )
    with op.batch_alter_table("coverage_stretch", schema=None) as batch_op:
        batch_op.create_index(
            "ix_coverage_stretch_ground", ["indicator", "ground", "subject"], unique=False
        )
        batch_op.create_index(
            "ix_coverage_stretch_missing",
            [
                "indicator",
                "ground",
                "subject",
                "start_day",
                "end_day",
                "state",
                "role",
                "item",
                "section",
                "high_risk",
                "provider",
                "organisation",
            ],
            unique=False,
            sqlite_where=sa.text("state >= 2 AND gone_seq = 2147483647"),
            postgresql_where=sa.text("state >= 2 AND gone_seq = 2147483647"),
        )
        batch_op.create_index(
            "ix_coverage_stretch_organisation", ["organisation", "indicator"], unique=False
        )
        batch_op.create_index("ix_coverage_stretch_subject", ["subject", "indicator"], unique=False)

    op.create_table(
        "coverage_waiting",
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("is_organisation", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("thing_id", name=op.f("pk_coverage_waiting")),
    )
    with op.batch_alter_table("coverage_waiting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coverage_waiting_since"), ["since"], unique=False)

    op.create_table(
        "coverage_target",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("indicator_key", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("target >= 0", name=op.f("ck_coverage_target_target")),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_coverage_target_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_target")),
        sa.UniqueConstraint(
            "indicator_key",
            "region_id",
            "from_on",
            name=op.f("uq_coverage_target_indicator_key_region_id_from_on"),
        ),
    )
    with op.batch_alter_table("coverage_target", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_coverage_target_indicator_key"), ["indicator_key"], unique=False
        )

    op.create_table(
        "region_lineage",
        sa.Column("former_id", sa.Uuid(), nullable=False),
        sa.Column("successor_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["former_id"], ["region.id"], name=op.f("fk_region_lineage_former_id")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["region.id"], name=op.f("fk_region_lineage_successor_id")
        ),
        sa.PrimaryKeyConstraint("former_id", "successor_id", name=op.f("pk_region_lineage")),
    )
    op.create_table(
        "region_past",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "path", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_region_past_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_past")),
        sa.UniqueConstraint(
            "region_id", "until_on", name=op.f("uq_region_past_region_id_until_on")
        ),
    )
    with op.batch_alter_table("region_past", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_region_past_path"), ["path"], unique=False)
        batch_op.create_index(batch_op.f("ix_region_past_region_id"), ["region_id"], unique=False)

    op.create_table(
        "organisation_past",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "enterprise",
                "provider",
                "test_centre",
                "authority",
                "department",
                name="organisationkind",
                native_enum=False,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("industry", sa.Text(), nullable=True),
        sa.Column("section", sa.Text(), nullable=True),
        sa.Column("is_high_risk", sa.Boolean(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_past_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_organisation_past_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_past")),
        sa.UniqueConstraint(
            "organisation_id",
            "until_on",
            name=op.f("uq_organisation_past_organisation_id_until_on"),
        ),
    )
    with op.batch_alter_table("organisation_past", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organisation_past_organisation_id"), ["organisation_id"], unique=False
        )

    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.add_column(sa.Column("effective_from", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "definition",
                sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("made_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("made_by_id", sa.Uuid(), nullable=True))

    with op.batch_alter_table("region", schema=None) as batch_op:
        batch_op.add_column(sa.Column("abolished_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("region", schema=None) as batch_op:
        batch_op.drop_column("abolished_on")

    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.drop_column("made_by_id")
        batch_op.drop_column("made_at")
        batch_op.drop_column("definition")
        batch_op.drop_column("effective_from")

    with op.batch_alter_table("organisation_past", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_past_organisation_id"))

    op.drop_table("organisation_past")
    with op.batch_alter_table("region_past", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_region_past_region_id"))
        batch_op.drop_index(batch_op.f("ix_region_past_path"))

    op.drop_table("region_past")
    op.drop_table("region_lineage")
    with op.batch_alter_table("coverage_target", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coverage_target_indicator_key"))

    op.drop_table("coverage_target")
    with op.batch_alter_table("coverage_waiting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coverage_waiting_since"))

    op.drop_table("coverage_waiting")
    with op.batch_alter_table("coverage_stretch", schema=None) as batch_op:
        batch_op.drop_index("ix_coverage_stretch_subject")
        batch_op.drop_index("ix_coverage_stretch_organisation")
        batch_op.drop_index(
            "ix_coverage_stretch_missing",
            sqlite_where=sa.text("state >= 2 AND gone_seq = 2147483647"),
            postgresql_where=sa.text("state >= 2 AND gone_seq = 2147483647"),
        )
        batch_op.drop_index("ix_coverage_stretch_ground")

    op.drop_table("coverage_stretch")
    op.drop_table("coverage_number")
    op.drop_table("coverage_indicator")
    with op.batch_alter_table("coverage_ground", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coverage_ground_region_id"))

    op.drop_table("coverage_ground")
    op.drop_table("coverage_day")
    op.drop_table("coverage_checkpoint")
    with op.batch_alter_table("coverage_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coverage_check_checked_at"))

    op.drop_table("coverage_check")
    with op.batch_alter_table("coverage_change", schema=None) as batch_op:
        batch_op.drop_index("ix_coverage_change_cell")

    op.drop_table("coverage_change")
    with op.batch_alter_table("coverage_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coverage_batch_recorded_at"))

    op.drop_table("coverage_batch")
