"""Regions: the national list, and what hangs beneath it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from server.db import db
from server.errors import NotFound
from server.policy import Role
from server.regions import services
from server.regions.divisions import shipped
from server.regions.errors import DivisionCodeTaken, DivisionCodeWrong, ReferenceRegion
from server.regions.models import Region
from server.scopes import Scope
from tests.factories.people import who
from tests.factories.regions import a_county, a_region
from tests.moments import NOON

ADMIN = who(Role.ADMINISTRATOR)


def test_loading_the_list_again_changes_nothing(inside: Flask) -> None:
    assert services.load_reference() == len(shipped())
    assert services.load_reference() == 0

    count = db.session.execute(select(func.count()).select_from(Region)).scalar_one()
    assert count == len(shipped())


def test_loading_the_list_brings_back_what_is_missing_and_corrects_names(inside: Flask) -> None:
    services.load_reference()
    db.session.execute(update(Region).where(Region.code == "330100").values(name="杭州府"))
    db.session.delete(db.session.get_one(Region, services.id_of("330108")))
    db.session.flush()

    assert services.load_reference() == 2

    db.session.expire_all()
    city, district = services.find("330100"), services.find("330108")
    assert city is not None
    assert district is not None
    assert city.name == "杭州市"
    assert [one.name for one in services.above(district)] == ["浙江省", "杭州市"]
    assert district.path.startswith(city.path)


def test_the_list_has_the_same_ids_everywhere(inside: Flask) -> None:
    services.load_reference()

    district = services.get(services.id_of("330108"))
    assert (district.name, district.level) == ("滨江区", 3)


def test_children_and_subtrees_are_listed_by_code(inside: Flask) -> None:
    services.load_reference()
    hangzhou = services.id_of("330100")

    children = services.listed(parent_id=hangzhou, limit=200).items
    beneath = services.listed(under_id=hangzhou, limit=200).items
    provinces = services.listed(level=1, limit=200).items

    assert [one.code for one in children] == sorted(one.code for one in children)
    assert len(beneath) == len(children) + 1
    assert len(provinces) == 34


def test_pages_of_regions_join_without_gap(inside: Flask) -> None:
    services.load_reference()
    codes: list[str] = []
    cursor = None
    while True:
        page = services.listed(level=2, cursor=cursor, limit=150)
        codes += [one.code for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert codes == sorted(one.code for one in shipped() if one.level == 2)


def test_a_township_and_a_village_are_added_beneath_a_county(inside: Flask) -> None:
    county = a_county()
    township = services.write(
        uuid4(),
        code=f"{county.code}001",
        name="某镇",
        level=4,
        parent_id=county.id,
        by=ADMIN,
        at=NOON,
    )
    village = services.write(
        uuid4(),
        code=f"{township.code}201",
        name="某村",
        level=5,
        parent_id=township.id,
        by=ADMIN,
        at=NOON,
    )

    assert [one.id for one in services.above(village)][-2:] == [county.id, township.id]


def write(region: Region, *, name: str = "某镇", code: str | None = None) -> Region:
    parent = services.get(region.parent_id) if region.parent_id else region
    return services.write(
        region.id,
        code=code or region.code,
        name=name,
        level=4,
        parent_id=parent.id,
        by=ADMIN,
        at=NOON,
    )


def test_a_township_is_named_better_and_keeps_its_code(inside: Flask) -> None:
    township = a_region(a_county())

    assert write(township, name="新镇").name == "新镇"
    assert write(township, name="新镇") is township
    with pytest.raises(DivisionCodeTaken):
        write(township, code=f"{township.code[:6]}999")


def test_a_code_belongs_to_one_region(inside: Flask) -> None:
    township = a_region(a_county())

    with pytest.raises(DivisionCodeTaken):
        services.write(
            uuid4(),
            code=township.code,
            name="另一镇",
            level=4,
            parent_id=services.get(township.id).parent_id or uuid4(),
            by=ADMIN,
            at=NOON,
        )


def test_the_national_levels_are_not_written_by_hand(inside: Flask) -> None:
    county = a_county()

    with pytest.raises(ReferenceRegion):
        services.write(
            uuid4(), code="330199", name="某县", level=3, parent_id=county.id, by=ADMIN, at=NOON
        )
    with pytest.raises(ReferenceRegion):
        services.write(
            county.id,
            code=f"{county.code}001",
            name="某镇",
            level=4,
            parent_id=county.id,
            by=ADMIN,
            at=NOON,
        )


def test_a_code_of_another_county_is_refused(inside: Flask) -> None:
    county = a_county()

    with pytest.raises(DivisionCodeWrong):
        services.write(
            uuid4(), code="990101001", name="某镇", level=4, parent_id=county.id, by=ADMIN, at=NOON
        )


def test_a_region_outside_the_scope_is_not_there(inside: Flask) -> None:
    here, there = a_county(), a_county()
    somebody = who(Role.ADMINISTRATOR, scope=Scope(region_paths=(there.path,)))

    with pytest.raises(NotFound):
        services.write(
            uuid4(),
            code=f"{here.code}001",
            name="某镇",
            level=4,
            parent_id=here.id,
            by=somebody,
            at=NOON,
        )
    with pytest.raises(NotFound):
        services.get(uuid4())
