"""Lay the tables of contests.

Revision ID: 0040_contests
Revises: 0039_circuits
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0040_contests"
down_revision = "0039_circuits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phone_code",
        sa.Column("phone_index", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("phone_index", name=op.f("pk_phone_code")),
    )
    with op.batch_alter_table("phone_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_phone_code_sent_at"), ["sent_at"], unique=False)

    op.create_table(
        "contest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("notice_version", sa.Integer(), nullable=False),
        sa.Column(
            "entry_mode",
            sa.Enum("open", "invited", name="entrymode", native_enum=False, length=64),
            nullable=False,
        ),
        sa.Column(
            "team_kind",
            sa.Enum("none", "enterprise", "county", name="teamkind", native_enum=False, length=64),
            nullable=False,
        ),
        sa.Column("team_size", sa.Integer(), nullable=False),
        sa.Column(
            "tie_rule",
            sa.Enum("faster", "equal", name="tierule", native_enum=False, length=64),
            nullable=False,
        ),
        sa.Column("base_points", sa.Integer(), nullable=False),
        sa.Column("speed_points", sa.Integer(), nullable=False),
        sa.Column("merit_places", sa.Integer(), nullable=False),
        sa.Column("joins_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joins_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "bank_ids", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "topics", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "published", "cancelled", name="conteststate", native_enum=False, length=64
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("joins_until > joins_from", name=op.f("ck_contest_joining")),
        sa.CheckConstraint("merit_places >= 0", name=op.f("ck_contest_merit_places")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_contest_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest")),
    )
    with op.batch_alter_table("contest", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contest_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "contest_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("seats >= 1", name=op.f("ck_contest_invitation_seats")),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_contest_invitation_contest_id")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["organisation.id"], name=op.f("fk_contest_invitation_employer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_invitation")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_contest_invitation_code_hash")),
    )
    with op.batch_alter_table("contest_invitation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contest_invitation_contest_id"), ["contest_id"], unique=False
        )

    op.create_table(
        "contest_participant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("phone_index", sa.Text(), nullable=True),
        sa.Column("name_cipher", sa.LargeBinary(), nullable=False),
        sa.Column("name_key_id", sa.Text(), nullable=False),
        sa.Column("masked_name", sa.Text(), nullable=False),
        sa.Column("minor", sa.Boolean(), nullable=False),
        sa.Column("guardian_agrees", sa.Boolean(), nullable=False),
        sa.Column("notice_version", sa.Integer(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column("industry", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "person_id IS NOT NULL OR phone_index IS NOT NULL",
            name=op.f("ck_contest_participant_known_by"),
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_contest_participant_contest_id")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["organisation.id"], name=op.f("fk_contest_participant_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contest_participant_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_contest_participant_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_participant")),
        sa.UniqueConstraint(
            "contest_id", "person_id", name=op.f("uq_contest_participant_contest_id_person_id")
        ),
        sa.UniqueConstraint(
            "contest_id", "phone_index", name=op.f("uq_contest_participant_contest_id_phone_index")
        ),
    )
    with op.batch_alter_table("contest_participant", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contest_participant_contest_id_device_id"),
            ["contest_id", "device_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_contest_participant_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "contest_round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "practice", "qualifying", "final", name="roundkind", native_enum=False, length=64
            ),
            nullable=False,
        ),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("question_count", sa.Integer(), nullable=False),
        sa.Column("pool_count", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("pause_seconds", sa.Integer(), nullable=False),
        sa.Column("advancing_places", sa.Integer(), nullable=True),
        sa.Column("freezes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_contest_round_span")),
        sa.CheckConstraint(
            "pool_count >= question_count", name=op.f("ck_contest_round_pool_count")
        ),
        sa.CheckConstraint(
            "question_count BETWEEN 1 AND 60", name=op.f("ck_contest_round_question_count")
        ),
        sa.CheckConstraint("seconds BETWEEN 5 AND 600", name=op.f("ck_contest_round_seconds")),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_contest_round_contest_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_round")),
        sa.UniqueConstraint(
            "contest_id", "number", name=op.f("uq_contest_round_contest_id_number")
        ),
    )
    op.create_table(
        "contest_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("responded", sa.BigInteger(), nullable=False),
        sa.Column("open_slot", sa.Integer(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("correct_count", sa.Integer(), nullable=False),
        sa.Column("elapsed_ms", sa.BigInteger(), nullable=False),
        sa.Column("shown_points", sa.Integer(), nullable=True),
        sa.Column("shown_order", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("disqualified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disqualified_because", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["contest_participant.id"],
            name=op.f("fk_contest_entry_participant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["contest_round.id"], name=op.f("fk_contest_entry_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_entry")),
        sa.UniqueConstraint(
            "round_id", "participant_id", name=op.f("uq_contest_entry_round_id_participant_id")
        ),
    )
    with op.batch_alter_table("contest_entry", schema=None) as batch_op:
        batch_op.create_index("ix_contest_entry_board", ["round_id", "shown_order"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_contest_entry_participant_id"), ["participant_id"], unique=False
        )

    op.create_table(
        "contest_sum",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "points", "region", "employer", "team", name="sumkind", native_enum=False, length=64
            ),
            nullable=False,
        ),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("correct", sa.Integer(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["contest_round.id"], name=op.f("fk_contest_sum_round_id")
        ),
        sa.PrimaryKeyConstraint("round_id", "kind", "key", name=op.f("pk_contest_sum")),
    )
    op.create_table(
        "contest_question",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["contest_round.id"], name=op.f("fk_contest_question_round_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_version.id"], name=op.f("fk_contest_question_version_id")
        ),
        sa.PrimaryKeyConstraint("round_id", "place", name=op.f("pk_contest_question")),
    )
    with op.batch_alter_table("contest_question", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contest_question_version_id"), ["version_id"], unique=False
        )

    op.create_table(
        "contest_response",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("elapsed_ms", sa.Integer(), nullable=False),
        sa.Column("correct", sa.Boolean(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["contest_entry.id"], name=op.f("fk_contest_response_entry_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", "slot", name=op.f("pk_contest_response")),
    )


def downgrade() -> None:
    op.drop_table("contest_response")
    with op.batch_alter_table("contest_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contest_question_version_id"))

    op.drop_table("contest_question")
    op.drop_table("contest_sum")
    with op.batch_alter_table("contest_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contest_entry_participant_id"))
        batch_op.drop_index("ix_contest_entry_board")

    op.drop_table("contest_entry")
    op.drop_table("contest_round")
    with op.batch_alter_table("contest_participant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contest_participant_person_id"))
        batch_op.drop_index(batch_op.f("ix_contest_participant_contest_id_device_id"))

    op.drop_table("contest_participant")
    with op.batch_alter_table("contest_invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contest_invitation_contest_id"))

    op.drop_table("contest_invitation")
    with op.batch_alter_table("contest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contest_organisation_id"))

    op.drop_table("contest")
    with op.batch_alter_table("phone_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_phone_code_sent_at"))

    op.drop_table("phone_code")
