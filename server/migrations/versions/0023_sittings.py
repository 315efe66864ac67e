"""Lay the tables of test centres, sittings, candidatures and check-in.

Revision ID: 0023_sittings
Revises: 0022_training
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023_sittings"
down_revision = "0022_training"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "centre_approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("centre_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=True),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_centre_approval_span")),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["organisation.id"], name=op.f("fk_centre_approval_centre_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_centre_approval")),
    )
    with op.batch_alter_table("centre_approval", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_centre_approval_centre_id"), ["centre_id"], unique=False
        )

    op.create_table(
        "centre_room",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("centre_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("column_count", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column(
            "gaps",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "defective",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_centre_room_capacity")),
        sa.CheckConstraint(
            "column_count BETWEEN 1 AND 100", name=op.f("ck_centre_room_column_count")
        ),
        sa.CheckConstraint("row_count BETWEEN 1 AND 100", name=op.f("ck_centre_room_row_count")),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["organisation.id"], name=op.f("fk_centre_room_centre_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_centre_room")),
        sa.UniqueConstraint("centre_id", "name", name=op.f("uq_centre_room_centre_id_name")),
    )
    op.create_table(
        "exam_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("qualification_id", sa.Uuid(), nullable=False),
        sa.Column("specification_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_exam_plan_span")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_exam_plan_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["qualification_id"], ["qualification.id"], name=op.f("fk_exam_plan_qualification_id")
        ),
        sa.ForeignKeyConstraint(
            ["specification_id"],
            ["paper_specification.id"],
            name=op.f("fk_exam_plan_specification_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_plan")),
    )
    with op.batch_alter_table("exam_plan", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_exam_plan_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "separation_override",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_person_id", sa.Uuid(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("decided_because", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_person_id"],
            ["person.id"],
            name=op.f("fk_separation_override_asked_by_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["person.id"], name=op.f("fk_separation_override_candidate_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_person_id"],
            ["person.id"],
            name=op.f("fk_separation_override_decided_by_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["person.id"], name=op.f("fk_separation_override_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_separation_override")),
    )
    with op.batch_alter_table("separation_override", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_separation_override_candidate_id"), ["candidate_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_separation_override_staff_id"), ["staff_id"], unique=False
        )

    op.create_table(
        "sitting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("centre_id", sa.Uuid(), nullable=False),
        sa.Column("mode", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("stand_by_limit", sa.Integer(), nullable=False),
        sa.Column("enrolment_opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enrolment_closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("late_minutes", sa.Integer(), nullable=False),
        sa.Column("absence_notice_hours", sa.Integer(), nullable=False),
        sa.Column("absence_pause_days", sa.Integer(), nullable=False),
        sa.Column("seating_seed", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_sitting_capacity")),
        sa.CheckConstraint("stand_by_limit >= 0", name=op.f("ck_sitting_stand_by_limit")),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["organisation.id"], name=op.f("fk_sitting_centre_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["exam.id"], name=op.f("fk_sitting_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["exam_plan.id"], name=op.f("fk_sitting_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting")),
    )
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sitting_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sitting_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "check_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("seat_row", sa.Integer(), nullable=True),
        sa.Column("seat_column", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.String(length=64), nullable=False),
        sa.Column("by_account_id", sa.Uuid(), nullable=False),
        sa.Column("by_person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["person.id"], name=op.f("fk_check_in_by_person_id")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["centre_room.id"], name=op.f("fk_check_in_room_id")),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_check_in_sitting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
    )
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_check_in_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "sitting_duty",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("duty", sa.String(length=64), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assigned_by_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sitting_duty_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_duty_sitting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting_duty")),
    )
    with op.batch_alter_table("sitting_duty", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sitting_duty_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_sitting_duty_who",
            ["sitting_id", "person_id", "duty", "room"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "sitting_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_move_sitting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting_move")),
    )
    with op.batch_alter_table("sitting_move", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sitting_move_sitting_id"), ["sitting_id"], unique=False
        )

    op.create_table(
        "sitting_room",
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["centre_room.id"], name=op.f("fk_sitting_room_room_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_room_sitting_id")
        ),
        sa.PrimaryKeyConstraint("sitting_id", "room_id", name=op.f("pk_sitting_room")),
    )
    with op.batch_alter_table("sitting_room", schema=None) as batch_op:
        batch_op.create_index("ix_sitting_room_room_id", ["room_id"], unique=False)

    op.create_table(
        "candidature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=True),
        sa.Column("waiver", sa.Text(), nullable=True),
        sa.Column("decide_by", sa.Date(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("seat_row", sa.Integer(), nullable=True),
        sa.Column("seat_column", sa.Integer(), nullable=True),
        sa.Column(
            "seat_note",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=True,
        ),
        sa.Column("ticket_number", sa.Integer(), nullable=False),
        sa.Column("attendance", sa.String(length=64), nullable=False),
        sa.Column("let_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("absence_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(room_id IS NULL) = (seat_row IS NULL)", name=op.f("ck_candidature_seat")
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["person.id"], name=op.f("fk_candidature_candidate_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_person_id"],
            ["person.id"],
            name=op.f("fk_candidature_decided_by_person_id"),
        ),
        sa.ForeignKeyConstraint(["id"], ["enrolment.id"], name=op.f("fk_candidature_id")),
        sa.ForeignKeyConstraint(
            ["room_id"], ["centre_room.id"], name=op.f("fk_candidature_room_id")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_id"], ["organisation.id"], name=op.f("fk_candidature_sent_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_candidature_sitting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidature")),
        sa.UniqueConstraint("sitting_id", "number", name=op.f("uq_candidature_sitting_id_number")),
    )
    with op.batch_alter_table("candidature", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_candidature_candidate_id"), ["candidate_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_candidature_decide_by"), ["decide_by"], unique=False)
        batch_op.create_index(
            "uq_candidature_seat",
            ["sitting_id", "room_id", "seat_row", "seat_column"],
            unique=True,
            sqlite_where=sa.text("room_id IS NOT NULL"),
            postgresql_where=sa.text("room_id IS NOT NULL"),
        )

    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("awaits", sa.String(length=64), nullable=True))

    with op.batch_alter_table("exam", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_practice", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:

    with op.batch_alter_table("exam", schema=None) as batch_op:
        batch_op.drop_column("is_practice")

    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_column("awaits")

    with op.batch_alter_table("candidature", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_candidature_seat",
            sqlite_where=sa.text("room_id IS NOT NULL"),
            postgresql_where=sa.text("room_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_candidature_decide_by"))
        batch_op.drop_index(batch_op.f("ix_candidature_candidate_id"))

    op.drop_table("candidature")
    with op.batch_alter_table("sitting_room", schema=None) as batch_op:
        batch_op.drop_index("ix_sitting_room_room_id")

    op.drop_table("sitting_room")
    with op.batch_alter_table("sitting_move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sitting_move_sitting_id"))

    op.drop_table("sitting_move")
    with op.batch_alter_table("sitting_duty", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_sitting_duty_who",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_sitting_duty_person_id"))

    op.drop_table("sitting_duty")
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_check_in_sitting_id"))

    op.drop_table("check_in")
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sitting_plan_id"))
        batch_op.drop_index(batch_op.f("ix_sitting_centre_id"))

    op.drop_table("sitting")
    with op.batch_alter_table("separation_override", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_separation_override_staff_id"))
        batch_op.drop_index(batch_op.f("ix_separation_override_candidate_id"))

    op.drop_table("separation_override")
    with op.batch_alter_table("exam_plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exam_plan_organisation_id"))

    op.drop_table("exam_plan")
    op.drop_table("centre_room")
    with op.batch_alter_table("centre_approval", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_centre_approval_centre_id"))

    op.drop_table("centre_approval")
