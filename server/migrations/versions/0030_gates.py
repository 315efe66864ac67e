"""Lay the tables of gates.

Revision ID: 0030_gates
Revises: 0029_question_order
"""

import sqlalchemy as sa
from alembic import op

revision = "0030_gates"
down_revision = "0029_question_order"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gate_device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("registered_by_id", sa.Uuid(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_gate_device_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_device")),
    )
    with op.batch_alter_table("gate_device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gate_device_organisation_id"), ["organisation_id"])
    op.create_table(
        "gate_scan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("may_enter", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["gate_device.id"], name=op.f("fk_gate_scan_device_id")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_gate_scan_certificate_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_gate_scan_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_scan")),
    )
    with op.batch_alter_table("gate_scan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gate_scan_device_id"), ["device_id"])
        batch_op.create_index(batch_op.f("ix_gate_scan_person_id"), ["person_id"])


def downgrade() -> None:
    with op.batch_alter_table("gate_scan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gate_scan_person_id"))
        batch_op.drop_index(batch_op.f("ix_gate_scan_device_id"))
    op.drop_table("gate_scan")
    with op.batch_alter_table("gate_device", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gate_device_organisation_id"))
    op.drop_table("gate_device")
