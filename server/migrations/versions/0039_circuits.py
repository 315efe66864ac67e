"""Hold practicals as a circuit: stations by subject, examiners and outcomes of each.

Revision ID: 0039_circuits
Revises: 0038_overruled_keys
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0039_circuits"
down_revision = "0038_overruled_keys"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")

_KEPT = "practical_id, person_id, place, assigned_at, assigned_by_id, handed_in_at"


def upgrade() -> None:
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("veto_ends", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    with op.batch_alter_table("sitting_duty", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subjects", JSON, server_default="[]", nullable=False))
    with op.batch_alter_table("practical_outcome", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("missed_subjects", JSON, server_default="[]", nullable=False)
        )
    op.create_table(
        "sitting_station",
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("seat_row", sa.Integer(), nullable=False),
        sa.Column("seat_column", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("subjects", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["centre_room.id"], name=op.f("fk_sitting_station_room_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_station_sitting_id")
        ),
        sa.PrimaryKeyConstraint(
            "sitting_id", "room_id", "seat_row", "seat_column", name=op.f("pk_sitting_station")
        ),
    )
    _subjects()
    _scorers(
        [sa.Column("subject", sa.Text(), nullable=False)],
        ["practical_id", "person_id", "subject"],
        ["practical_id", "subject", "place"],
        copied=f"INSERT INTO practical_scorer ({_KEPT}, subject) SELECT {_KEPT}, '' ",
    )


def downgrade() -> None:
    # Who scored a subject only has no place where a practical is scored as one.
    op.execute("DELETE FROM practical_scorer WHERE subject <> ''")
    _scorers(
        [],
        ["practical_id", "person_id"],
        ["practical_id", "place"],
        copied=f"INSERT INTO practical_scorer ({_KEPT}) SELECT {_KEPT} ",
    )
    op.drop_table("practical_subject")
    op.drop_table("sitting_station")
    with op.batch_alter_table("practical_outcome", schema=None) as batch_op:
        batch_op.drop_column("missed_subjects")
    with op.batch_alter_table("sitting_duty", schema=None) as batch_op:
        batch_op.drop_column("subjects")
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.drop_column("veto_ends")


def _subjects() -> None:
    op.create_table(
        "practical_subject",
        sa.Column("practical_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("seat_row", sa.Integer(), nullable=False),
        sa.Column("seat_column", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "disputed",
                "decided",
                "absent",
                "ended",
                name="subjectstate",
                native_enum=False,
                length=64,
            ),
            nullable=False,
        ),
        sa.Column("disputed", JSON, nullable=False),
        sa.Column("marks", JSON, nullable=False),
        sa.Column("failed_vetoes", JSON, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ruled_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practical_id"], ["practical.id"], name=op.f("fk_practical_subject_practical_id")
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["centre_room.id"], name=op.f("fk_practical_subject_room_id")
        ),
        sa.ForeignKeyConstraint(
            ["ruled_by_id"], ["person.id"], name=op.f("fk_practical_subject_ruled_by_id")
        ),
        sa.PrimaryKeyConstraint("practical_id", "subject", name=op.f("pk_practical_subject")),
    )
    with op.batch_alter_table("practical_subject", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_practical_subject_room_id"), ["room_id"])


def _scorers(
    more: list[sa.Column[str]], key: list[str], once: list[str], *, copied: str
) -> None:
    """Make the table of scorers anew, with another key, and put back what was in it."""
    op.execute("CREATE TABLE practical_scorer_kept AS SELECT * FROM practical_scorer")
    op.drop_table("practical_scorer")
    op.create_table(
        "practical_scorer",
        sa.Column("practical_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        *more,
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assigned_by_id", sa.Uuid(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_practical_scorer_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["practical_id"], ["practical.id"], name=op.f("fk_practical_scorer_practical_id")
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_practical_scorer")),
        sa.UniqueConstraint(*once, name=op.f(f"uq_practical_scorer_{'_'.join(once)}")),
    )
    op.execute(f"{copied} FROM practical_scorer_kept")
    op.drop_table("practical_scorer_kept")
