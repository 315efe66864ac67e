"""A figure taken apart: each part is what asking for it alone says, and as long as its list."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from certificates import watching
from certificates.services import behind, drilling, figures, indicators, ranking, units
from certificates.services.counts.asking import Asked, Filter
from certificates.services.drilling import By
from server.db import db
from server.organisations.drafts import EnterpriseSize, OrganisationKind
from server.people.roster import PostRole
from server.scopes import EVERYWHERE
from tests.factories.certificates import TODAY, a_certificate, a_training, an_issuer
from tests.factories.rosters import a_person, a_post, a_region, an_organisation

KEY = "shanxi-special-operations-certified"


@pytest.fixture
def city(inside):
    """A city: works of two sizes, a department, two providers, electricians and welders.

    One of them holds posts at both works.
    """
    city = a_region(a_region(name="某省"), name="某市")
    counties = [a_region(city, name=name) for name in ("甲县", "乙县", "空县")]
    issuer = an_issuer(city)
    mine = an_organisation(counties[0], name="大矿", industry="06", is_high_risk=True)
    shop = an_organisation(counties[1], name="小店", industry="52")
    mine.section, mine.size = "B", EnterpriseSize.LARGE
    shop.section, shop.size = "F", EnterpriseSize.MICRO
    team = an_organisation(
        counties[0], name="电工班", kind=OrganisationKind.DEPARTMENT, parent=mine
    )
    schools = [
        an_organisation(city, kind=OrganisationKind.PROVIDER, name=name)
        for name in ("一校", "二校")
    ]
    people = [a_person(mine) for _ in range(6)]
    for number, (person, place) in enumerate(
        zip(people, (mine, team, team, team, shop, shop), strict=True)
    ):
        item = "2.1" if number == 3 else "1.2"
        a_post(person, place, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=(item,))
        if number:
            a_training(person, "qualification", provider_id=schools[number % 2].id)
    a_post(people[0], shop, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=("1.2",))
    for person in (people[0], people[4]):
        a_certificate(person, issuer)
    watching.settle(db.session())
    return city


def _asked(region: Any, wanted: Filter | None = None) -> Asked:
    unit = units.unit(region_id=region.id, organisation_id=None, scope=EVERYWHERE)
    return Asked(unit=unit, on=TODAY, filter=wanted or Filter())


def _parts(city: Any, by: By) -> dict[str, tuple[str, int | None, int]]:
    found = drilling.parts(KEY, _asked(city), by, today=TODAY)
    return {
        part.name: (part.key, part.figure.required_count, part.figure.covered_count)
        for part in found
    }


PARTS = {
    By.SIZE: {"large": (4, 1), "micro": (3, 2)},
    By.ENTERPRISE: {"大矿": (4, 1), "小店": (3, 2)},
    By.ORGANISATION: {"大矿": (1, 1), "电工班": (3, 0), "小店": (3, 2)},
    By.PROVIDER: {"—": (1, 1), "一校": (2, 1), "二校": (3, 0)},
    By.SECTION: {"B": (4, 1), "F": (3, 2)},
    By.HIGH_RISK: {"high_risk": (4, 1), "other": (3, 2)},
    By.ITEM: {"1.2": (5, 2), "2.1": (1, 0)},
    By.ROLE: {"special_operations_worker": (6, 2)},
    By.REGION: {"甲县": (4, 1), "乙县": (3, 2), "空县": (0, 0)},
}


def test_a_figure_is_taken_apart_by_all_that_posts_are(city):
    found = {by: {name: part[1:] for name, part in _parts(city, by).items()} for by in PARTS}

    assert found == PARTS


def _filter(by: By, key: str) -> Filter | None:
    """Return what asks for a part alone; None where nobody is named (never trained)."""
    if by is By.ENTERPRISE:
        return Filter(organisation_id=UUID(key))
    if by is By.PROVIDER:
        return Filter(provider_id=UUID(key)) if key else None
    if by is By.HIGH_RISK:
        return Filter(high_risk=key == "high_risk")
    named: dict[str, Any] = {by.value: key}
    return Filter(**named)


def test_a_part_is_what_asking_for_it_alone_says_and_as_long_as_its_list(city):
    parts = [
        (_filter(by, key), required, covered)
        for by in PARTS.keys() - {By.REGION, By.ORGANISATION}
        for key, required, covered in _parts(city, by).values()
    ]
    for wanted, required, covered in parts:
        if wanted is None:
            continue
        asked = _asked(city, wanted)
        alone = figures.figures_of([indicators.get(KEY)], asked, today=TODAY)[0]
        listed = behind.page_of(KEY, asked, cursor=None, limit=100).items

        assert (alone.required_count, alone.covered_count) == (required, covered)
        assert len(listed) == alone.missing_count


@pytest.mark.parametrize(
    "nowhere",
    [
        Filter(role="principal"),
        Filter(item="9.9"),
        Filter(section="T"),
        Filter(size="medium"),
        Filter(section="F", size="large"),
        Filter(high_risk=True, section="F"),
    ],
)
def test_where_nothing_fits_nobody_is_looked_for(city, nowhere, count_statements):
    with count_statements() as sent:
        page = behind.page_of(KEY, _asked(city, nowhere), cursor=None, limit=50)

    assert page.items == []
    assert not [words for words in sent if "coverage_stretch" in words]


def test_more_regions_take_no_more_statements(city, count_statements):
    def sent() -> int:
        asked = _asked(city)
        with count_statements() as statements:
            drilling.parts(KEY, asked, By.REGION, today=TODAY)
        return len(statements)

    before = sent()
    for name in ("丙县", "丁县", "戊县"):
        a_region(city, name=name)

    assert sent() == before


def test_a_page_of_a_list_takes_the_same_few_statements_whatever_it_is_narrowed_by(
    city, count_statements
):
    school, *_ = _parts(city, By.PROVIDER)["二校"]
    narrow = [
        Filter(),
        Filter(item="1.2"),
        Filter(section="B", high_risk=True, size="large"),
        Filter(provider_id=UUID(school)),
    ]
    for wanted in narrow:
        with count_statements() as sent:
            page = behind.page_of(KEY, _asked(city, wanted), cursor=None, limit=50)

        assert page.items
        assert len(sent) == 10


def test_all_indicators_of_the_regions_beneath_are_their_parts(city):
    every = indicators.listed()

    found = {
        (part.figure.indicator.key, part.name): part.figure
        for part in drilling.beneath(every, _asked(city), today=TODAY)
    }

    assert len(found) == len(every) * 3
    for indicator in every:
        for part in drilling.parts(indicator.key, _asked(city), By.REGION, today=TODAY):
            assert found[indicator.key, part.name] == part.figure


def test_who_has_nobody_to_count_takes_no_place_in_a_ranking(city):
    found = ranking.ranked(KEY, _asked(city), By.REGION, today=TODAY)

    assert [each.name for each in found] == ["乙县", "甲县"]
