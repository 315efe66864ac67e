"""Lay the tables of training: providers, programmes, classes, study online.

Revision ID: 0022_training
Revises: 0021_syllabuses
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022_training"
down_revision = "0021_syllabuses"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "training_file",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_training_file")),
    )
    op.create_table(
        "provider_approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column(
            "roles", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "items", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_provider_approval_span")),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["organisation.id"], name=op.f("fk_provider_approval_authority_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_provider_approval_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_approval")),
    )
    with op.batch_alter_table("provider_approval", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_provider_approval_provider_id"), ["provider_id"], unique=False
        )

    op.create_table(
        "training_programme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("level", sa.String(length=64), nullable=True),
        sa.Column("high_risk", sa.Boolean(), nullable=False),
        sa.Column("construction", sa.Boolean(), nullable=False),
        sa.Column("tenths", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("tenths > 0", name=op.f("ck_training_programme_tenths")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["organisation.id"], name=op.f("fk_training_programme_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_programme")),
    )
    with op.batch_alter_table("training_programme", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_training_programme_owner_id"), ["owner_id"], unique=False
        )

    op.create_table(
        "training_room",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("seats > 0", name=op.f("ck_training_room_seats")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_training_room_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_room")),
    )
    with op.batch_alter_table("training_room", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_training_room_provider_id"), ["provider_id"], unique=False
        )

    op.create_table(
        "expert_appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("function", sa.String(length=64), nullable=False),
        sa.Column("authority_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("trained_on", sa.Date(), nullable=True),
        sa.Column("tested_on", sa.Date(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dismissed_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_expert_appointment_span")),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["organisation.id"], name=op.f("fk_expert_appointment_authority_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_expert_appointment_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_appointment")),
    )
    with op.batch_alter_table("expert_appointment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_expert_appointment_authority_id"), ["authority_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_expert_appointment_person_id_function"),
            ["person_id", "function"],
            unique=False,
        )

    op.create_table(
        "online_lesson",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column(
            "content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("tenths", sa.Integer(), nullable=False),
        sa.Column("test", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("pass_percent", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("tenths > 0", name=op.f("ck_online_lesson_tenths")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["training_programme.id"], name=op.f("fk_online_lesson_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_lesson")),
    )
    with op.batch_alter_table("online_lesson", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_online_lesson_programme_id"), ["programme_id"], unique=False
        )

    op.create_table(
        "safety_engineer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("grade", sa.String(length=64), nullable=False),
        sa.Column("speciality", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_safety_engineer_span")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_safety_engineer_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_safety_engineer_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_engineer")),
        sa.UniqueConstraint("number", name=op.f("uq_safety_engineer_number")),
    )
    with op.batch_alter_table("safety_engineer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_safety_engineer_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_safety_engineer_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "study_day",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("credited_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_study_day_person_id")),
        sa.PrimaryKeyConstraint("person_id", "day", name=op.f("pk_study_day")),
    )
    op.create_table(
        "teacher",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("qualification", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_teacher_person_id")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_teacher_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teacher")),
        sa.UniqueConstraint(
            "provider_id",
            "person_id",
            "from_on",
            name=op.f("uq_teacher_provider_id_person_id_from_on"),
        ),
    )
    with op.batch_alter_table("teacher", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_teacher_person_id"), ["person_id"], unique=False)

    op.create_table(
        "training_class",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mode", sa.String(length=64), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("run_by_id", sa.Uuid(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", sa.Text(), nullable=True),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_training_class_capacity")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_training_class_span")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["training_programme.id"], name=op.f("fk_training_class_programme_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_training_class_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_by_id"], ["person.id"], name=op.f("fk_training_class_run_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_class")),
    )
    with op.batch_alter_table("training_class", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_training_class_programme_id"), ["programme_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_training_class_provider_id_starts_on"),
            ["provider_id", "starts_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_training_class_run_by_id"), ["run_by_id"], unique=False
        )

    op.create_table(
        "training_programme_subject",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("tenths", sa.Integer(), nullable=False),
        sa.CheckConstraint("tenths > 0", name=op.f("ck_training_programme_subject_tenths")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["training_programme.id"],
            name=op.f("fk_training_programme_subject_programme_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_programme_subject")),
        sa.UniqueConstraint(
            "programme_id", "place", name=op.f("uq_training_programme_subject_programme_id_place")
        ),
    )
    op.create_table(
        "class_learner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("pre_score", sa.Integer(), nullable=True),
        sa.Column("post_score", sa.Integer(), nullable=True),
        sa.Column("tenths_done", sa.Integer(), nullable=True),
        sa.Column("completed", sa.Boolean(), nullable=True),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_id"], ["training_class.id"], name=op.f("fk_class_learner_class_id")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["organisation.id"], name=op.f("fk_class_learner_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_class_learner_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_class_learner_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_learner")),
        sa.UniqueConstraint(
            "class_id", "person_id", name=op.f("uq_class_learner_class_id_person_id")
        ),
    )
    with op.batch_alter_table("class_learner", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_class_learner_employer_id"), ["employer_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_class_learner_person_id"), ["person_id"], unique=False)

    op.create_table(
        "class_lesson",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("tenths", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_class_lesson_span")),
        sa.ForeignKeyConstraint(
            ["class_id"], ["training_class.id"], name=op.f("fk_class_lesson_class_id")
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["training_room.id"], name=op.f("fk_class_lesson_room_id")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_class_lesson_teacher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_lesson")),
    )
    with op.batch_alter_table("class_lesson", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_class_lesson_class_id"), ["class_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_class_lesson_room_id_starts_at"), ["room_id", "starts_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_class_lesson_teacher_id_starts_at"),
            ["teacher_id", "starts_at"],
            unique=False,
        )

    op.create_table(
        "class_material",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"], ["training_class.id"], name=op.f("fk_class_material_class_id")
        ),
        sa.ForeignKeyConstraint(
            ["hash"], ["training_file.hash"], name=op.f("fk_class_material_hash")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_material")),
    )
    with op.batch_alter_table("class_material", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_class_material_class_id"), ["class_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_class_material_hash"), ["hash"], unique=False)

    op.create_table(
        "teacher_subject",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_teacher_subject_span")),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_teacher_subject_teacher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teacher_subject")),
    )
    with op.batch_alter_table("teacher_subject", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_teacher_subject_teacher_id"), ["teacher_id"], unique=False
        )

    op.create_table(
        "class_attendance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "flags", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_class_attendance_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_class_attendance_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["class_lesson.id"], name=op.f("fk_class_attendance_lesson_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_class_attendance_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_attendance")),
        sa.UniqueConstraint(
            "lesson_id", "person_id", name=op.f("uq_class_attendance_lesson_id_person_id")
        ),
    )
    with op.batch_alter_table("class_attendance", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_class_attendance_device_id"), ["device_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_class_attendance_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "class_evaluation",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column(
            "teacher_ratings",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["class_learner.id"], name=op.f("fk_class_evaluation_learner_id")
        ),
        sa.PrimaryKeyConstraint("learner_id", name=op.f("pk_class_evaluation")),
    )
    op.create_table(
        "lesson_test",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column(
            "chosen", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("right_count", sa.Integer(), nullable=False),
        sa.Column("question_count", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["class_learner.id"], name=op.f("fk_lesson_test_learner_id")
        ),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["online_lesson.id"], name=op.f("fk_lesson_test_lesson_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_test")),
    )
    with op.batch_alter_table("lesson_test", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lesson_test_learner_id_lesson_id"),
            ["learner_id", "lesson_id"],
            unique=False,
        )

    op.create_table(
        "study_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_sequence", sa.Integer(), nullable=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.Column("credited_ms", sa.BigInteger(), nullable=False),
        sa.Column("check_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stretch_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stretch_reason", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["class_learner.id"], name=op.f("fk_study_session_learner_id")
        ),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["online_lesson.id"], name=op.f("fk_study_session_lesson_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_study_session_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_session")),
    )
    with op.batch_alter_table("study_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_study_session_learner_id_lesson_id"),
            ["learner_id", "lesson_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_study_session_person_id_last_at"), ["person_id", "last_at"], unique=False
        )

    op.create_table(
        "study_identity_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["study_session.id"], name=op.f("fk_study_identity_check_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_identity_check")),
    )
    with op.batch_alter_table("study_identity_check", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_study_identity_check_session_id"), ["session_id"], unique=False
        )

    op.create_table(
        "study_ruling",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("ms", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_study_ruling_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["study_session.id"], name=op.f("fk_study_ruling_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_ruling")),
    )
    with op.batch_alter_table("study_ruling", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_study_ruling_session_id"), ["session_id"], unique=False
        )

    op.create_table(
        "study_stretch",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["study_session.id"], name=op.f("fk_study_stretch_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "from_at", name=op.f("pk_study_stretch")),
    )
    op.create_table(
        "study_appeal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ruling_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_study_appeal_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["ruling_id"], ["study_ruling.id"], name=op.f("fk_study_appeal_ruling_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["study_session.id"], name=op.f("fk_study_appeal_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_appeal")),
    )
    with op.batch_alter_table("study_appeal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_study_appeal_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_study_appeal_session_id"), ["session_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("study_appeal")
    op.drop_table("study_stretch")
    op.drop_table("study_ruling")
    op.drop_table("study_identity_check")
    op.drop_table("study_session")
    op.drop_table("lesson_test")
    op.drop_table("class_evaluation")
    op.drop_table("class_attendance")
    op.drop_table("teacher_subject")
    op.drop_table("class_material")
    op.drop_table("class_lesson")
    op.drop_table("class_learner")
    op.drop_table("training_programme_subject")
    op.drop_table("training_class")
    op.drop_table("teacher")
    op.drop_table("study_day")
    op.drop_table("safety_engineer")
    op.drop_table("online_lesson")
    op.drop_table("expert_appointment")
    op.drop_table("training_room")
    op.drop_table("training_programme")
    op.drop_table("provider_approval")
    op.drop_table("training_file")
