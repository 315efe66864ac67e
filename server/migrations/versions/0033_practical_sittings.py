"""Hold practicals at sittings: turns at stations, calls, rooms that are left.

Revision ID: 0033_practical_sittings
Revises: 0032_messages
"""

import sqlalchemy as sa
from alembic import op

revision = "0033_practical_sittings"
down_revision = "0032_messages"
branch_labels = None
depends_on = None

_SEAT = ["sitting_id", "room_id", "seat_row", "seat_column"]


def upgrade() -> None:
    op.create_table(
        "station_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practical_id", sa.Uuid(), nullable=False),
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("seat_row", sa.Integer(), nullable=False),
        sa.Column("seat_column", sa.Integer(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_by_id", sa.Uuid(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["called_by_id"], ["person.id"], name=op.f("fk_station_call_called_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["practical_id"], ["practical.id"], name=op.f("fk_station_call_practical_id")
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["centre_room.id"], name=op.f("fk_station_call_room_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_station_call_sitting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_call")),
    )
    with op.batch_alter_table("station_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_station_call_practical_id"), ["practical_id"])
        batch_op.create_index(batch_op.f("ix_station_call_sitting_id"), ["sitting_id"])

    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("turn_minutes", sa.Integer(), nullable=True))

    with op.batch_alter_table("sitting_room", schema=None) as batch_op:
        batch_op.add_column(sa.Column("moved_to_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("moved_because", sa.Text(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_sitting_room_moved_to_id"), "centre_room", ["moved_to_id"], ["id"]
        )

    _seats(None, [*_SEAT, "turn"])

    with op.batch_alter_table("practical", schema=None) as batch_op:
        batch_op.add_column(sa.Column("enrolment_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_practical_enrolment_id"), "enrolment", ["enrolment_id"], ["id"]
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_practical_enrolment_id"), ["enrolment_id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("practical", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_practical_enrolment_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("fk_practical_enrolment_id"), type_="foreignkey")
        batch_op.drop_column("enrolment_id")

    # A station that several are called to in turn is a seat that only one could have.
    op.execute(
        "UPDATE candidature SET room_id = NULL, seat_row = NULL, seat_column = NULL WHERE turn > 1"
    )
    _seats("turn", _SEAT)

    with op.batch_alter_table("sitting_room", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_sitting_room_moved_to_id"), type_="foreignkey")
        batch_op.drop_column("moved_because")
        batch_op.drop_column("moved_at")
        batch_op.drop_column("moved_to_id")

    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.drop_column("turn_minutes")

    op.drop_table("station_call")


def _seats(without: str | None, columns: list[str]) -> None:
    """Say anew what nobody shares: a seat, or a station in a turn."""
    with op.batch_alter_table("candidature", schema=None) as batch_op:
        batch_op.drop_index("uq_candidature_seat")
    with op.batch_alter_table("candidature", schema=None) as batch_op:
        if without is None:
            batch_op.add_column(sa.Column("turn", sa.Integer(), server_default="0", nullable=False))
        else:
            batch_op.drop_column(without)
    with op.batch_alter_table("candidature", schema=None) as batch_op:
        batch_op.create_index(
            "uq_candidature_seat",
            columns,
            unique=True,
            sqlite_where=sa.text("room_id IS NOT NULL"),
            postgresql_where=sa.text("room_id IS NOT NULL"),
        )
