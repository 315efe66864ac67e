"""Addresses for entering into files: trainings, statements, confirmations (登记接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server import clock
from server.access import identity, requires, signed_in_only
from server.audit.errors import NumberNotMasked
from server.db import transaction
from server.errors import IdTaken
from server.policy import Permission
from server.records.errors import (
    AlreadyConfirmed,
    AlreadyCorrected,
    NotByEmployer,
    NothingToConfirm,
    OwnFile,
    StatementAhead,
    TrainingNotFinished,
)
from server.records.models import Record
from server.records.schemas.entering import (
    CorrectionIn,
    ObjectionIn,
    StatementCorrectionIn,
    StatementIn,
    TrainingFields,
    TrainingIn,
    training_of,
)
from server.records.schemas.reading import RecordOut
from server.records.services import confirming, stating, training
from server.records.views.parts import file_views as views


@views.route("/people/<uuid:person_id>/training-records/<uuid:record_id>", methods=["PUT"])
@requires(Permission.RECORD_TRAINING)
@views.arguments(TrainingIn)
@views.response(200, RecordOut)
@views.refuses(TrainingNotFinished, IdTaken, NumberNotMasked)
def record_training(body: dict[str, Any], person_id: UUID, record_id: UUID) -> Record:
    """Record under the id given that a person finished a training."""
    by, at, today = identity(), clock.now(), clock.today()
    with transaction():
        return training.record(person_id, record_id, **body, by=by, at=at, on=today)


@views.route("/people/<uuid:person_id>/record-corrections/<uuid:correction_id>", methods=["PUT"])
@requires(Permission.RECORD_TRAINING)
@views.arguments(CorrectionIn)
@views.response(200, RecordOut)
@views.refuses(AlreadyCorrected, TrainingNotFinished, IdTaken, NumberNotMasked)
def correct_training(body: dict[str, Any], person_id: UUID, correction_id: UUID) -> Record:
    """Correct or withdraw a training record by another entry; both stay to be read."""
    by, at, today = identity(), clock.now(), clock.today()
    with transaction():
        return training.correct(person_id, correction_id, **body, by=by, at=at, on=today)


@views.route("/people/<uuid:person_id>/file-entries/<uuid:entry_id>", methods=["PUT"])
@requires(Permission.WRITE_FILES)
@views.arguments(StatementIn)
@views.response(200, RecordOut)
@views.refuses(StatementAhead, OwnFile, IdTaken, NumberNotMasked)
def state_in_file(body: dict[str, Any], person_id: UUID, entry_id: UUID) -> Record:
    """Enter a violation, a health declaration or a note into a person's file."""
    by, at, today = identity(), clock.now(), clock.today()
    with transaction():
        return stating.state(person_id, entry_id, **body, by=by, at=at, on=today)


@views.route("/people/<uuid:person_id>/file-corrections/<uuid:correction_id>", methods=["PUT"])
@requires(Permission.WRITE_FILES)
@views.arguments(StatementCorrectionIn)
@views.response(200, RecordOut)
@views.refuses(AlreadyCorrected, StatementAhead, OwnFile, IdTaken, NumberNotMasked)
def correct_file(body: dict[str, Any], person_id: UUID, correction_id: UUID) -> Record:
    """Correct or withdraw an entry of a file by another entry; both stay to be read."""
    by, at, today = identity(), clock.now(), clock.today()
    with transaction():
        return stating.correct(person_id, correction_id, **body, by=by, at=at, on=today)


@views.route("/people/<uuid:person_id>/inductions/<uuid:record_id>", methods=["PUT"])
@requires(Permission.INDUCT_WORKERS)
@views.arguments(TrainingFields)
@views.response(200, RecordOut)
@views.refuses(NotByEmployer, OwnFile, TrainingNotFinished, IdTaken, NumberNotMasked)
def induct_worker(body: dict[str, Any], person_id: UUID, record_id: UUID) -> Record:
    """Record what an enterprise taught its own: a level of induction, a post change, a year."""
    by, at, today = identity(), clock.now(), clock.today()
    with transaction():
        return training.induct(person_id, record_id, training_of(body), by=by, at=at, on=today)


@views.route("/people/<uuid:person_id>/induction-corrections/<uuid:correction_id>", methods=["PUT"])
@requires(Permission.INDUCT_WORKERS)
@views.arguments(CorrectionIn)
@views.response(200, RecordOut)
@views.refuses(
    NotByEmployer, OwnFile, AlreadyCorrected, TrainingNotFinished, IdTaken, NumberNotMasked
)
def correct_induction(body: dict[str, Any], person_id: UUID, correction_id: UUID) -> Record:
    """Correct or withdraw what an enterprise taught its own; both entries stay to be read."""
    by, at, today = identity(), clock.now(), clock.today()
    with transaction():
        return training.correct_induction(person_id, correction_id, **body, by=by, at=at, on=today)


@views.route("/people/<uuid:person_id>/file-confirmations/<uuid:record_id>", methods=["PUT"])
@requires(Permission.WRITE_FILES)
@views.response(200, RecordOut)
@views.refuses(OwnFile, NothingToConfirm)
def confirm_as_assessor(person_id: UUID, record_id: UUID) -> Record:
    """Confirm a training or exam of somebody as the one who assessed it."""
    by = identity()
    with transaction():
        return confirming.by_assessor(person_id, record_id, by=by, at=clock.now())


@views.route("/me/file-confirmations/<uuid:record_id>", methods=["PUT"])
@signed_in_only
@views.response(200, RecordOut)
@views.refuses(NothingToConfirm)
def confirm_own(record_id: UUID) -> Record:
    """Confirm a training or exam in one's own file."""
    by = identity()
    with transaction():
        return confirming.by_worker(record_id, by=by, at=clock.now())


@views.route("/me/file-objections/<uuid:record_id>", methods=["PUT"])
@signed_in_only
@views.arguments(ObjectionIn)
@views.response(200, RecordOut)
@views.refuses(NothingToConfirm, AlreadyConfirmed, IdTaken, NumberNotMasked)
def object_to_own(body: dict[str, Any], record_id: UUID) -> Record:
    """Say why one does not confirm a training or exam in one's own file (本人异议)."""
    by = identity()
    with transaction():
        return confirming.object_to(record_id, body["words"], by=by, at=clock.now())
