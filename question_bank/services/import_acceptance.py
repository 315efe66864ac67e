"""Accepting an import: its rows become questions, all of them or none (确认导入)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from question_bank.errors import ImportAlreadyAccepted, ImportHasRefusals, ImportNotReady
from question_bank.importing.drafts import Outcome
from question_bank.models import ImportState, QuestionImport, QuestionImportRow
from question_bank.services import imports, stock, written
from server.db import db
from server.policy import Identity, Permission

#: Questions up to which an import is accepted while who accepts waits; more become a job.
MOST_AT_ONCE = 1000

#: Outcomes of rows that accepting looks at: a duplicate may serve somebody more.
_LOOKED_AT = (*imports.CREATING, Outcome.DUPLICATE)

#: Rows of a report that one statement changes.
_ROWS_AT_ONCE = 1000


def accept(import_id: UUID, *, accepted_only: bool, by: Identity, at: datetime) -> QuestionImport:
    """Write the questions of an import as drafts of who accepts it; many of them by a job.

    Args:
        import_id: a previewed import.
        accepted_only: leave refused rows aside; otherwise one refused row or sheet refuses all.
        by: becomes the author of the questions.
        at: the moment of writing.

    Raises:
        NotFound: the import lies outside the asker's scope.
        ImportHasRefusals: something was refused, and all or nothing was asked for.
        ImportAlreadyAccepted: it was accepted before on other terms.
        ImportNotReady: its file is being read.
        TooManyJobs: the asker has too much long work waiting.
    """
    found = imports.get(import_id, scope=by.scope(Permission.WRITE_QUESTIONS), lock=True)
    if found.state is ImportState.READING:
        raise ImportNotReady
    if found.accepted_only not in (None, accepted_only):
        raise ImportAlreadyAccepted
    if found.state is ImportState.ACCEPTED:
        return found
    refused = found.counts[Outcome.REFUSED.value] + found.counts["refused_sheets"]
    if refused and not accepted_only:
        raise ImportHasRefusals(count=refused)
    if sum(found.counts[outcome.value] for outcome in _LOOKED_AT) > MOST_AT_ONCE:
        found.state, found.accepted_only = ImportState.ACCEPTING, accepted_only
        imports.ask(found, imports.ACCEPTING, by=by, at=at)
        return found
    found.accepted_only = accepted_only
    added = finish(found, stock.compose(found, by=by, at=at), by=by, at=at)
    written.settle(list(added.created.values()))
    return found


def finish(
    found: QuestionImport, composed: stock.Composed, *, by: Identity, at: datetime
) -> stock.Added:
    """Write what an acceptance composed, and say so; `written.settle` follows."""
    added = stock.pour(composed)
    found.state, found.accepted_at = ImportState.ACCEPTED, at
    found.created_count = len(added.created)
    _settle_rows(found, added)
    db.session.flush()
    imports.tell("question_import_accepted", found, by=by, at=at)
    return added


def _settle_rows(found: QuestionImport, added: stock.Added) -> None:
    """Say at each row which question it became; a row that lost a race became a duplicate."""
    changes = [
        {"import_id": found.id, "place": place, "question_id": question_id}
        for place, question_id in {**added.created, **added.known}.items()
    ]
    for start in range(0, len(changes), _ROWS_AT_ONCE):
        db.session.execute(update(QuestionImportRow), changes[start : start + _ROWS_AT_ONCE])
    if added.late:
        counts = dict(found.counts)
        for outcome in added.late.values():
            counts[outcome.value] -= 1
            counts[Outcome.DUPLICATE.value] += 1
        found.counts = counts
        db.session.execute(
            update(QuestionImportRow),
            [
                {"import_id": found.id, "place": place, "outcome": Outcome.DUPLICATE}
                for place in added.late
            ],
        )
