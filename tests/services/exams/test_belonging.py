"""Where candidates belong: by sex, city and provider, and no group of less than two hundred."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert

from exams import figuring
from exams.services import belonging
from exams.services.belonging import Attribute
from server.db import db
from server.people.documents import DocumentType, Sex
from server.people.models import Person
from server.records import services as records
from server.records.entries import RecordKind, TrainingPurpose
from server.regions.models import Region
from tests.factories import exams as a
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


def people(count: int, organisation_id: UUID, sex: Sex | None = None) -> list[UUID]:
    """Store people whose file an organisation keeps."""
    ids = [uuid4() for _ in range(count)]
    rows = [
        {
            "id": one,
            "name": "某人",
            "sex": sex,
            "document_type": DocumentType.PASSPORT,
            "document_cipher": b"",
            "document_key_id": "",
            "document_index": one.hex,
            "document_index_key_id": "",
            "document_masked": "E*******0",
            "registered_under_id": organisation_id,
            "registered_at": NOON,
        }
        for one in ids
    ]
    db.session.execute(insert(Person), rows)
    return ids


def in_a_city(province: Region) -> tuple[UUID, str]:
    """Store an organisation in a county of a new city; return it and the id of the city."""
    city_id, county_id = uuid4(), uuid4()
    for region_id, level, path in (
        (city_id, 2, f"{province.path}{city_id}/"),
        (county_id, 3, f"{province.path}{city_id}/{county_id}/"),
    ):
        db.session.add(
            Region(id=region_id, code=region_id.hex[:6], name="某地", level=level, path=path)
        )
    db.session.flush()
    organisation = a.an_organisation()
    organisation.region_id = county_id
    db.session.flush()
    return organisation.id, str(city_id)


def test_groups_are_sexes_cities_and_providers(app):
    province = db.session.get_one(Region, a.an_organisation().region_id)
    (here, city), (there, other_city) = in_a_city(province), in_a_city(province)
    ids = people(250, here, Sex.FEMALE) + people(300, there, Sex.MALE)
    ids += people(10, a.an_organisation().id)
    provider = str(uuid4())
    for one in ids[:210]:
        trained(one, provider)
    for one in ids[250:460]:
        trained(one, str(UUID(int=7)))

    found = {(one.attribute, one.name): one for one in belonging.groups(ids)}

    assert set(found) == {
        (Attribute.SEX, "female"),
        (Attribute.REGION, city),
        (Attribute.REGION, other_city),
        (Attribute.PROVIDER, provider),
    } or set(found) == {
        (Attribute.SEX, "female"),
        (Attribute.REGION, city),
        (Attribute.REGION, other_city),
        (Attribute.PROVIDER, str(UUID(int=7))),
    }
    women = found[Attribute.SEX, "female"]
    assert (int(women.belongs.sum()), int(women.known.sum())) == (250, 550)
    assert int(found[Attribute.REGION, city].belongs.sum()) == 250


def trained(person_id: UUID, provider: str) -> None:
    """Store that somebody was trained by a provider."""
    records.add(
        person_id,
        RecordKind.TRAINING,
        subject_id=uuid4(),
        happened_at=NOON - timedelta(hours=1),
        content={"hours": "8", "provider_id": provider},
        source="某培训机构",
        purpose=TrainingPurpose.QUALIFICATION,
        at=NOON,
    )


def test_a_group_below_two_hundred_or_without_others_is_not_told(app):
    few = people(199, a.an_organisation().id, Sex.FEMALE) + people(
        300, a.an_organisation().id, Sex.MALE
    )

    assert [one.attribute for one in belonging.groups(few)] == []
    assert [one.attribute for one in belonging.groups(few[199:])] == []


def test_a_wrong_key_is_seen_within_the_hour():
    assert figuring.WORK.every <= timedelta(minutes=30)
