"""Where candidates belong, so that questions can be watched for being unfair to some (群体)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

import numpy as np
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from exams.statistics.differential import FEWEST_OF_GROUP
from exams.statistics.responses import Truths
from server.db import db
from server.organisations.models import Organisation
from server.people.models import Person
from server.records.entries import RecordKind
from server.records.models import Record
from server.regions.models import Region

#: Groups of one attribute that are compared, the largest.
MOST_GROUPS: Final = 40

#: People asked for in one statement.
_AT_ONCE: Final = 5000


class Attribute(StrEnum):
    """By what candidates are grouped (群体属性)."""

    SEX = "sex"
    #: The city of the organisation that keeps the file.
    REGION = "region"
    #: The provider of the last training.
    PROVIDER = "provider"


@dataclass(frozen=True, kw_only=True)
class Group:
    """Candidates who have something in common."""

    attribute: Attribute
    #: `female`, the id of a region, the id of a provider.
    name: str
    belongs: Truths
    #: Of whom it is known where they belong.
    known: Truths


def groups(candidate_ids: Sequence[UUID]) -> Iterator[Group]:
    """Return the groups that are large enough to be compared with everybody else.

    Of the two sexes one is: the other comparison would be the same.
    """
    sexes, regions = _people(candidate_ids)
    of_all = {
        Attribute.SEX: sexes,
        Attribute.REGION: regions,
        Attribute.PROVIDER: _providers(candidate_ids),
    }
    for attribute, names in of_all.items():
        having = np.array([names.get(one, "") for one in candidate_ids], dtype=object)
        known = np.asarray(having != "", dtype=bool)
        counted = Counter(having[known].tolist()).most_common(MOST_GROUPS)
        large = [name for name, count in counted if count >= FEWEST_OF_GROUP]
        if attribute is Attribute.SEX or len(counted) == 2:
            large = large[-1:]
        for name in large:
            belongs = np.asarray(having == name, dtype=bool)
            if int(known.sum() - belongs.sum()) >= FEWEST_OF_GROUP:
                yield Group(attribute=attribute, name=name, belongs=belongs, known=known)


def _people(ids: Sequence[UUID]) -> tuple[Mapping[UUID, str], Mapping[UUID, str]]:
    sexes, regions = {}, {}
    for some in _chunks(ids):
        statement = (
            select(Person.id, Person.sex, Region.path)
            .outerjoin(Organisation, Organisation.id == Person.registered_under_id)
            .outerjoin(Region, Region.id == Organisation.region_id)
            .where(Person.id.in_(some))
        )
        for person_id, sex, path in db.session.connection().execute(statement):
            if sex is not None:
                sexes[person_id] = sex.value
            if path is not None:
                regions[person_id] = path.strip("/").split("/")[:2][-1]
    return sexes, regions


def _providers(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Return the provider of each candidate's last training that still stands."""
    correction = aliased(Record)
    found: dict[UUID, str] = {}
    for some in _chunks(ids):
        statement = (
            select(Record.person_id, Record.content["provider_id"].as_string())
            .where(
                Record.person_id.in_(some),
                Record.kind == RecordKind.TRAINING,
                ~exists().where(correction.corrects_id == Record.id),
            )
            .order_by(Record.happened_at)
        )
        for person_id, provider_id in db.session.connection().execute(statement):
            if provider_id is not None:
                found[person_id] = provider_id
    return found


def _chunks(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (ids[begin : begin + _AT_ONCE] for begin in range(0, len(ids), _AT_ONCE))
