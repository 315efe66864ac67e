"""Experts, authors and examiners are selected by grade, term and conflicts."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from server.config import Config
from server.db import db
from server.organisations.models import Organisation
from server.people.models import Person
from server.policy import Role
from tests.conftest import SigningIn
from tests.factories.competence import Bureau, Writing, a_bureau_with_an_expert
from tests.factories.training import in_pool


@pytest.fixture
def bureau(client: FlaskClient, writing: Writing, config: Config) -> Bureau:
    """Return a bureau with an officer who reached the second grade."""
    return a_bureau_with_an_expert(client, writing, config)


def test_a_term_is_given_by_grade_length_and_conflicts(
    bureau: Bureau, a_signed_in: SigningIn
) -> None:
    headers = a_signed_in(Role.ISSUER, organisation_id=bureau.city_id).headers

    def listed(function: str) -> Any:
        query = {"function": function, "on": "2026-07-01"}
        found = bureau.client.get("/v1/expert-selection", query_string=query, headers=headers)
        assert found.json is not None
        [item] = found.json["items"]
        return item

    def selected(function: str, **words: Any) -> Any:
        body = {
            "person_id": str(bureau.officer_id),
            "function": function,
            "authority_id": str(bureau.city_id),
            "field": "行政执法",
            "valid_from": "2026-07-01",
            "valid_until": "2029-06-30",
            **words,
        }
        address = f"/v1/expert-selection/{uuid4()}"
        return bureau.client.put(address, json=body, headers=headers).json

    before = listed("author")
    assert (before["grades"], before["graded"]) == ({"enforcement_officer": "intermediate"}, True)
    assert (before["term_until"], before["terms_count"], before["conflicts"]) == (None, 0, [])
    assert selected("author", valid_until="2029-07-01")["code"] == "term_too_long"
    assert selected("author", valid_until="2026-06-30")["code"] == "term_unfit"
    leader = str(bureau.people["leader"].person_id)
    assert selected("author", person_id=leader)["code"] == "grade_not_held"
    assert selected("author")["valid_until"] == "2029-06-30"
    after = listed("author")
    assert (after["term_until"], after["terms_count"]) == ("2029-06-30", 1)
    teaching = selected("teacher")
    assert teaching["code"] == "selection_conflict"
    assert "sets_or_examines" in teaching["detail"]

    with bureau.writing():
        officer = db.session.get_one(Person, bureau.officer_id)
        authority = db.session.get_one(Organisation, bureau.city_id)
        in_pool(officer, authority, valid_from=date(2026, 1, 1), valid_until=date(2026, 12, 31))
    assert listed("examiner")["conflicts"] == ["teaches"]
    assert selected("examiner")["code"] == "selection_conflict"
