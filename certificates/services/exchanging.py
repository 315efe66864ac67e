"""Handing figures and lists to other systems: subscribed, numbered, signed (数据交换)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Select, func, select

from certificates import exchange_packages, keys
from certificates.exchange_errors import ReceiverUnfit
from certificates.exchange_packages import Told as Content
from certificates.models import CoverageBatch, CoveragePackage, CoverageSubscription, Rhythm
from certificates.services import exchange_tables, units
from server.audit import services as audit
from server.days import civil_day
from server.db import db
from server.errors import IdTaken, Message, NotFound
from server.jobs import files
from server.jobs import services as jobs
from server.jobs.files import KeptFile
from server.jobs.models import GIVEN_UP, UNFINISHED, Job
from server.messages.services import outbox
from server.messages.services.outbox import Told
from server.organisations import services as organisations
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation, within
from server.paging import Page, page
from server.policy import Identity, Permission
from server.regions import services as regions
from server.scopes import Scope

#: The job that makes a package, and the name of its file.
JOB, FILE = "coverage_package", "package.zip"

#: In whose name the platform asks for packages.
PLATFORM = Identity(account_id=UUID(int=1), person_id=UUID(int=0))

#: Packages that are made at a time; the rest follow.
_MOST = 10


def subscribe(
    subscription_id: UUID,
    *,
    organisation_id: UUID,
    region_id: UUID,
    every: Rhythm,
    with_people: bool,
    by: Identity,
    at: datetime,
) -> CoverageSubscription:
    """Hand the figures of a region to an authority from now on; the same again changes nothing.

    The first package is asked for at once.

    Raises:
        NotFound: the region lies outside the asker's scope, or there is no such organisation.
        ReceiverUnfit: the receiver is no authority that answers for the region.
        IdTaken: another subscription stands under this id.
    """
    scope = by.scope(Permission.ACT_ON_COVERAGE)
    unit = units.unit(region_id=region_id, organisation_id=None, scope=scope)
    receiver = organisations.get(organisation_id)
    values = {
        "organisation_id": organisation_id,
        "region_id": region_id,
        "every": every,
        "with_people": with_people,
    }
    known = db.session.get(CoverageSubscription, subscription_id)
    if known is not None:
        if any(getattr(known, name) != value for name, value in values.items()):
            raise IdTaken
        return known
    above = organisations.region_path_of(receiver)
    if receiver.kind is not OrganisationKind.AUTHORITY or not unit.path.startswith(above):
        raise ReceiverUnfit
    made = CoverageSubscription(
        id=subscription_id, **values, opened_at=at, opened_by_id=by.account_id
    )
    db.session.add(made)
    db.session.flush()
    _note("coverage_subscribed", made, unit.path, by=by, at=at)
    if _free():
        _ask_if_due(made, at=at)
    return made


def close(subscription_id: UUID, *, by: Identity, at: datetime) -> CoverageSubscription:
    """Hand nothing more; again changes nothing.

    Raises:
        NotFound: there is none of a region within the asker's scope.
    """
    found = db.session.get(CoverageSubscription, subscription_id)
    if found is None:
        raise NotFound
    scope = by.scope(Permission.ACT_ON_COVERAGE)
    unit = units.unit(region_id=found.region_id, organisation_id=None, scope=scope)
    if found.closed_at is None:
        found.closed_at = at
        db.session.flush()
        _note("coverage_subscription_closed", found, unit.path, by=by, at=at)
    return found


def listed(scope: Scope, *, cursor: str | None = None, limit: int = 50) -> Page:
    """Return a page of the subscriptions of receivers within the scope, the latest first."""
    order = [CoverageSubscription.opened_at, CoverageSubscription.id]
    return page(_received_within(scope), order, cursor=cursor, limit=limit, descending=True)


def packages(
    subscription_id: UUID, scope: Scope, *, cursor: str | None = None, limit: int = 50
) -> Page:
    """Return a page of the packages of a subscription that are ready, the latest first.

    Raises:
        NotFound: its receiver lies outside the scope.
    """
    found = _received(subscription_id, scope)
    statement = select(CoveragePackage).where(
        CoveragePackage.subscription_id == found.id, CoveragePackage.made_at.is_not(None)
    )
    return page(statement, [CoveragePackage.seq], cursor=cursor, limit=limit, descending=True)


def file_of(package_id: UUID, scope: Scope) -> KeptFile:
    """Return a package; files are kept for some days.

    Raises:
        NotFound: its receiver lies outside the scope, it is not ready, or its time is over.
    """
    found = db.session.get(CoveragePackage, package_id)
    if found is None or found.made_at is None:
        raise NotFound
    _received(found.subscription_id, scope)
    return files.kept(found.job_id, FILE)


def ask_due(*, at: datetime) -> int:
    """Ask for the packages that are due, each once; ask again where a job was given up."""
    asked, free = 0, _free()
    statement = select(CoverageSubscription).where(CoverageSubscription.closed_at.is_(None))
    for each in db.session.execute(statement.order_by(CoverageSubscription.id)).scalars():
        if asked < free and _ask_if_due(each, at=at):
            asked += 1
    return asked


def _free() -> int:
    """Return how many packages may be asked for beside those under way."""
    under_way = select(func.count()).where(Job.kind == JOB, Job.state.in_(UNFINISHED))
    return max(0, _MOST - db.session.execute(under_way).scalar_one())


def _ask_if_due(subscription: CoverageSubscription, *, at: datetime) -> bool:
    last = _last(subscription)
    if last is not None and last.made_at is None:
        job = db.session.get(Job, last.job_id)
        if job is not None and job.state not in GIVEN_UP:
            return False
        last.job_id = uuid4()
    else:
        on = day_of(subscription.every, civil_day(at))
        if last is not None and last.on >= on:
            return False
        newest = db.session.execute(select(func.max(CoverageBatch.seq))).scalar_one() or 0
        last = CoveragePackage(
            id=uuid4(),
            subscription_id=subscription.id,
            seq=last.seq + 1 if last else 1,
            previous=(last.digest or "") if last else "",
            on=on,
            known_seq=newest,
            asked_at=at,
            job_id=uuid4(),
        )
        db.session.add(last)
    db.session.flush()
    jobs.ask(last.job_id, JOB, {"package_id": str(last.id)}, by=PLATFORM, at=at)
    return True


def day_of(every: Rhythm, today: date) -> date:
    """Return the day that a package of today speaks of."""
    first = today if every is Rhythm.DAY else today.replace(day=1)
    return first - timedelta(days=1)


def made(package_id: UUID) -> tuple[bytes, str]:
    """Return a package, and the digest of its manifest; made again, it is the same but the seal."""
    package = db.session.get_one(CoveragePackage, package_id)
    subscription = db.session.get_one(CoverageSubscription, package.subscription_id)
    sheets = exchange_tables.sheets(
        subscription.region_id,
        on=package.on,
        known_seq=package.known_seq,
        with_people=subscription.with_people,
    )
    told = Content(
        package_id=package.id,
        subscription_id=subscription.id,
        receiver_id=subscription.organisation_id,
        seq=package.seq,
        previous=package.previous,
        region_id=subscription.region_id,
        region_code=regions.get(subscription.region_id).code,
        on=package.on,
        known_seq=package.known_seq,
        made_at=package.asked_at,
    )
    manifest = exchange_packages.manifest(told, sheets)
    issuer = keys.ring().address or exchange_packages.ISSUER
    signer = keys.ring().of(keys.EXCHANGE)
    signature = exchange_packages.signed(told, manifest, signer, issuer=issuer)
    packed = exchange_packages.packed(manifest, signature, sheets)
    return packed, exchange_packages.digest(manifest)


def ready(package_id: UUID, digest: str, *, at: datetime) -> None:
    """Note that a package can be fetched, and tell its receiver: in the app, and by its channels.

    A webhook is sent the id of the package, signed, and again until it is taken.
    """
    package = db.session.get_one(CoveragePackage, package_id)
    if package.made_at is not None:
        return
    package.digest, package.made_at = digest, at
    db.session.flush()
    subscription = db.session.get_one(CoverageSubscription, package.subscription_id)
    name = regions.get(subscription.region_id).name
    told = Told(
        kind="coverage_package",
        title=Message(zh="持证率数据包可领取", en="A package of coverage is ready"),
        body=Message(
            zh=f"{name} {package.on} 第 {package.seq} 号数据包，清单校验值 {digest}。",
            en=f"{name}, {package.on}: package {package.seq}, manifest {digest}.",
        ),
        subject_id=package.id,
    )
    outbox.tell(
        told,
        once=f"coverage_package:{package.id}",
        organisation_id=subscription.organisation_id,
        at=at,
    )


def _last(subscription: CoverageSubscription) -> CoveragePackage | None:
    statement = (
        select(CoveragePackage)
        .where(CoveragePackage.subscription_id == subscription.id)
        .order_by(CoveragePackage.seq.desc())
        .limit(1)
    )
    return db.session.execute(statement).scalar_one_or_none()


def _received_within(scope: Scope) -> Select[CoverageSubscription]:
    receiver = Organisation.id == CoverageSubscription.organisation_id
    return select(CoverageSubscription).join(Organisation, receiver).where(within(scope))


def _received(subscription_id: UUID, scope: Scope) -> CoverageSubscription:
    statement = _received_within(scope).where(CoverageSubscription.id == subscription_id)
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _note(
    action: str, of: CoverageSubscription, region_path: str, *, by: Identity, at: datetime
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="coverage_subscription",
        subject_id=of.id,
        before=None,
        after={
            "organisation_id": str(of.organisation_id),
            "every": of.every.value,
            "with_people": of.with_people,
        },
        region_path=region_path,
    )
