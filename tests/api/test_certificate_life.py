"""The whole life of certificates over HTTP: law that changes, lost cards, new names, mistakes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from server.db import db
from server.people.models import Person
from server.people.roster import PostRole
from server.policy import Role
from tests.factories.bureaus import Bureau
from tests.factories.certificates import TODAY, a_training, an_issuer
from tests.factories.rosters import a_person, a_post, an_organisation


@pytest.fixture
def bureau(client, writing, a_signed_in):
    """An issuer, somebody to certify, and two officers; speaks HTTP."""
    with writing():
        issuer, person = an_issuer(), a_person(name="王小红")
        return Bureau(client, a_signed_in, issuer.id, issuer.organisation_id, person.id)


def test_a_review_that_was_missed_under_order_30_ends_the_certificate(bureau):
    old = bureau.issue(valid_from="2021-03-01").json

    refused = bureau.put(old, "renewal", certificate_id=str(uuid4()))

    assert (refused.status_code, refused.json["code"]) == (409, "not_continued")
    assert bureau.status(old, date(2024, 2, 29)) == "expiring"
    assert bureau.status(old, date(2024, 3, 1)) == "expired"


def test_a_lost_card_and_a_new_name_keep_the_number_with_a_remark(bureau, writing):
    first = bureau.issue("principal").json
    unchanged = bureau.put(first, "replacement", certificate_id=str(uuid4()), cause="name_changed")
    assert (unchanged.status_code, unchanged.json["code"]) == (409, "name_unchanged")

    lost_id = str(uuid4())
    lost = bureau.put(first, "replacement", certificate_id=lost_id, cause="lost").json
    with writing():
        db.session.get_one(Person, bureau.person_id).name = "王晓红"
    renamed = bureau.put(
        lost, "replacement", certificate_id=str(uuid4()), cause="name_changed"
    ).json

    assert [each["number"] for each in (first, lost, renamed)] == [first["number"]] * 3
    assert [each["edition"] for each in (first, lost, renamed)] == [1, 2, 3]
    assert (lost["remark"], renamed["remark"]) == ("补发（原证遗失）", "换发（姓名变更）")
    assert renamed["content"]["remark"] == "换发（姓名变更）"
    assert (lost["content"]["holder"]["name"], renamed["content"]["holder"]["name"]) == (
        "王小红",
        "王晓红",
    )
    assert renamed["valid_until"] == first["valid_until"]
    assert renamed["content"]["first_issued_on"] == first["valid_from"]
    assert len({each["serial"] for each in (first, lost, renamed)}) == 3
    assert [bureau.status(each, TODAY) for each in (first, lost, renamed)] == [
        "replaced",
        "replaced",
        "valid",
    ]
    audit = bureau.client.get("/v1/number-audit", headers=bureau.sign()).json["items"]
    assert [(each["last_place"], each["missing"]) for each in audit] == [(1, [])]


def test_a_wrong_issue_is_voided_and_never_stood_and_its_number_stays(bureau):
    wrong = bureau.issue("principal").json

    voided = bureau.put(wrong, "voiding", reason="误发：资格录错", document="更正〔2026〕1号").json
    right = bureau.issue("safety_manager").json
    another = bureau.issue("principal").json

    assert (voided["status"], voided["events"][-1]["document"]) == ("voided", "更正〔2026〕1号")
    assert {bureau.status(wrong, TODAY + timedelta(days=n)) for n in (-5, 0, 5, 5000)} == {"voided"}
    assert right["status"] == another["status"] == "valid"
    assert another["number"] != wrong["number"]
    again = bureau.put(wrong, "suspension")
    assert (again.status_code, again.json["code"]) == (409, "move_refused")


def test_a_certificate_is_cancelled_on_the_holders_wish(bureau):
    held = bureau.issue().json
    wrong = bureau.put(held, "cancellation", ground="fraud_or_bribery")
    assert (wrong.status_code, wrong.json["code"]) == (422, "ground_not_in_force")

    cancelled = bureau.put(held, "cancellation", ground="holder_applied").json

    assert (cancelled["status"], cancelled["status_zh"]) == ("cancelled", "已注销")
    assert bureau.issue().json["status"] == "valid", "nothing bars them"


@pytest.mark.parametrize(
    ("ground", "barred"),
    [
        ("not_reviewed_in_time", False),
        ("health_unfit", False),
        ("responsible_for_accident", False),
        ("false_information", True),
        ("fraud_or_bribery", True),
    ],
)
def test_each_of_the_five_grounds_has_its_consequence(bureau, the_clock, ground, barred):
    held = bureau.issue().json

    revoked = bureau.put(held, "revocation", ground=ground, document="撤销〔2026〕1号").json
    same_kind = bureau.issue("high_voltage_electrician")
    other_kind = bureau.issue("principal")

    assert (revoked["status"], revoked["events"][-1]["ground"]) == ("revoked", ground)
    assert (same_kind.status_code == 409) is barred
    assert other_kind.status_code == 200
    if barred:
        assert same_kind.json["code"] == "barred"
        the_clock.set(datetime(2029, 6, 15, 4, tzinfo=UTC))
        after = bureau.issue("high_voltage_electrician", valid_from="2029-06-15")
        assert after.status_code == 200, "three years have passed"


def test_a_ground_of_special_operations_is_none_for_principals(bureau):
    held = bureau.issue("principal").json

    refused = bureau.put(held, "revocation", ground="health_unfit")

    assert (refused.status_code, refused.json["code"]) == (422, "ground_not_in_force")


@pytest.mark.parametrize(
    ("code", "letters"),
    [
        ("construction_principal", "CA"),
        ("construction_project_leader", "CB"),
        ("construction_safety_manager", "CC"),
    ],
)
def test_construction_certificates_are_extended_under_their_number(
    bureau, the_clock, code, letters
):
    held = bureau.issue(code).json
    assert f"2026{letters}000001" in held["number"]
    assert held["valid_until"] == "2029-06-14"

    the_clock.set(datetime(2029, 5, 1, 4, tzinfo=UTC))
    extended = bureau.put(held, "extension", certificate_id=str(uuid4())).json

    assert (extended["number"], extended["remark"]) == (held["number"], "延期")
    assert (extended["valid_from"], extended["valid_until"]) == ("2029-06-15", "2032-06-14")


def test_what_is_not_extendable_is_refused(bureau, the_clock):
    held = bureau.issue("principal").json
    the_clock.set(datetime(2029, 5, 1, 4, tzinfo=UTC))

    refused = bureau.put(held, "extension", certificate_id=str(uuid4()))

    assert (refused.status_code, refused.json["code"]) == (409, "not_extendable")


LOCAL = {
    "code": "hanging_basket_2026",
    "kind": "hanging_basket",
    "kind_zh": "高处作业吊篮操作证（地方）",
    "kind_en": "Local certificate for hanging baskets",
    "letters": "HB",
    "role": "employee",
    "years": 2,
    "effective_from": "2026-01-01",
    "order_zh": "某市应急管理局〔2026〕3号",
    "order_en": "Municipal order 2026-3",
}


def test_a_local_kind_is_added_as_data_and_refused_where_it_contradicts(bureau, a_signed_in):
    headers = a_signed_in(Role.ADMINISTRATOR).headers
    base = f"/v1/issuers/{bureau.issuer_id}/certificate-rules"

    def put(rule_id, **changed):
        return bureau.client.put(f"{base}/{rule_id}", json=LOCAL | changed, headers=headers)

    rule_id = uuid4()
    local = {"role": "principal", "qualification_code": "principal"}
    made = put(rule_id, **local)
    assert (made.status_code, made.json["issuer_id"]) == (200, str(bureau.issuer_id))
    held = bureau.issue("principal").json
    assert ("2026HB000001" in held["number"], held["valid_until"]) == (True, "2028-06-14")
    assert held["content"]["title_zh"] == LOCAL["kind_zh"]

    shipped = {
        rule["code"]: rule for rule in bureau.client.get("/v1/certificate-rules").json["items"]
    }
    refusals = [
        (put(rule_id, **local, years=5), "rule_used"),
        (put(uuid4(), **local, code="another_one"), "rule_overlaps"),
        (put(uuid4(), **local), "id_taken"),
        (put(shipped["principal_2013_104"]["id"]), "rule_shipped"),
        (put(uuid4(), code="early", effective_until="2025-01-01"), "rule_span_empty"),
        (put(uuid4(), code="taken", kind="other", letters="SM"), "letters_taken"),
    ]
    assert [(found.json["code"], code) for found, code in refusals] == [
        (code, code) for _, code in refusals
    ]
    ended = put(rule_id, **local, effective_until="2026-12-31")
    assert ended.json["effective_until"] == "2026-12-31"


def test_who_trained_or_employs_somebody_does_not_certify_them(bureau, writing, a_signed_in):
    with writing():
        person = db.session.get_one(Person, bureau.person_id)
        works, school = an_organisation(), an_organisation()
        colleague, trainer = a_person(name="同事"), a_person(name="教师")
        for each, place in ((person, works), (colleague, works), (trainer, school)):
            a_post(each, place, role=PostRole.EMPLOYEE)
        a_training(person, "qualification", provider_id=school.id)
        ids = {"same_employer": colleague.id, "trained_holder": trainer.id}

    for code, person_id in ids.items():
        near = a_signed_in(
            Role.ISSUER, person_id=person_id, organisation_id=bureau.authority_id
        ).headers
        refused = bureau.issue(headers=near)
        assert (refused.status_code, refused.json["code"]) == (403, code)
    assert bureau.issue().status_code == 200


def test_a_bar_suspends_at_once_is_told_to_the_holder_and_decided_by_a_person(bureau, a_signed_in):
    barred, other = bureau.issue("principal").json, bureau.issue("safety_manager").json
    examiner = a_signed_in(Role.EXAMINER, Role.PLANNER, Role.ISSUER).headers
    body = {
        "person_id": str(bureau.person_id),
        "qualification_id": barred["qualification_id"],
        "from_on": TODAY.isoformat(),
        "until_on": None,
        "reason": "对重大事故负有责任，终身否决",
    }
    bar_id = uuid4()
    imposed = bureau.client.put(f"/v1/bars/{bar_id}", json=body, headers=examiner)
    bureau.client.put(f"/v1/bars/{bar_id}", json=body, headers=examiner)
    assert imposed.status_code == 200, imposed.json

    assert [bureau.status(each, TODAY) for each in (barred, other)] == ["suspended", "valid"]
    holder = a_signed_in(person_id=bureau.person_id).headers
    told = bureau.client.get("/v1/me/certificate-notices", headers=holder).json["items"]
    by_itself = [each for each in told if each["by_platform"]]
    assert [(each["what_zh"], each["number"]) for each in by_itself] == [("暂扣", barred["number"])]
    assert "终身否决" in by_itself[0]["reason"]
    officer = bureau.sign()
    undecided = bureau.client.get("/v1/undecided-certificates", headers=officer).json["items"]
    assert [each["id"] for each in undecided] == [barred["id"]]

    revoked = bureau.put(barred, "revocation", ground="barred", reason="终身否决").json

    assert revoked["status"] == "revoked"
    assert not bureau.client.get("/v1/undecided-certificates", headers=officer).json["items"]
