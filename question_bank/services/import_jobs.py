"""Long imports as jobs: reading a large file, writing many questions (导入任务).

Exams run beside them, so no transaction lasts longer than its statements: the file is parsed, the
bank looked through and the questions composed before one begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from question_bank.models import ImportState
from question_bank.services import import_acceptance, import_files, imports, stock, written
from question_bank.services.import_files import IN_A_JOB, Found
from server.db import db, transaction
from server.jobs.work import Kind, Running
from server.policy import Identity

#: Questions settled in one transaction: a tenth of a second, nobody waits longer.
_SETTLED_AT_ONCE: Final = 300
#: New questions after which the database counts anew what it plans searches by.
_COUNTED_FROM: Final = 1000


def read(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read the file of an import and keep the report on it.

    Raises:
        DomainError: the file cannot be read; the import is forgotten then, see
            `import_following.follow_given_up`.
    """
    import_id, by = _asked(running, wanted)
    content, choices = import_files.content_of(import_id), imports.get(import_id).choices
    db.session.rollback()
    running.told(0, 0)
    found = import_files.read(content, choices, bounds=IN_A_JOB)
    return _stored(import_id, found, running, by)


def _stored(import_id: UUID, found: Found, running: Running, by: Identity) -> Mapping[str, Any]:
    kept = imports.get(import_id)
    known = stock.of(kept.bank_id)
    db.session.rollback()
    with transaction():
        import_files.forget_rows(import_id)
    counts = imports.no_counts()
    done, total = 0, len(found.rows)
    for values in import_files.values_of(found, kept, known):
        running.told(done, total)
        with transaction():
            import_files.insert_rows(values)
        imports.count_outcomes(counts, values)
        done += len(values)
    with transaction():
        kept = imports.get(import_id, lock=True)
        imports.settle(kept, found, counts, by=by, at=running.at())
    running.told(done, done)
    return {"import_id": str(import_id), "counts": kept.counts}


def accept(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write the questions of an import, all in one transaction or none."""
    import_id, by = _asked(running, wanted)
    found = imports.get(import_id)
    if found.state is not ImportState.ACCEPTED:  # else the process died after it was written
        composed = stock.compose(found, by=by, at=running.at(), told=running.told)
        db.session.rollback()
        with transaction():
            found = imports.get(import_id, lock=True)
            if not composed.is_current(found.bank_id):
                composed = stock.compose(found, by=by, at=running.at())
            import_acceptance.finish(found, composed, by=by, at=running.at())
    settle_unsettled(running.at())
    return {"import_id": str(found.id), "created_count": found.created_count}


def settle_unsettled(at: datetime) -> int:
    """Let searching and law know the questions that they do not know yet; return how many.

    In small transactions, for exams go on beside it. A crash leaves the rest to the next time.
    """
    del at
    done = 0
    while some := written.unsettled(_SETTLED_AT_ONCE):
        with transaction():
            written.settle(some)
        done += len(some)
    if done > _COUNTED_FROM:
        with transaction():
            written.count_anew()
    return done


def _asked(running: Running, wanted: Mapping[str, Any]) -> tuple[UUID, Identity]:
    by = Identity(account_id=running.asked_by, person_id=UUID(wanted["person_id"]))
    return UUID(wanted["import_id"]), by


#: The kinds of long work that imports bring.
KINDS = (Kind(name=imports.READING, run=read), Kind(name=imports.ACCEPTING, run=accept))
