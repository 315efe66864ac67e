"""Lay the tables of practicals, regrades and appeals.

Revision ID: 0027_practicals_and_corrections
Revises: 0026_files
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027_practicals_and_corrections"
down_revision = "0026_files"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "score_sheet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("qualification_id", sa.Uuid(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("pass_percent", sa.Integer(), nullable=False),
        sa.Column("tolerance", sa.Text(), nullable=False),
        sa.Column(
            "subjects",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_score_sheet_minutes")),
        sa.CheckConstraint(
            "pass_percent BETWEEN 1 AND 100", name=op.f("ck_score_sheet_pass_percent")
        ),
        sa.ForeignKeyConstraint(
            ["qualification_id"], ["qualification.id"], name=op.f("fk_score_sheet_qualification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_sheet")),
        sa.UniqueConstraint(
            "qualification_id",
            "effective_from",
            name=op.f("uq_score_sheet_qualification_id_effective_from"),
        ),
    )
    op.create_table(
        "regrade",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("remedy", sa.String(length=64), nullable=False),
        sa.Column(
            "key",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("appeal_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column(
            "preview",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=True,
        ),
        sa.Column("previewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_regrade_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_version.id"], name=op.f("fk_regrade_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrade")),
    )
    with op.batch_alter_table("regrade", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regrade_version_id"), ["version_id"], unique=False)

    op.create_table(
        "key_correction",
        sa.Column("regrade_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("remedy", sa.String(length=64), nullable=False),
        sa.Column(
            "key",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["regrade_id"], ["regrade.id"], name=op.f("fk_key_correction_regrade_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_version.id"], name=op.f("fk_key_correction_version_id")
        ),
        sa.PrimaryKeyConstraint("regrade_id", name=op.f("pk_key_correction")),
    )
    with op.batch_alter_table("key_correction", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_key_correction_version_id_effective_at"),
            ["version_id", "effective_at"],
            unique=False,
        )

    op.create_table(
        "regrade_approval",
        sa.Column("regrade_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_regrade_approval_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["regrade_id"], ["regrade.id"], name=op.f("fk_regrade_approval_regrade_id")
        ),
        sa.PrimaryKeyConstraint("regrade_id", "person_id", name=op.f("pk_regrade_approval")),
    )
    op.create_table(
        "practical",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("qualification_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("theory_attempt_id", sa.Uuid(), nullable=False),
        sa.Column("score_sheet_id", sa.Uuid(), nullable=False),
        sa.Column("standard_id", sa.Uuid(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("release_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column(
            "drawn",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column("planned_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["person.id"], name=op.f("fk_practical_candidate_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_practical_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["qualification_id"], ["qualification.id"], name=op.f("fk_practical_qualification_id")
        ),
        sa.ForeignKeyConstraint(
            ["score_sheet_id"], ["score_sheet.id"], name=op.f("fk_practical_score_sheet_id")
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["exam_standard.id"], name=op.f("fk_practical_standard_id")
        ),
        sa.ForeignKeyConstraint(
            ["theory_attempt_id"], ["attempt.id"], name=op.f("fk_practical_theory_attempt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practical")),
    )
    with op.batch_alter_table("practical", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_practical_candidate_id"), ["candidate_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_practical_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_practical_qualification_id"), ["qualification_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_practical_theory_attempt_id"), ["theory_attempt_id"], unique=False
        )

    op.create_table(
        "regrade_effect",
        sa.Column("regrade_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("score_before", sa.Text(), nullable=False),
        sa.Column("score_after", sa.Text(), nullable=False),
        sa.Column("max_before", sa.Text(), nullable=False),
        sa.Column("max_after", sa.Text(), nullable=False),
        sa.Column("passed_before", sa.Boolean(), nullable=False),
        sa.Column("passed_after", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_regrade_effect_attempt_id")
        ),
        sa.ForeignKeyConstraint(
            ["regrade_id"], ["regrade.id"], name=op.f("fk_regrade_effect_regrade_id")
        ),
        sa.PrimaryKeyConstraint("regrade_id", "attempt_id", name=op.f("pk_regrade_effect")),
    )
    op.create_table(
        "appeal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=True),
        sa.Column("practical_id", sa.Uuid(), nullable=True),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.String(length=64), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("effect", sa.String(length=64), nullable=True),
        sa.Column("effect_id", sa.Uuid(), nullable=True),
        sa.Column("ruled_by_id", sa.Uuid(), nullable=True),
        sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_appeal_attempt_id")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["person.id"], name=op.f("fk_appeal_candidate_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_appeal_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["practical_id"], ["practical.id"], name=op.f("fk_appeal_practical_id")
        ),
        sa.ForeignKeyConstraint(["ruled_by_id"], ["person.id"], name=op.f("fk_appeal_ruled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("subject_id", "ground", name=op.f("uq_appeal_subject_id_ground")),
    )
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeal_attempt_id"), ["attempt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeal_candidate_id"), ["candidate_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_appeal_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "outcome_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=True),
        sa.Column("practical_id", sa.Uuid(), nullable=True),
        sa.Column("cause", sa.String(length=64), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("score_before", sa.Text(), nullable=False),
        sa.Column("score_after", sa.Text(), nullable=False),
        sa.Column("max_before", sa.Text(), nullable=False),
        sa.Column("max_after", sa.Text(), nullable=False),
        sa.Column("passed_before", sa.Boolean(), nullable=False),
        sa.Column("passed_after", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_outcome_correction_attempt_id")
        ),
        sa.ForeignKeyConstraint(
            ["practical_id"], ["practical.id"], name=op.f("fk_outcome_correction_practical_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_correction")),
    )
    with op.batch_alter_table("outcome_correction", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_outcome_correction_attempt_id_corrected_at"),
            ["attempt_id", "corrected_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_outcome_correction_practical_id"), ["practical_id"], unique=False
        )

    op.create_table(
        "practical_exhibit",
        sa.Column("practical_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_practical_exhibit_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["practical_id"], ["practical.id"], name=op.f("fk_practical_exhibit_practical_id")
        ),
        sa.PrimaryKeyConstraint("practical_id", "hash", name=op.f("pk_practical_exhibit")),
    )
    op.create_table(
        "practical_outcome",
        sa.Column("practical_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Text(), nullable=False),
        sa.Column("max_score", sa.Text(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column(
            "marks",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "failed_vetoes",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ruled_by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["practical_id"], ["practical.id"], name=op.f("fk_practical_outcome_practical_id")
        ),
        sa.ForeignKeyConstraint(
            ["ruled_by_id"], ["person.id"], name=op.f("fk_practical_outcome_ruled_by_id")
        ),
        sa.PrimaryKeyConstraint("practical_id", name=op.f("pk_practical_outcome")),
    )
    with op.batch_alter_table("practical_outcome", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_practical_outcome_announced_at_released_at"),
            ["announced_at", "released_at"],
            unique=False,
        )

    op.create_table(
        "practical_scorer",
        sa.Column("practical_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
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
        sa.PrimaryKeyConstraint("practical_id", "person_id", name=op.f("pk_practical_scorer")),
        sa.UniqueConstraint(
            "practical_id", "place", name=op.f("uq_practical_scorer_practical_id_place")
        ),
    )
    op.create_table(
        "practical_word",
        sa.Column("practical_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_practical_word_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["practical_id"], ["practical.id"], name=op.f("fk_practical_word_practical_id")
        ),
        sa.PrimaryKeyConstraint(
            "practical_id", "person_id", "code", "sequence", "value", name=op.f("pk_practical_word")
        ),
    )
    op.create_table(
        "score_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=True),
        sa.Column("practical_id", sa.Uuid(), nullable=True),
        sa.Column("score", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("appeal_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_score_correction_attempt_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_score_correction_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["practical_id"], ["practical.id"], name=op.f("fk_score_correction_practical_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_score_correction_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_correction")),
    )
    with op.batch_alter_table("score_correction", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_score_correction_attempt_id"), ["attempt_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_score_correction_practical_id"), ["practical_id"], unique=False
        )

    op.create_table(
        "paper_viewing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("supervisor_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by_id", sa.Uuid(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["appeal_id"], ["appeal.id"], name=op.f("fk_paper_viewing_appeal_id")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["person.id"], name=op.f("fk_paper_viewing_granted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["person.id"], name=op.f("fk_paper_viewing_supervisor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_viewing")),
    )
    with op.batch_alter_table("paper_viewing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_viewing_appeal_id"), ["appeal_id"], unique=False)

    op.create_table(
        "paper_viewing_look",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("viewing_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["viewing_id"], ["paper_viewing.id"], name=op.f("fk_paper_viewing_look_viewing_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_viewing_look")),
    )
    with op.batch_alter_table("paper_viewing_look", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_paper_viewing_look_viewing_id_at"), ["viewing_id", "at"], unique=False
        )

    with op.batch_alter_table("exam_standard", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("has_practical", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("practical_attempts", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "practical_what_follows",
                sa.String(length=64),
                server_default="nothing",
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column("results_working_days", sa.Integer(), server_default="10", nullable=False)
        )
        batch_op.add_column(
            sa.Column("appeal_working_days", sa.Integer(), server_default="15", nullable=False)
        )
        batch_op.add_column(
            sa.Column("ruling_working_days", sa.Integer(), server_default="15", nullable=False)
        )

    with op.batch_alter_table("paper_specification", schema=None) as batch_op:
        batch_op.add_column(sa.Column("partial_credit", sa.Boolean(), nullable=True))

    # Operating skills are examined of special operations workers only: Order 30 art. 13 until
    # 31 May 2026 (one resit, then training), Order 19 since (five, then the theory again).
    op.execute(
        """
        UPDATE exam_standard SET has_practical = true,
            practical_attempts = CASE WHEN effective_from < '2026-06-01' THEN 2 ELSE 5 END,
            practical_what_follows = CASE
                WHEN effective_from < '2026-06-01' THEN 'retrain' ELSE 'theory_again' END
        WHERE qualification_id IN (
            SELECT id FROM qualification WHERE role = 'special_operations_worker')
        """
    )


def downgrade() -> None:
    with op.batch_alter_table("paper_specification", schema=None) as batch_op:
        batch_op.drop_column("partial_credit")
    with op.batch_alter_table("exam_standard", schema=None) as batch_op:
        for column in (
            "ruling_working_days",
            "appeal_working_days",
            "results_working_days",
            "practical_what_follows",
            "practical_attempts",
            "has_practical",
        ):
            batch_op.drop_column(column)
    for table in (
        "paper_viewing_look",
        "paper_viewing",
        "score_correction",
        "practical_word",
        "practical_scorer",
        "practical_outcome",
        "practical_exhibit",
        "outcome_correction",
        "appeal",
        "regrade_effect",
        "practical",
        "regrade_approval",
        "key_correction",
        "regrade",
        "score_sheet",
    ):
        op.drop_table(table)
