"""Whose file is read by whom: consent, purpose, copies, confirmations, exports, seals."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from server.db import db
from server.organisations.models import Organisation
from server.policy import Role
from server.records.schemas.reading import LineOut
from tests.api.conftest import Headers
from tests.conftest import SigningIn
from tests.databases import Statements
from tests.factories.organisations import an_organisation
from tests.factories.photos import a_png

Writing = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def employer(life: dict[str, UUID], a_signed_in: SigningIn) -> Headers:
    role = Role.ENTERPRISE_SAFETY_OFFICER
    return a_signed_in(role, organisation_id=life["new"]).headers


def test_a_new_employer_reads_earlier_years_by_consent_only_and_the_person_sees_who_looked(
    client: FlaskClient, life: dict[str, UUID], employer: Headers, own: Headers
) -> None:
    url = f"/v1/people/{life['worker']}/file"
    before = client.get(url, headers=employer).get_json()
    assert str(life["early"]) not in [line["id"] for line in before["lines"]]
    assert str(life["late"]) in [line["id"] for line in before["lines"]]
    assert before["withheld_count"] == 3

    consent_url = f"/v1/me/file-consents/{uuid4()}"
    consent = {
        "organisation_id": str(life["new"]),
        "purpose": "入职背景核实",
        "until_on": "2026-07-01",
        "kinds": ["violation"],
    }
    for _ in range(2):
        assert client.put(consent_url, json=consent, headers=own).status_code == 200
    during = client.get(f"{url}?purpose=入职审查", headers=employer).get_json()
    assert str(life["early"]) in [line["id"] for line in during["lines"]]
    assert client.put(f"{consent_url}/withdrawal", headers=own).status_code == 200
    after = client.get(url, headers=employer).get_json()
    assert after["withheld_count"] == before["withheld_count"]

    looked = client.get("/v1/me/file-accesses", headers=own).get_json()["items"]
    assert {one["organisation"] for one in looked} == {"某电厂"}
    assert sorted(one["withheld_count"] for one in looked) == [2, 3, 3]
    assert {one["purpose"] for one in looked} > {"入职审查"}
    whole = client.get("/v1/me/file", headers=own).get_json()
    assert (len(whole["lines"]), whole["withheld_count"]) == (6, 0)


def test_a_consent_opens_the_file_to_who_does_not_employ_the_person_yet(
    client: FlaskClient,
    life: dict[str, UUID],
    own: Headers,
    writing: Writing,
    a_signed_in: SigningIn,
) -> None:
    with writing():
        hiring = an_organisation(name="某建筑公司").id
    recruiter = a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=hiring).headers
    url = f"/v1/people/{life['worker']}/file"
    assert client.get(url, headers=recruiter).status_code == 404

    consent = {"organisation_id": str(hiring), "purpose": "应聘", "until_on": "2026-07-01"}
    refused = client.put(f"/v1/me/file-consents/{uuid4()}", json=consent, headers=own)
    assert refused.status_code == 422
    consent["purpose"] = "应聘岗位审查"
    for day, code in (("2026-06-14", "consent_over"), ("2030-01-01", "consent_over")):
        late = {**consent, "until_on": day}
        reply = client.put(f"/v1/me/file-consents/{uuid4()}", json=late, headers=own)
        assert reply.get_json()["code"] == code
    client.put(f"/v1/me/file-consents/{uuid4()}", json=consent, headers=own)

    read = client.get(url, headers=recruiter).get_json()
    assert (len(read["lines"]), read["withheld_count"]) == (6, 0)


def test_who_keeps_the_file_and_a_bureau_read_all_of_it(
    client: FlaskClient, life: dict[str, UUID], a_signed_in: SigningIn
) -> None:
    keeper = a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=life["keeper"]).headers
    bureau = a_signed_in(Role.ISSUER).headers

    for headers in (keeper, bureau):
        file = client.get(f"/v1/people/{life['worker']}/file", headers=headers).get_json()
        assert (len(file["lines"]), file["withheld_count"]) == (6, 0)


def test_a_bureau_reads_the_files_of_its_own_region_and_no_others(
    client: FlaskClient, life: dict[str, UUID], writing: Writing, a_signed_in: SigningIn
) -> None:
    with writing():
        regions = {
            name: db.session.get_one(Organisation, life[name]).region_id
            for name in ("keeper", "former", "new")
        }
        elsewhere = an_organisation().region_id
    url = f"/v1/people/{life['worker']}/file"

    def reads(region_id: UUID) -> tuple[int, int | None]:
        reply = client.get(url, headers=a_signed_in(Role.ISSUER, region_id=region_id).headers)
        return reply.status_code, reply.get_json().get("withheld_count")

    # Where the file is kept, and where somebody works: the whole life, whoever employed them.
    assert {name: reads(region) for name, region in regions.items()} == {
        "keeper": (200, 0),
        "new": (200, 0),
        "former": (200, 0),
    }
    assert reads(elsewhere) == (404, None)


def test_both_confirm_an_induction_that_the_enterprise_records(
    client: FlaskClient, life: dict[str, UUID], employer: Headers, own: Headers
) -> None:
    record = uuid4()
    body = {
        "programme": "班组级安全教育",
        "purpose": "induction",
        "level": "team",
        "hours": "8.0",
        "hours_due": "8.0",
        "provider_id": str(life["new"]),
        "started_on": "2026-06-01",
        "finished_on": "2026-06-02",
        "trainers": ["班组长"],
        "sign_in": "签到表 2026-06-02",
        "passed": True,
    }
    url = f"/v1/people/{life['worker']}/inductions/{record}"
    assert client.put(url, json=body, headers=employer).status_code == 200
    wrong = client.put(
        f"/v1/people/{life['worker']}/inductions/{uuid4()}",
        json={**body, "purpose": "qualification"},
        headers=employer,
    )
    assert (wrong.status_code, wrong.get_json()["code"]) == (409, "not_by_employer")

    def awaiting() -> list[tuple[str, list[str]]]:
        found = client.get("/v1/me/file-confirmations", headers=own).get_json()["lines"]
        return [(one["id"], one["awaits_confirmation_by"]) for one in found]

    assert awaiting() == [(str(record), ["assessor", "worker"])]
    by_worker = client.put(f"/v1/me/file-confirmations/{record}", headers=own)
    by_assessor = client.put(
        f"/v1/people/{life['worker']}/file-confirmations/{record}", headers=employer
    )
    assert (by_worker.status_code, by_assessor.status_code) == (200, 200)
    nothing = client.put(f"/v1/me/file-confirmations/{life['early']}", headers=own)
    assert nothing.get_json()["code"] == "nothing_to_confirm"

    lines = client.get("/v1/me/file", headers=own).get_json()["lines"]
    (line,) = [one for one in lines if one["id"] == str(record)]
    assert line["confirmed_by"] == ["assessor", "worker"]
    assert (line["awaits_confirmation_by"], awaiting()) == ([], [])
    assert (line["content"]["hours_due"], line["content"]["sign_in"]) == (
        "8.0",
        "签到表 2026-06-02",
    )


def test_a_copy_of_a_document_is_kept_once_sealed_and_shown_for_a_purpose(
    client: FlaskClient,
    life: dict[str, UUID],
    employer: Headers,
    own: Headers,
    a_signed_in: SigningIn,
) -> None:
    copy, picture = uuid4(), a_png(400, 300)
    url = f"/v1/people/{life['worker']}/file-copies/{copy}"
    put = {"data": picture, "content_type": "image/png", "headers": employer}
    kept = client.put(f"{url}?kind=identity_front", **put)
    assert (kept.status_code, kept.get_json()["hash"]) == (
        200,
        hashlib.sha256(picture).hexdigest(),
    )
    again = client.put(
        f"/v1/people/{life['worker']}/file-copies/{uuid4()}?kind=identity_front", **put
    )
    assert again.get_json()["id"] == str(copy)

    assert client.get(f"{url}?purpose=核对身份", headers=employer).status_code == 403
    bureau = a_signed_in(Role.ISSUER).headers
    assert client.get(url, headers=bureau).status_code == 422
    shown = client.get(f"{url}?purpose=核对身份", headers=bureau)
    assert (shown.data, shown.mimetype) == (picture, "image/png")
    assert shown.headers["Content-Disposition"] == "attachment"
    assert client.get(f"/v1/me/file-copies/{copy}", headers=own).data == picture
    looked = client.get("/v1/me/file-accesses", headers=own).get_json()["items"]
    assert [one["looking"] for one in looked] == ["copy_read"]
    evil = b"%PDF-1.7 /OpenAction << /JS (x) >>" + b" " * 300 + b"%%EOF"
    refused = client.put(
        f"/v1/people/{life['worker']}/file-copies/{uuid4()}?kind=other",
        data=evil,
        content_type="application/pdf",
        headers=employer,
    )
    assert refused.get_json()["code"] == "copy_refused"


def test_lines_are_spelt_as_the_schema_says_on_every_database(
    client: FlaskClient, life: dict[str, UUID], own: Headers
) -> None:
    lines = client.get("/v1/me/file", headers=own).get_json()["lines"]

    for line, read in zip(lines, LineOut(many=True).load(lines), strict=True):
        assert set(line) == set(LineOut().fields)
        for moment in ("happened_at", "recorded_at"):
            assert line[moment] == read[moment].astimezone(UTC).isoformat()
        assert [line[name] for name in ("id", "subject_id", "happened_on")] == [
            str(read["id"]),
            str(read["subject_id"]),
            read["happened_on"].isoformat(),
        ]


def test_reading_a_file_costs_a_fixed_number_of_statements(
    client: FlaskClient,
    life: dict[str, UUID],
    employer: Headers,
    count_statements: Callable[[], AbstractContextManager[Statements]],
) -> None:
    url = f"/v1/people/{life['worker']}/file"
    client.get(url, headers=employer)

    with count_statements() as sent:
        client.get(url, headers=employer)

    assert len([each for each in sent if not each.startswith(("BEGIN", "COMMIT"))]) <= 7
