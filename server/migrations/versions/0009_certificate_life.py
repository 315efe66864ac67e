"""Kinds of certificates as data, re-issues under one number, grounds and documents of decisions, one status list.

Revision ID: 0009_certificate_life
Revises: 0008_law_library
"""

import sqlalchemy as sa
from alembic import op

revision = "0009_certificate_life"
down_revision = "0008_law_library"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "status_block",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_status_block")),
    )
    with op.batch_alter_table("certificate_rule", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind_zh", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("kind_en", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("numbering", sa.String(length=64), server_default="range", nullable=False)
        )
        batch_op.add_column(sa.Column("qualification_code", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("issuer_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("renewal_window_days", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("extendable", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("two_to_lift", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_certificate_rule_issuer_id"), "issuer", ["issuer_id"], ["id"]
        )
    # Places of issuers' own lists may meet on the one list: whoever came later is moved behind.
    op.execute(
        "UPDATE certificate SET status_index = status_index + 1000000000 WHERE EXISTS ("
        "SELECT 1 FROM certificate AS other WHERE other.status_index = certificate.status_index "
        "AND other.serial < certificate.serial)"
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_certificate_number"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_certificate_range_id_place"), type_="unique")
        batch_op.drop_constraint(
            batch_op.f("uq_certificate_issuer_id_status_index"), type_="unique"
        )
        batch_op.drop_constraint(batch_op.f("uq_certificate_attempt_id"), type_="unique")
        batch_op.add_column(sa.Column("edition", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("remark", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("number_cipher", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("number_key_id", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("number_index", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("first_review_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("token_kid", sa.Text(), server_default="", nullable=False))
        batch_op.create_unique_constraint(
            batch_op.f("uq_certificate_range_id_place_edition"), ["range_id", "place", "edition"]
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_certificate_status_index"), ["status_index"]
        )
        batch_op.create_check_constraint(batch_op.f("ck_certificate_edition"), "edition >= 1")
        batch_op.create_index(batch_op.f("ix_certificate_number"), ["number"])
        batch_op.create_index(batch_op.f("ix_certificate_number_index"), ["number_index"])
        batch_op.create_index(batch_op.f("ix_certificate_attempt_id"), ["attempt_id"])
        batch_op.create_index(batch_op.f("ix_certificate_previous_id"), ["previous_id"])
    with op.batch_alter_table("certificate_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ground", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("document", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("by_person_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_certificate_event_kind"), ["kind"])


def downgrade() -> None:
    with op.batch_alter_table("certificate_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_event_kind"))
        batch_op.drop_column("by_person_id")
        batch_op.drop_column("document")
        batch_op.drop_column("ground")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_previous_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_attempt_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_number_index"))
        batch_op.drop_index(batch_op.f("ix_certificate_number"))
        batch_op.drop_constraint(batch_op.f("ck_certificate_edition"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_certificate_status_index"), type_="unique")
        batch_op.drop_constraint(
            batch_op.f("uq_certificate_range_id_place_edition"), type_="unique"
        )
        for name in (
            "token_kid",
            "first_review_on",
            "number_index",
            "number_key_id",
            "number_cipher",
            "remark",
            "edition",
        ):
            batch_op.drop_column(name)
        batch_op.create_unique_constraint(batch_op.f("uq_certificate_attempt_id"), ["attempt_id"])
        batch_op.create_unique_constraint(
            batch_op.f("uq_certificate_issuer_id_status_index"), ["issuer_id", "status_index"]
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_certificate_range_id_place"), ["range_id", "place"]
        )
        batch_op.create_unique_constraint(batch_op.f("uq_certificate_number"), ["number"])
    with op.batch_alter_table("certificate_rule", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_certificate_rule_issuer_id"), type_="foreignkey")
        for name in (
            "two_to_lift",
            "extendable",
            "renewal_window_days",
            "issuer_id",
            "qualification_code",
            "numbering",
            "kind_en",
            "kind_zh",
        ):
            batch_op.drop_column(name)
    op.drop_table("status_block")
