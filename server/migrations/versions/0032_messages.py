"""Lay the tables of messages, their channels and deliveries, and of the rounds of reminders.

Revision ID: 0032_messages
Revises: 0031_bars
"""

import sqlalchemy as sa
from alembic import op

revision = "0032_messages"
down_revision = "0031_bars"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder_round",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("is_over", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_reminder_round")),
    )
    op.create_table(
        "message_channel",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("email", "webhook", name="channelkind", native_enum=False, length=64),
            nullable=False,
        ),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_message_channel_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_channel")),
    )
    with op.batch_alter_table("message_channel", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_message_channel_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("once", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("body_zh", sa.Text(), nullable=False),
        sa.Column("body_en", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_message_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_message_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("once", name=op.f("uq_message_once")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_message_organisation_id_made_at"),
            ["organisation_id", "made_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_message_person_id_made_at"), ["person_id", "made_at"], unique=False
        )

    op.create_table(
        "message_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered", sa.Boolean(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["message_channel.id"], name=op.f("fk_message_delivery_channel_id")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_delivery_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_delivery")),
        sa.UniqueConstraint(
            "message_id", "channel_id", name=op.f("uq_message_delivery_message_id_channel_id")
        ),
    )
    with op.batch_alter_table("message_delivery", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_message_delivery_ended_at_next_at"),
            ["ended_at", "next_at"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("message_delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_delivery_ended_at_next_at"))

    op.drop_table("message_delivery")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_person_id_made_at"))
        batch_op.drop_index(batch_op.f("ix_message_organisation_id_made_at"))

    op.drop_table("message")
    with op.batch_alter_table("message_channel", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_channel_organisation_id"))

    op.drop_table("message_channel")
    op.drop_table("reminder_round")
