"""Telling other systems that their feed has moved, and the job of files they hand in (对接任务)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app
from marshmallow import ValidationError

from server import clock
from server.config import Config
from server.db import db, transaction
from server.errors import DomainError
from server.exchange import feed_rules, file_rules
from server.exchange.models import ExchangeAgreement
from server.exchange.schemas import TrainingRowIn
from server.exchange.services import handing_in, hooks
from server.exchange.services.hooks import Telling
from server.jobs.work import Kind, Running
from server.messages import sending
from server.messages.reaching import reach_of
from server.messages.sending import NotDelivered
from server.work import Work


def tell(at: datetime) -> int:
    """Send the webhooks that are due, outside of any transaction; return how many were tried."""
    with transaction():
        taken = hooks.take(at)
    for telling in taken:
        failure = send(telling)
        with transaction():
            hooks.end(telling.hook_id, failure=failure, at=clock.now())
    return len(taken)


def send(telling: Telling) -> str | None:
    """Send one webhook, signed as of now; return why it was not taken, None where it was."""
    config: Config = current_app.extensions["config"]
    now = clock.now()
    headers = feed_rules.signed(telling.message_id, now, telling.body, telling.secrets)
    try:
        sending.post(telling.address, telling.body, headers, reach=reach_of(config))
    except NotDelivered as refused:
        return str(refused)
    return None


#: Tells systems that their feed has moved.
HOOKS = Work(name="exchange_hooks", every=timedelta(seconds=2), run=tell, needed=hooks.any_due)

WORK = (HOOKS,)


#: Rows that are entered in one transaction: exams beside it never wait long.
_AT_ONCE = 20


def rows_of(content: bytes, media_type: str, row_count: int) -> list[dict[str, Any]]:
    """Return the rows of a file of trainings.

    Raises:
        FileUnreadable: it is no such file, or its columns are others.
        FileIncomplete: it has more or fewer rows than its sender says.
    """
    columns = sorted(TrainingRowIn().load_fields)
    return file_rules.rows_of(content, media_type, columns, row_count=row_count)


def enter_trainings(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Enter the trainings of a file row by row; begun again, those entered are known."""
    content = running.file(handing_in.GIVEN)
    rows = rows_of(content, wanted["media_type"], wanted["row_count"])
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
    count = {state: sum(each["state"] == state for each in said) for state in _STATES}
    return {f"{state}_count": number for state, number in count.items()}


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
