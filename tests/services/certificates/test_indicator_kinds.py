"""Every kind of indicator, from posts, certificates and training files."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from uuid import uuid4

import pytest

from certificates.coverage import Reason
from certificates.services import behind
from server.organisations.drafts import OrganisationKind
from server.people.roster import PostRole
from server.records import services as records
from server.records.entries import RecordKind
from tests.factories.certificates import (
    TODAY,
    a_certificate,
    a_training,
    an_assessment,
)
from tests.factories.figures import (
    OFFICERS,
    PRINCIPALS,
    an_officer,
    counts_of,
    figure_of,
    of,
    region_of,
    why_missing,
)
from tests.factories.rosters import a_person, a_post, an_organisation
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


def test_a_principal_is_due_six_months_after_appointment(works, issuer):
    person = a_person(works)
    a_post(person, works, from_on=date(2026, 1, 10))
    an_assessment(person, passed=True, on=date(2026, 2, 1))

    assert counts_of(PRINCIPALS, works, on=date(2026, 7, 9)) == (0, 0, 0, 1)
    assert counts_of(PRINCIPALS, works, on=date(2026, 7, 10)) == (1, 1, 0, 0)


def test_a_failed_principal_is_not_covered(works):
    person = a_person(works)
    a_post(person, works)
    an_assessment(person, passed=False)

    assert why_missing(PRINCIPALS, works) == {person.id: Reason.FAILED}


def test_who_was_certified_has_passed(works, issuer):
    person = a_person(works)
    a_post(person, works, role=PostRole.FULL_TIME_SAFETY_MANAGER)
    a_certificate(person, issuer, qualification="safety_manager", valid_from=date(2020, 1, 1))

    assert counts_of("pingliang-qualified-safety-managers", works) == (1, 1, 0, 0)


def test_a_voided_exam_is_no_pass(works):
    person = a_person(works)
    a_post(person, works)
    attempt_id = uuid4()
    for content in ({"passed": True}, {"voided": True}):
        records.add(
            person.id,
            RecordKind.EXAM,
            subject_id=attempt_id,
            happened_at=NOON,
            content=content,
            source="某考试点",
            at=NOON,
            role="principal",
        )

    assert why_missing(PRINCIPALS, works) == {person.id: Reason.NEVER_TRAINED}


def test_a_corrected_training_counts_as_corrected(works):
    person = a_person(works)
    a_post(person, works, role=PostRole.OCCUPATIONAL_HEALTH_MANAGER)
    wrong = a_training(person, "occupational_health")
    assert counts_of("shanxi-occupational-health-managers", works) == (1, 1, 0, 0)

    a_training(person, "occupational_health", passed=False, corrects_id=wrong)

    assert counts_of("shanxi-occupational-health-managers", works) == (1, 0, 1, 0)


def test_induction_is_asked_of_everybody_at_an_enterprise(works):
    people = [a_person(works) for _ in range(3)]
    for person, role in zip(people, ("employee", "principal", "mining_engineer"), strict=True):
        a_post(person, works, role=PostRole(role))
    a_training(people[0], "induction", provider_id=works.id)
    a_training(people[1], "induction", provider_id=an_organisation().id)

    found = figure_of("linyi-employees-trained-before-post", works)

    assert (found.required_count, found.covered_count, found.shown) == (3, 1, "33.3%")
    assert found.gap == 2


def test_rotation_counts_within_three_years_only(works):
    officer = an_officer(works)
    a_training(officer, "rotation", on=date(2023, 6, 15))
    key = "pingliang-officer-rotation"

    assert counts_of(key, works, on=date(2026, 6, 14)) == (1, 1, 0, 0)
    assert counts_of(key, works, on=date(2026, 6, 15)) == (1, 0, 1, 0)
    assert why_missing(key, works, on=date(2026, 6, 15)) == {officer.id: Reason.EXPIRED}


def test_an_officer_needs_training_and_certificate_where_the_plan_says_both(works, issuer):
    trained, both = an_officer(works), an_officer(works)
    for officer in (trained, both):
        a_training(officer, "qualification", role=PostRole.ENFORCEMENT_OFFICER)
    a_certificate(both, issuer, qualification="enforcement_officer")

    assert counts_of("zhongwei-officer-qualified-and-certified", works) == (2, 1, 1, 0)
    assert counts_of("linyi-enforcement-qualification-training", works) == (2, 2, 0, 0)
    assert counts_of(OFFICERS, works) == (2, 1, 1, 0)


@pytest.mark.parametrize(
    ("key", "purpose"),
    [
        ("linyi-enforcement-professional-training", "professional"),
        ("zhongwei-officer-topic-training", "topic"),
        ("pingliang-leaders-and-officers-trained", "annual"),
    ],
)
def test_training_for_its_purpose_covers(works, key, purpose):
    officer = an_officer(works)
    assert counts_of(key, works)[:2] == (1, 0)

    a_training(officer, purpose)

    assert counts_of(key, works)[:2] == (1, 1)


def test_training_for_another_role_is_not_training_for_this_one(works):
    officer = an_officer(works)
    a_training(officer, "qualification", role=PostRole.PRINCIPAL)

    assert counts_of("linyi-enforcement-qualification-training", works) == (1, 0, 1, 0)


def test_professionals_are_a_share_of_the_regulators_staff(works, issuer):
    officer, clerk, expert = (a_person(works) for _ in range(3))
    a_post(officer, works, role=PostRole.ENFORCEMENT_OFFICER)
    for person in (clerk, expert):
        a_post(person, works, role=PostRole.REGULATOR_STAFF)
    a_certificate(officer, issuer, qualification="enforcement_officer")
    a_training(expert, "safety_professional")

    found = figure_of("pingliang-professional-staff", works)

    assert found.ratio == Fraction(2, 3)
    assert (found.gap, found.reached) == (1, False)


def test_shares_of_coal_mine_staff_include_departments_and_leave_out_others(works):
    mine = an_organisation(region_of(works), industry="0610", is_high_risk=True)
    pit = an_organisation(region_of(works), kind=OrganisationKind.DEPARTMENT, parent=mine)
    for place, role in [(mine, "employee"), (pit, "mining_engineer"), (works, "employee")]:
        a_post(a_person(works), place, role=PostRole(role))

    found = figure_of("linyi-coal-engineer-share", region_of(works))

    assert (found.required_count, found.covered_count) == (2, 1)
    assert (found.reached, found.gap) == (True, 0)
    assert set(why_missing("linyi-coal-safety-staff-share", mine).values()) == {Reason.LACKING}
    assert counts_of("linyi-coal-engineer-share", pit)[:2] == (1, 1)


def test_enterprises_are_counted_where_the_plan_counts_enterprises(works):
    manned, with_body, bare = (
        an_organisation(region_of(works), name=name, is_high_risk=True) for name in "甲乙丙"
    )
    a_post(a_person(works), manned, role=PostRole.FULL_TIME_SAFETY_MANAGER)
    an_organisation(
        region_of(works), kind=OrganisationKind.DEPARTMENT, parent=with_body, name="安全环保部"
    )
    key = "shanxi-high-risk-dedicated-safety-staff"

    found = figure_of(key, region_of(works))
    page = behind.behind(key, of(region_of(works)), on=TODAY, cursor=None, limit=9)

    assert (found.required_count, found.covered_count) == (3, 2)
    assert found.definition.counting_unit == "organisation"
    assert [(each.subject_id, each.name, each.reason) for each in page.items] == [
        (bare.id, "丙", Reason.LACKING)
    ]


def test_heads_are_counted_once_a_year_up_to_the_day(works):
    person, gone, last_year = (a_person(works) for _ in range(3))
    a_post(person, works)
    a_post(person, works, role=PostRole.SAFETY_MANAGER)
    a_post(gone, works, until_on=date(2026, 5, 1))
    a_post(last_year, works)
    for who, role, day in [
        (person, PostRole.PRINCIPAL, date(2026, 1, 1)),
        (person, PostRole.SAFETY_MANAGER, date(2026, 4, 1)),
        (gone, PostRole.PRINCIPAL, date(2026, 2, 1)),
        (last_year, PostRole.PRINCIPAL, date(2025, 12, 31)),
    ]:
        a_training(who, "qualification", role=role, on=day)
    key = "zhongwei-yearly-post-qualification"

    found = figure_of(key, works)

    assert (found.covered_count, found.required_count, found.ratio) == (2, None, None)
    assert (found.shown, found.gap, found.reached) == ("2 / 1000", 998, False)
    assert figure_of(key, works, on=date(2026, 1, 31)).covered_count == 1
    assert behind.behind(key, of(works), on=TODAY, cursor=None, limit=9).items == []
