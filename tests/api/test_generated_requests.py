"""Requests drawn from the OpenAPI document itself: none of them breaks the server.

Sound ones go to every operation, broken ones to every other of those that read a body or a query:
`test_hostile_requests.py` sends broken ones to all. Drawing them takes most of the time and has
nothing to do with the database: PostgreSQL gets sound ones only, and fewer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from server.app import engine_of
from server.http import OF_SYSTEMS
from server.people.views.uploads import WORKBOOK
from server.policy import Role
from tests.api.addresses import things_that_are_there
from tests.api.conftest import Headers
from tests.conftest import SigningIn

pytestmark = pytest.mark.slow

#: Requests for each operation of each kind: sound ones that reach the services, and broken ones.
#: The one that PostgreSQL gets is the simplest, and meets what is there.
EXAMPLES = {"sqlite": 2, "postgresql": 1}
MEETING = {"sqlite": st.booleans(), "postgresql": st.just(True)}

#: The operations are shared out between as many tests, so that several processes can run them.
SHARES = 3

FEW = settings(
    phases=[Phase.generate],
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

#: Workbooks that are none: whatever is no zip archive, or one that is broken off.
schemathesis.openapi.media_type(WORKBOOK, st.binary() | st.binary().map(b"PK\x03\x04".__add__))


@pytest.fixture
def known(demonstrated: Flask) -> dict[str, UUID]:
    """Return an id of each kind of thing in a database with the whole demonstration."""
    with demonstrated.app_context():
        return things_that_are_there()


@pytest.mark.parametrize("share", range(SHARES))
def test_no_request_drawn_from_the_document_breaks_the_server(
    share: int,
    demonstrated: Flask,
    known: dict[str, UUID],
    a_signed_in: SigningIn,
    a_system: Headers,
) -> None:
    on = engine_of(demonstrated).dialect.name
    few = settings(FEW, max_examples=EXAMPLES[on])
    almighty = a_signed_in(*Role).headers
    api = schemathesis.openapi.from_wsgi("/v1/openapi.json", demonstrated)
    broken: list[str] = []
    statuses: Counter[int] = Counter()

    def send(case: Any, meet: bool) -> None:
        for place in case.path_parameters or {}:
            if meet and (thing := known.get(place.removesuffix("_id"))):
                case.path_parameters[place] = str(thing)
        access = case.operation.definition.raw.get("x-access", "")
        headers = a_system if access.startswith(OF_SYSTEMS) else almighty
        response = case.call(headers=headers)
        statuses[response.status_code] += 1
        if response.status_code >= 500:
            broken.append(f"{case.as_curl_command()}: {response.text}")

    for turn, found in enumerate(islice(api.get_all_operations(), share, None, SHARES)):
        assert isinstance(found, Ok), found
        for mode in modes(found.ok(), turn, on):
            cases = found.ok().as_strategy(generation_mode=mode)
            with suppress(Unsatisfiable):  # where there is nothing to say, there is nothing wrong
                few(given(case=cases, meet=MEETING[on])(send))()

    assert broken == []
    assert {200, 404, 422} <= statuses.keys()
    assert statuses.total() > EXAMPLES[on] * 50


def modes(operation: Any, turn: int, on: str) -> Iterator[GenerationMode]:
    """Yield how requests of an operation are drawn: all sound, and half of them broken, too."""
    yield GenerationMode.POSITIVE
    if turn % 2 and on == "sqlite" and (list(operation.body) or list(operation.query)):
        yield GenerationMode.NEGATIVE
