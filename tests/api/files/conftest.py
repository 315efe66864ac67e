"""A worker with a life at two enterprises, and their own phone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import UUID

import pytest

from server.records.entries import RecordKind
from tests.api.conftest import Headers
from tests.conftest import SigningIn
from tests.factories.lives import a_line
from tests.factories.organisations import an_organisation
from tests.factories.people import a_number, a_person, a_post

Writing = Callable[[], AbstractContextManager[None]]

#: The document number of the worker.
NUMBER = a_number()


@pytest.fixture
def life(writing: Writing) -> dict[str, UUID]:
    """Store a worker who was at one enterprise until 2024, and is at another since 2025."""
    with writing():
        former = an_organisation(name="某化工厂")
        new = an_organisation(name="某电厂")
        keeper = an_organisation(name="某登记单位")
        worker = a_person(keeper, name="王建国", number=NUMBER)
        a_post(worker, former, from_on=date(2019, 1, 1), until_on=date(2025, 1, 1))
        a_post(worker, new, from_on=date(2025, 2, 1))
        early = a_line(
            worker,
            RecordKind.VIOLATION,
            on=date(2020, 5, 1),
            content={"summary": "未戴安全帽", "organisation_id": str(former.id)},
        )
        a_line(worker, RecordKind.CERTIFICATE, on=date(2020, 6, 1), content={"what": "issued"})
        late = a_line(
            worker,
            RecordKind.TRAINING,
            on=date(2025, 3, 1),
            purpose="annual",
            content={"programme": "年度再培训", "hours": "8.0"},
        )
        return {
            "worker": worker.id,
            "former": former.id,
            "new": new.id,
            "keeper": keeper.id,
            "early": early,
            "late": late,
        }


@pytest.fixture
def own(life: dict[str, UUID], a_signed_in: SigningIn) -> Headers:
    return a_signed_in(person_id=life["worker"]).headers
