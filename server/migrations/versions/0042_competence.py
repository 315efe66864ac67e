"""Frameworks of competence, cycles of evaluation, judges, appeals, plans.

Revision ID: 0042_competence
Revises: 0041_standard_proposals
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0042_competence"
down_revision = "0041_standard_proposals"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "competence_framework",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written_by_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competence_framework")),
        sa.UniqueConstraint(
            "key", "effective_from", name=op.f("uq_competence_framework_key_effective_from")
        ),
    )
    op.create_table(
        "competence_cycle",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_by_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_competence_cycle_span")),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["competence_framework.id"], name=op.f("fk_competence_cycle_framework_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_competence_cycle_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competence_cycle")),
    )
    op.create_index(op.f("ix_competence_cycle_organisation_id"), "competence_cycle", ["organisation_id"])
    op.create_table(
        "competence_appraisal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.Column("concluded_by_id", sa.Uuid(), nullable=True),
        sa.Column("reached", sa.Text(), nullable=True),
        sa.Column("result", JSON, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["concluded_by_id"], ["person.id"], name=op.f("fk_competence_appraisal_concluded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["competence_cycle.id"], name=op.f("fk_competence_appraisal_cycle_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_competence_appraisal_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_competence_appraisal_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_competence_appraisal_post_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competence_appraisal")),
        sa.UniqueConstraint(
            "cycle_id", "post_id", name=op.f("uq_competence_appraisal_cycle_id_post_id")
        ),
    )
    op.create_index(op.f("ix_competence_appraisal_organisation_id"), "competence_appraisal", ["organisation_id"])
    op.create_index(op.f("ix_competence_appraisal_person_id_concluded_on"), "competence_appraisal", ["person_id", "concluded_on"])
    op.create_table(
        "competence_appeal",
        sa.Column("appraisal_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result_before", JSON, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("marks", JSON, nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["appraisal_id"], ["competence_appraisal.id"], name=op.f("fk_competence_appeal_appraisal_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_competence_appeal_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("appraisal_id", name=op.f("pk_competence_appeal")),
    )
    op.create_table(
        "competence_evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appraisal_id", sa.Uuid(), nullable=False),
        sa.Column("competence", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("presented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("presented_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appraisal_id"], ["competence_appraisal.id"], name=op.f("fk_competence_evidence_appraisal_id")
        ),
        sa.ForeignKeyConstraint(
            ["presented_by_id"], ["person.id"], name=op.f("fk_competence_evidence_presented_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_competence_evidence_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competence_evidence")),
        sa.UniqueConstraint(
            "appraisal_id", "competence", "record_id", name=op.f("uq_competence_evidence_appraisal_id_competence_record_id")
        ),
    )
    op.create_table(
        "competence_judge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appraisal_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=64), nullable=False),
        sa.Column("marks", JSON, nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["appraisal_id"], ["competence_appraisal.id"], name=op.f("fk_competence_judge_appraisal_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_competence_judge_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competence_judge")),
        sa.UniqueConstraint(
            "appraisal_id", "person_id", name=op.f("uq_competence_judge_appraisal_id_person_id")
        ),
    )
    op.create_index(op.f("ix_competence_judge_person_id"), "competence_judge", ["person_id"])
    op.create_table(
        "competence_plan_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appraisal_id", sa.Uuid(), nullable=False),
        sa.Column("competence", sa.Text(), nullable=False),
        sa.Column("proof", sa.String(length=64), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["appraisal_id"], ["competence_appraisal.id"], name=op.f("fk_competence_plan_item_appraisal_id")
        ),
        sa.ForeignKeyConstraint(
            ["class_id"], ["training_class.id"], name=op.f("fk_competence_plan_item_class_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competence_plan_item")),
        sa.UniqueConstraint(
            "appraisal_id", "competence", "proof", name=op.f("uq_competence_plan_item_appraisal_id_competence_proof")
        ),
    )
    op.create_table(
        "competence_settlement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appraisal_id", sa.Uuid(), nullable=False),
        sa.Column("competence", sa.Text(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("settled_by_id", sa.Uuid(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["appraisal_id"], ["competence_appraisal.id"], name=op.f("fk_competence_settlement_appraisal_id")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["person.id"], name=op.f("fk_competence_settlement_settled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competence_settlement")),
        sa.UniqueConstraint(
            "appraisal_id", "competence", name=op.f("uq_competence_settlement_appraisal_id_competence")
        ),
    )


def downgrade() -> None:
    op.drop_table("competence_settlement")
    op.drop_table("competence_plan_item")
    op.drop_table("competence_judge")
    op.drop_table("competence_evidence")
    op.drop_table("competence_appeal")
    op.drop_table("competence_appraisal")
    op.drop_table("competence_cycle")
    op.drop_table("competence_framework")
