"""Lists that act: enterprises below target, asked to close the gap by a day, followed up (督办)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from certificates.acting_errors import NothingMissing, RequestClosed
from certificates.models import CoverageRequest
from certificates.services import admitting, bureaus, drilling, figures, indicators, units
from certificates.services.counts.asking import Asked
from certificates.services.drilling import By, Part
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, Message, NotFound
from server.messages.services import outbox
from server.messages.services.outbox import Told
from server.organisations import services as organisations
from server.organisations.models import Organisation, within
from server.paging import Page, narrowed, page
from server.policy import Identity, Permission
from server.regions.models import beneath
from server.regions.services import regions
from server.scopes import EVERYWHERE, Scope

#: What a request names in place of an indicator where the conditions of admission are meant.
ADMISSION = "admission"


@dataclass(frozen=True, kw_only=True)
class Followed:
    """A request, and how far the enterprise is."""

    request: CoverageRequest
    organisation_name: str
    #: What it is about, in the words of the plan.
    quote: str
    #: How many are missing on the day asked about.
    missing_now: int
    #: Whether the day has passed with somebody still missing.
    overdue: bool


def below_target(key: str, asked: Asked, *, today: date, limit: int) -> list[Part]:
    """Return the enterprises of a unit that are below the target, the widest gap first.

    Raises:
        NotFound: there is no such indicator.
    """
    parts = drilling.parts(key, asked, By.ENTERPRISE, today=today)
    below = [part for part in parts if part.key and part.figure.gap > 0]
    return sorted(below, key=lambda part: (-part.figure.gap, part.name, part.key))[:limit]


def demand(
    request_id: UUID,
    *,
    indicator: str,
    organisation_id: UUID,
    due_on: date,
    note: str,
    by: Identity,
    at: datetime,
    on: date,
) -> CoverageRequest:
    """Ask an enterprise to close its gap by a day; the same again changes nothing.

    Raises:
        NotFound: there is no such indicator, or the enterprise lies outside the asker's scope.
        IdTaken: another request stands under this id.
        NothingMissing: nobody is missing there.
    """
    scope = by.scope(Permission.ACT_ON_COVERAGE)
    place = organisations.get(organisation_id, scope=scope)
    known = db.session.get(CoverageRequest, request_id)
    if known is not None:
        if (known.indicator_key, known.organisation_id) != (indicator, organisation_id):
            raise IdTaken
        return known
    missing = _missing(indicator, organisation_id, on=on)
    if not missing:
        raise NothingMissing
    made = CoverageRequest(
        id=request_id,
        indicator_key=indicator,
        organisation_id=organisation_id,
        due_on=due_on,
        note=note,
        missing_count=missing,
        made_at=at,
        made_by_id=by.account_id,
    )
    db.session.add(made)
    db.session.flush()
    _tell("coverage_requested", made, place, {"missing": missing, "due_on": due_on}, by=by, at=at)
    _send(
        made,
        "coverage_request",
        Message(
            zh=f"{quote(made)}：尚有 {missing} 人未达标，请于 {due_on} 前办结。{note}",
            en=f"{quote(made)}: {missing} are missing; please close the gap by {due_on}. {note}",
        ),
        at=at,
    )
    return made


def answer(request_id: UUID, *, words: str, by: Identity, at: datetime) -> CoverageRequest:
    """Say what the enterprise does about it.

    Raises:
        NotFound: the request concerns an enterprise outside the asker's scope.
        RequestClosed: the bureau has closed it.
    """
    found, place = _found(request_id, by.scope(Permission.SEE_COVERAGE))
    if found.closed_at is not None:
        raise RequestClosed
    found.answer, found.answered_at = words, at
    db.session.flush()
    _tell("coverage_request_answered", found, place, {"answer": words}, by=by, at=at)
    bureau = bureaus.nearest([place.id]).get(place.id)
    if bureau is not None:
        said = Message(zh=f"{place.name} 答复：{words}", en=f"{place.name} has answered: {words}")
        _send(found, "coverage_request_answered", said, to=bureau, at=at)
    return found


def close(request_id: UUID, *, by: Identity, at: datetime) -> CoverageRequest:
    """Close a request; again changes nothing.

    Raises:
        NotFound: the request concerns an enterprise outside the asker's scope.
    """
    found, place = _found(request_id, by.scope(Permission.ACT_ON_COVERAGE))
    if found.closed_at is None:
        found.closed_at, found.closed_by_id = at, by.account_id
        db.session.flush()
        _tell("coverage_request_closed", found, place, {}, by=by, at=at)
        said = Message(zh=f"{quote(found)}：督办已办结。", en=f"{quote(found)}: it is closed.")
        _send(found, "coverage_request_closed", said, at=at)
    return found


def listed(
    scope: Scope,
    *,
    on: date,
    open_only: bool,
    indicator: str | None = None,
    organisation_id: UUID | None = None,
    region_id: UUID | None = None,
    due_until: date | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the requests to enterprises within the scope, each with how far it is.

    Raises:
        NotFound: there is no such organisation or region.
    """
    statement = (
        select(CoverageRequest)
        .join(Organisation, Organisation.id == CoverageRequest.organisation_id)
        .where(within(scope))
    )
    if organisation_id is not None:
        path = organisations.get(organisation_id, scope=scope).path
        statement = statement.where(beneath(Organisation.path, path))
    if region_id is not None:
        root = regions.get(region_id).path
        statement = statement.where(within(Scope(region_paths=(root,))))
    if due_until is not None:
        statement = statement.where(CoverageRequest.due_on <= due_until)
    if open_only:
        statement = statement.where(CoverageRequest.closed_at.is_(None))
    statement = narrowed(statement, {CoverageRequest.indicator_key: indicator})
    order = [CoverageRequest.due_on, CoverageRequest.id]
    found = page(statement, order, cursor=cursor, limit=limit)
    items = [followed(each, on=on) for each in found.items]
    return Page(items=items, next_cursor=found.next_cursor)


def followed(request: CoverageRequest, *, on: date) -> Followed:
    """Return a request with how far the enterprise is on a day."""
    missing = _missing(request.indicator_key, request.organisation_id, on=on)
    return Followed(
        request=request,
        organisation_name=organisations.get(request.organisation_id).name,
        quote=quote(request),
        missing_now=missing,
        overdue=request.closed_at is None and missing > 0 and on > request.due_on,
    )


def quote(request: CoverageRequest) -> str:
    """Return what a request is about, in the words of the plan."""
    if request.indicator_key == ADMISSION:
        return "高危行业企业安全生产准入条件"
    return indicators.get(request.indicator_key).quote


def _send(
    request: CoverageRequest,
    kind: str,
    words: Message,
    *,
    to: UUID | None = None,
    at: datetime,
) -> None:
    """Tell the enterprise, in the app and by its channels; or another, where one is named."""
    title = Message(zh="安全培训督办", en="A request about certificates and training")
    told = Told(kind=kind, title=title, body=words, subject_id=request.id)
    once = f"{kind}:{request.id}:{at.isoformat() if kind.endswith('answered') else ''}"
    outbox.tell(told, once=once, organisation_id=to or request.organisation_id, at=at)


def _missing(key: str, organisation_id: UUID, *, on: date) -> int:
    if key == ADMISSION:
        return admitting.lack_count(organisation_id, on=on)
    unit = units.unit(region_id=None, organisation_id=organisation_id, scope=EVERYWHERE)
    return figures.figure(key, unit, on=on).missing_count or 0


def _found(request_id: UUID, scope: Scope) -> tuple[CoverageRequest, Organisation]:
    found = db.session.get(CoverageRequest, request_id)
    if found is None:
        raise NotFound
    return found, organisations.get(found.organisation_id, scope=scope)


def _tell(
    action: str,
    request: CoverageRequest,
    place: Organisation,
    after: dict[str, object],
    *,
    by: Identity,
    at: datetime,
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="coverage_request",
        subject_id=request.id,
        before=None,
        after={"indicator": request.indicator_key, **after},
        organisation_path=place.path,
        region_path=organisations.region_path_of(place),
    )
