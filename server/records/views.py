"""Addresses of training records and files (培训记录接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server import clock
from server.access import identity, requires, signed_in_only
from server.audit.errors import NumberNotMasked
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.policy import Permission
from server.records.errors import AlreadyCorrected, OwnFile, StatementAhead, TrainingNotFinished
from server.records.models import Record
from server.records.schemas import (
    CorrectionIn,
    FileOut,
    RecordOut,
    StatementCorrectionIn,
    StatementIn,
    TrainingIn,
)
from server.records.services import files, stating, training
from server.records.services.files import TrainingFile

views = Part("records", "Training records and the file made of them 培训记录与一人一档")


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


@views.route("/people/<uuid:person_id>/file")
@requires(Permission.SEE_FILES)
@views.response(200, FileOut)
def show_file(person_id: UUID) -> TrainingFile:
    """Show a person's training file: identity masked, everything on one timeline."""
    scope = identity().scope(Permission.SEE_FILES)
    return files.read(person_id, scope=scope, at=clock.now(), on=clock.today())


@views.route("/me/file")
@signed_in_only
@views.response(200, FileOut)
def show_own_file() -> TrainingFile:
    """Show one's own training file."""
    return files.read(identity().person_id, at=clock.now(), on=clock.today())
