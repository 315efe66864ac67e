"""Both sign the result of an assessment: what awaits whom, who objects, and what is put right."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from server.db import db
from server.organisations.models import Organisation
from server.policy import Role
from tests.api.conftest import Headers
from tests.conftest import SigningIn
from tests.databases import Statements
from tests.factories.people import a_person, a_post

Writing = Callable[[], AbstractContextManager[None]]
AWAITING = "/v1/file-confirmations"


@pytest.fixture
def officer(life: dict[str, UUID], a_signed_in: SigningIn) -> Headers:
    return a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=life["new"]).headers


@pytest.fixture
def colleague(life: dict[str, UUID], writing: Writing) -> UUID:
    """Store somebody else who works where the worker does."""
    with writing():
        place = db.session.get_one(Organisation, life["new"])
        found = a_person(place, name="李明")
        a_post(found, place, from_on=date(2026, 1, 5))
        return found.id


@pytest.fixture
def induct(client: FlaskClient, officer: Headers, life: dict[str, UUID]) -> Callable[..., str]:
    """Return what records an induction by the employer, and says under which id."""

    def record(person_id: UUID, *, on: str = "2026-06-02", **more: object) -> str:
        body = {
            "programme": "班组级安全教育",
            "purpose": "induction",
            "level": "team",
            "hours": "8.0",
            "provider_id": str(life["new"]),
            "started_on": on,
            "finished_on": on,
            "passed": True,
        } | more
        made = str(uuid4())
        url = f"/v1/people/{person_id}/inductions/{made}"
        assert client.put(url, json=body, headers=officer).status_code == 200
        return made

    return record


@pytest.fixture
def listed(client: FlaskClient, officer: Headers) -> Callable[..., list[str]]:
    """Return what lists the entries that await the assessor, the newest first."""

    def ask(asked: str = "", headers: Headers = officer) -> list[str]:
        reply = client.get(f"{AWAITING}{asked}", headers=headers)
        assert reply.status_code == 200, reply.get_json()
        return [one["record_id"] for one in reply.get_json()["items"]]

    return ask


def test_an_assessor_finds_across_people_what_awaits_and_signs_one_after_the_other(
    client: FlaskClient,
    life: dict[str, UUID],
    officer: Headers,
    own: Headers,
    colleague: UUID,
    induct: Callable[..., str],
    listed: Callable[..., list[str]],
) -> None:
    early = induct(life["worker"], on="2026-05-06")
    late = induct(colleague, on="2026-06-02", passed=False)
    yearly = induct(colleague, on="2026-06-01", purpose="annual", level=None)
    induct(colleague, on="2026-06-03", passed=None)
    induct(colleague, on="2021-08-31")
    client.put(f"/v1/me/file-confirmations/{early}", headers=own)

    assert listed() == [late, yearly, early]
    assert listed("?purpose=annual") == [yearly]
    assert listed("?since=2026-06-02") == [late]
    assert listed("?until=2026-05-31") == [early]
    assert listed(f"?organisation_id={life['new']}") == [late, yearly, early]
    pages = [client.get(f"{AWAITING}?limit=2", headers=officer).get_json()]
    pages.append(
        client.get(
            f"{AWAITING}?limit=2&cursor={pages[0]['next_cursor']}", headers=officer
        ).get_json()
    )
    told = [(one["name"], one["by_worker"]) for page in pages for one in page["items"]]
    assert told == [("李明", False), ("李明", False), ("王建国", True)]
    assert pages[1]["items"][0]["content"]["programme"] == "班组级安全教育"

    for person_id, record in ((life["worker"], early), (colleague, late)):
        for _ in range(2):
            url = f"/v1/people/{person_id}/file-confirmations/{record}"
            assert client.put(url, headers=officer).status_code == 200

    assert listed() == [yearly]


def test_nobody_signs_or_sees_what_another_employer_assessed(
    client: FlaskClient,
    life: dict[str, UUID],
    induct: Callable[..., str],
    listed: Callable[..., list[str]],
    a_signed_in: SigningIn,
    writing: Writing,
) -> None:
    record = induct(life["worker"])
    former = a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=life["former"]).headers
    with writing():
        region_id = db.session.get_one(Organisation, life["new"]).region_id
    bureau = a_signed_in(Role.ISSUER, region_id=region_id).headers
    teacher = a_signed_in(Role.PROVIDER_STAFF, organisation_id=life["new"]).headers

    # Who once employed the person sees them, and neither reads nor signs what others assessed.
    assert client.get(f"/v1/people/{life['worker']}", headers=former).status_code == 200
    assert listed(headers=former) == []
    url = f"/v1/people/{life['worker']}/file-confirmations/{record}"
    assert client.put(url, headers=former).status_code == 404
    asked = f"{AWAITING}?organisation_id={life['new']}"
    assert client.get(asked, headers=former).status_code == 404

    assert listed(headers=bureau) == [record]
    assert client.get(AWAITING, headers=teacher).status_code == 403


def test_a_worker_objects_and_the_employer_puts_it_right(
    client: FlaskClient,
    life: dict[str, UUID],
    officer: Headers,
    own: Headers,
    induct: Callable[..., str],
    listed: Callable[..., list[str]],
) -> None:
    record = induct(life["worker"], hours="24.0")
    url = f"/v1/me/file-objections/{record}"
    words = {"words": "只学了八学时，不是二十四学时。"}

    for _ in range(2):
        assert client.put(url, json=words, headers=own).status_code == 200
    assert (
        client.put(url, json={"words": "没有上过课。"}, headers=own).get_json()["code"]
        == "id_taken"
    )
    assert client.put(url, json={"words": "不"}, headers=own).status_code == 422

    (line,) = client.get("/v1/me/file-confirmations", headers=own).get_json()["lines"]
    assert (line["objection"], line["awaits_confirmation_by"]) == (
        words["words"],
        ["assessor", "worker"],
    )
    (told,) = client.get(AWAITING, headers=officer).get_json()["items"]
    assert (told["objection"], told["by_worker"]) == (words["words"], False)
    assert (listed("?objected=true"), listed("?objected=false")) == ([record], [])

    right = {
        **{name: value for name, value in line["content"].items() if value is not None},
        "hours": "8.0",
    }
    correction = uuid4()
    put_right = f"/v1/people/{life['worker']}/induction-corrections/{correction}"
    body = {"corrects_id": record, "reason": "学时登记有误", "training": right}
    assert client.put(put_right, json=body, headers=officer).status_code == 200

    (line,) = client.get("/v1/me/file-confirmations", headers=own).get_json()["lines"]
    assert (line["id"], line["content"]["hours"], line["objection"]) == (
        str(correction),
        "8.0",
        None,
    )
    assert listed() == [str(correction)]
    late = client.put(f"/v1/me/file-confirmations/{record}", headers=own)
    assert late.get_json()["code"] == "nothing_to_confirm"


def test_who_confirms_objects_no_more_and_an_objection_ends_with_the_confirmation(
    client: FlaskClient,
    life: dict[str, UUID],
    own: Headers,
    induct: Callable[..., str],
    listed: Callable[..., list[str]],
) -> None:
    signed, disputed = induct(life["worker"]), induct(life["worker"], on="2026-06-03")
    client.put(f"/v1/me/file-confirmations/{signed}", headers=own)
    words = {"words": "尚未看到成绩。"}

    refused = client.put(f"/v1/me/file-objections/{signed}", json=words, headers=own)
    assert refused.get_json()["code"] == "already_confirmed"
    client.put(f"/v1/me/file-objections/{disputed}", json=words, headers=own)
    assert listed("?objected=true") == [disputed]
    client.put(f"/v1/me/file-confirmations/{disputed}", headers=own)

    assert client.get("/v1/me/file-confirmations", headers=own).get_json()["lines"] == []
    assert (listed("?objected=true"), listed()) == ([], [disputed, signed])
    lines = client.get("/v1/me/file", headers=own).get_json()["lines"]
    assert [line["objection"] for line in lines if line["id"] == disputed] == [None]
    about = {line["kind"] for line in lines if line["subject_id"] == disputed}
    assert about == {"training", "objection", "confirmation"}


def test_an_employer_corrects_what_it_taught_and_nothing_else(
    client: FlaskClient,
    life: dict[str, UUID],
    officer: Headers,
    induct: Callable[..., str],
    a_signed_in: SigningIn,
) -> None:
    record = induct(life["worker"])
    body = {"corrects_id": record, "reason": "登记错人", "training": None}
    url = f"/v1/people/{life['worker']}/induction-corrections"
    former = a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=life["former"]).headers
    qualifying = {
        "programme": "特种作业培训",
        "purpose": "qualification",
        "hours": "8.0",
        "provider_id": str(life["new"]),
        "started_on": "2026-06-01",
        "finished_on": "2026-06-02",
    }

    assert client.put(f"{url}/{uuid4()}", json=body, headers=former).status_code == 404
    wrong = client.put(f"{url}/{uuid4()}", json={**body, "training": qualifying}, headers=officer)
    assert wrong.get_json()["code"] == "not_by_employer"
    correction = uuid4()
    for _ in range(2):
        assert client.put(f"{url}/{correction}", json=body, headers=officer).status_code == 200
    again = client.put(f"{url}/{uuid4()}", json=body, headers=officer)
    assert again.get_json()["code"] == "already_corrected"
    assert client.get(AWAITING, headers=officer).get_json()["items"] == []


def test_the_rules_say_what_was_read_and_what_was_not(client: FlaskClient, own: Headers) -> None:
    (rule,) = client.get("/v1/confirmation-rules", headers=own).get_json()["items"]

    assert rule["by"] == ["assessor", "worker"]
    assert rule["purposes"][0] == "induction"
    # Nobody has read the regulation itself: the source says so, and so does the rule.
    assert rule["checked"] is False
    assert "未获核对" in rule["source_zh"]
    assert "not checked" in rule["source_en"]


def test_a_list_costs_the_same_statements_however_long_it_is(
    client: FlaskClient,
    officer: Headers,
    colleague: UUID,
    life: dict[str, UUID],
    induct: Callable[..., str],
    count_statements: Callable[[], AbstractContextManager[Statements]],
) -> None:
    def cost() -> int:
        with count_statements() as sent:
            client.get(AWAITING, headers=officer)
        return len(sent)

    induct(colleague)
    client.get(AWAITING, headers=officer)
    one = cost()
    for day in range(1, 7):
        induct(life["worker"], on=f"2026-06-0{day}")

    assert cost() == one
