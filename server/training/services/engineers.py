"""The register of safety engineers and their continuing education (注册安全工程师)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from server.db import db
from server.errors import NotFound
from server.organisations import services as organisations
from server.organisations.models import Organisation, within
from server.paging import Page, page
from server.people.models import Person
from server.people.services import people
from server.policy import Identity, Permission
from server.records import entries
from server.records.entries import RecordKind, TrainingPurpose
from server.records.services import ledger
from server.training import education as law
from server.training.kinds import Grade
from server.training.models import SafetyEngineer
from server.training.services import experts, putting


@dataclass(frozen=True, kw_only=True)
class EngineerDraft:
    """What is said of the registration of a safety engineer."""

    person_id: UUID
    number: str
    grade: Grade
    speciality: str
    organisation_id: UUID | None
    valid_from: date
    valid_until: date


@dataclass(frozen=True, kw_only=True)
class Education:
    """The continuing education of a safety engineer, within the days of the registration."""

    engineer: SafetyEngineer
    hours: Decimal
    #: The hours asked for within the registration, and by which law; None where none were.
    hours_due: Decimal | None
    law: str | None
    #: The hours that are still lacking.
    lacking: Decimal
    trainings: list[dict[str, object]]


def register(
    engineer_id: UUID, draft: EngineerDraft, *, by: Identity, at: datetime
) -> SafetyEngineer:
    """Enter the registration of a safety engineer.

    Raises:
        NotAllowed: the asker approves nothing anywhere.
        NotFound: the person lies outside the asker's scope, or there is no such organisation.
        TermUnfit: it ends before it begins.
        IdTaken: another registration stands under this id.
    """
    person = people.get(draft.person_id, scope=by.scope(Permission.APPROVE_TRAINING))
    experts.check_span(draft.valid_from, draft.valid_until)
    values = asdict(draft)
    known = putting.known(SafetyEngineer, engineer_id, values)
    if known is not None:
        return known
    place = organisations.get(draft.organisation_id or person.registered_under_id)
    made = putting.made(SafetyEngineer(id=engineer_id, **values, recorded_at=at))
    putting.tell(
        "safety_engineer_registered",
        made.id,
        place,
        kind="safety_engineer",
        by=by,
        at=at,
        after={"person_id": person.id, "number": draft.number},
    )
    return made


def education(engineer_id: UUID, *, by: Identity) -> Education:
    """Return what a safety engineer learnt since the registration began, as the ledger has it.

    Raises:
        NotFound: there is no such engineer within the asker's scope.
    """
    found = db.session.get(SafetyEngineer, engineer_id)
    if found is None:
        raise NotFound
    people.get(found.person_id, scope=by.scope(Permission.APPROVE_TRAINING))
    return _education(found)


def listed(
    *, by: Identity, on: date | None, until: date | None, cursor: str | None, limit: int
) -> Page:
    """Return a page of safety engineers with their education, whose registration ends next first.

    Args:
        by: who asks; they see the people within their scope.
        on: only registrations of this day; None for all.
        until: only registrations that end by this day; None for all.
        cursor: where the page begins.
        limit: engineers on the page.
    """
    statement = (
        select(SafetyEngineer)
        .join(Person, Person.id == SafetyEngineer.person_id)
        .join(Organisation, Organisation.id == Person.registered_under_id)
        .where(within(by.scope(Permission.APPROVE_TRAINING)))
    )
    if on is not None:
        statement = statement.where(
            SafetyEngineer.valid_from <= on, SafetyEngineer.valid_until >= on
        )
    if until is not None:
        statement = statement.where(SafetyEngineer.valid_until <= until)
    keys = [SafetyEngineer.valid_until, SafetyEngineer.id]
    some = page(statement, keys, cursor=cursor, limit=limit)
    return replace(some, items=[_education(one) for one in some.items])


def _education(found: SafetyEngineer) -> Education:
    counting = [
        record
        for record in ledger.standing(found.person_id, RecordKind.TRAINING)
        if record.purpose == TrainingPurpose.CONTINUING_EDUCATION
        and found.valid_from <= record.happened_on <= found.valid_until
        and record.content.get("passed") is not False
    ]
    hours = sum((entries.hours_of(record.content) for record in counting), start=0)
    done, asked = Decimal(int(hours * 10)) / 10, law.asked(found.valid_from)
    return Education(
        engineer=found,
        hours=done,
        hours_due=asked.hours if asked else None,
        law=asked.law if asked else None,
        lacking=max(asked.hours - done, Decimal(0)) if asked else Decimal(0),
        trainings=[
            {
                "record_id": record.id,
                "programme": record.content["programme"],
                "hours": record.content["hours"],
                "finished_on": record.happened_on,
            }
            for record in counting
        ],
    )
