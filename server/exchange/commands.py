"""Telling other systems that their feed has moved, and the job of files they hand in (对接任务)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from marshmallow import ValidationError

from server import clock
from server.db import db, transaction
from server.errors import DomainError
from server.exchange import delivering, file_rules
from server.exchange.models import ExchangeAgreement
from server.exchange.schemas import TrainingRowIn, training_columns
from server.exchange.services import handing_in, hooks
from server.jobs.work import Kind, Running
from server.work import Work


def tell(at: datetime) -> int:
    """Send the webhooks that are due, outside of any transaction; return how many were tried."""
    with transaction():
        taken = hooks.take(at)
    for telling in taken:
        failure = delivering.send(telling)
        with transaction():
            hooks.end(telling.hook_id, failure=failure, at=clock.now())
    return len(taken)


#: Tells systems that their feed has moved.
HOOKS = Work(name="exchange_hooks", every=timedelta(seconds=2), run=tell, waiting=(hooks.DUE,))

WORK = (HOOKS,)


#: Rows that are entered in one transaction: exams beside it never wait long.
_AT_ONCE = 20


def enter_trainings(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Enter the trainings of a file row by row; begun again, those entered are known."""
    content = running.file(handing_in.GIVEN)
    media_type, count = wanted["media_type"], wanted["row_count"]
    rows = file_rules.rows_of(content, media_type, training_columns(), row_count=count)
    agreement_id, said = UUID(wanted["agreement_id"]), list[dict[str, Any]]()
    db.session.rollback()
    for begin in range(0, len(rows), _AT_ONCE):
        with transaction():
            agreement = db.session.get_one(ExchangeAgreement, agreement_id)
            for place, row in enumerate(rows[begin : begin + _AT_ONCE], begin + 1):
                said.append({"row": place, **_entered(agreement, row, running.at())})
        running.told(len(said), len(rows))
    lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in said)
    running.keep(handing_in.RESULT, "application/jsonl", lines.encode())
    counts = {state: sum(each["state"] == state for each in said) for state in _STATES}
    return {f"{state}_count": number for state, number in counts.items()}


_STATES = ("entered", "known", "refused")


def _entered(agreement: ExchangeAgreement, row: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Enter a row by itself: what is refused undoes nothing of the others."""
    record_id = str(row.get("record_id", ""))[:36]
    try:
        values = TrainingRowIn().load(row)
        with db.session.begin_nested():
            return {
                "record_id": record_id,
                "state": handing_in.enter(agreement, values, at=at),
            }
    except ValidationError as error:
        fields = sorted(map(str, error.messages_dict))
        return {"record_id": record_id, "state": "refused", "code": "invalid", "fields": fields}
    except DomainError as refusal:
        return {"record_id": record_id, "state": "refused", "code": refusal.code}


#: For wsgi.py.
JOBS = (Kind(name=handing_in.JOB, run=enter_trainings),)
