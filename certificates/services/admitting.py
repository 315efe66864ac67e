"""The admission list: which enterprises in high-risk industries may operate (准入清单)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, or_, select

from certificates import admission
from certificates.admission import Holder, Lack
from certificates.on_post_reasons import Code
from certificates.services.on_post import verdicts
from certificates.services.units import Unit
from server.db import db
from server.organisations import industries
from server.organisations import services as organisations
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.organisations.models import within as organisations_within
from server.paging import Page, cursor_behind, page
from server.people.models import Post
from server.people.services import posts
from server.regions.models import Region, beneath
from server.regions.tree import lineage

#: Reasons that keep a post from counting as certified; hours and inductions are asked elsewhere.
_CERTIFICATE = frozenset(
    {
        Code.BARRED,
        Code.CERTIFICATE_MISSING,
        Code.CERTIFICATE_EXPIRED,
        Code.CERTIFICATE_SUSPENDED,
        Code.CERTIFICATE_REVOKED,
        Code.CERTIFICATE_NOT_YET_VALID,
    }
)

#: Enterprises looked through at once for a filter.
_STEP = 200


@dataclass(frozen=True, kw_only=True)
class Admission:
    """Whether an enterprise is admitted on a day."""

    organisation_id: UUID
    name: str
    region: str
    industry: str | None
    #: The branch of high-risk industry; None where the register alone calls it one.
    branch: str | None
    on: date
    lacks: tuple[Lack, ...]

    @property
    def admitted(self) -> bool:
        """Whether nothing lacks."""
        return not self.lacks


def listed(
    unit: Unit,
    *,
    on: date,
    branch: str | None = None,
    admitted: bool | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the enterprises in high-risk industries of a unit, and what each lacks.

    The register is that of today, posts and certificates are those of the day.

    Args:
        unit: a region or an organisation, as somebody sees it.
        on: the day.
        branch: only this branch of high-risk industry.
        admitted: only who is, or only who is not.
        cursor: where the page begins.
        limit: enterprises on the page.
    """
    statement = _enterprises(unit)
    step = limit if branch is None and admitted is None else max(limit, _STEP)
    kept: list[Admission] = []
    while True:
        some = page(statement, [Organisation.id], cursor=cursor, limit=step)
        places = [each for each in some.items if branch in (None, _branch(each, on))]
        for place, one in zip(places, _judged(places, on), strict=True):
            if admitted not in (None, one.admitted):
                continue
            kept.append(one)
            if len(kept) == limit and (some.next_cursor or place is not places[-1]):
                return Page(items=kept, next_cursor=cursor_behind(place, [Organisation.id]))
        if some.next_cursor is None:
            return Page(items=kept, next_cursor=None)
        cursor = some.next_cursor


def of(organisation_id: UUID, *, on: date) -> Admission:
    """Return whether one enterprise is admitted.

    Raises:
        NotFound: there is no such organisation.
    """
    return _judged([organisations.get(organisation_id)], on)[0]


def lack_count(organisation_id: UUID, *, on: date) -> int:
    """Return how many posts of an enterprise are empty or held without the certificate."""
    found = of(organisation_id, on=on).lacks
    return sum(each.short_count + len(each.uncertified) for each in found)


def as_csv(every: Iterable[Admission]) -> str:
    """Return admissions as a table for spreadsheets: a line for each enterprise, in Chinese."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["编号", "企业", "属地", "行业", "高危行业", "日期", "准入", "缺项"])
    for one in every:
        lacking = "；".join(_in_words(each) for each in one.lacks)
        row = [one.organisation_id, one.name, one.region, one.industry, one.branch, one.on]
        writer.writerow(_harmless([*row, "否" if one.lacks else "是", lacking]))
    # A mark that lets spreadsheets read Chinese.
    return "\ufeff" + out.getvalue()


def _in_words(lack: Lack) -> str:
    words = [lack.condition.zh]
    if lack.short_count:
        words.append(f"缺 {lack.short_count} 人")
    if lack.uncertified:
        words.append(f"{len(lack.uncertified)} 人未持有效证书")
    return f"{words[0]}：{'，'.join(words[1:])}（{lack.condition.source_zh}）"


def _harmless(row: Iterable[object]) -> list[str]:
    """Return cells that no spreadsheet takes for a formula: names come from whoever registers."""
    cells = ("" if each is None else str(each) for each in row)
    return [
        f"'{each}" if each.startswith(("=", "+", "-", "@", "\t", "\r")) else each for each in cells
    ]


def _enterprises(unit: Unit) -> Select[Organisation]:
    column = Region.path if unit.kind == "region" else Organisation.path
    return (
        select(Organisation)
        .join(Region, Region.id == Organisation.region_id)
        .where(
            Organisation.kind == OrganisationKind.ENTERPRISE,
            Organisation.is_high_risk,
            beneath(column, unit.path),
            organisations_within(unit.scope),
        )
    )


def _branch(place: Organisation, on: date) -> str | None:
    mark = industries.mark(place.industry, on) if place.industry else None
    return mark.kind if mark else None


def _judged(places: Sequence[Organisation], on: date) -> list[Admission]:
    holders = _holders(places, on)
    departments = _departments(places)
    regions = _names_of_regions(places)
    return [
        Admission(
            organisation_id=each.id,
            name=each.name,
            region=regions[each.region_id],
            industry=each.industry,
            branch=_branch(each, on),
            on=on,
            lacks=tuple(admission.lacks(holders[each.id], departments[each.id], on=on)),
        )
        for each in places
    ]


def _holders(places: Sequence[Organisation], on: date) -> dict[UUID, list[Holder]]:
    """Return who is in post at each of them, or beneath it, in a role that is asked for."""
    found: dict[UUID, list[Holder]] = {each.id: [] for each in places}
    roles = sorted({role for each in admission.shipped() for role in each.roles})
    held = (
        select(Post.id, Post.person_id, Organisation.path)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(Post.role.in_(roles), posts.is_held(on), _beneath_any(places))
    )
    at = {row.id: row for row in db.session.execute(held)}
    for verdict in verdicts.of({row.person_id for row in at.values()}, on=on):
        row = at.get(verdict.post_id)
        if row is None or verdict.role is None:
            continue
        certified = not any(one.blocks and one.code in _CERTIFICATE for one in verdict.reasons)
        one = Holder(person_id=verdict.person_id, role=verdict.role, certified=certified)
        for above in lineage(row.path):
            if above in found:
                found[above].append(one)
    return found


def _departments(places: Sequence[Organisation]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {each.id: [] for each in places}
    names = select(Organisation.path, Organisation.name).where(
        Organisation.kind == OrganisationKind.DEPARTMENT, _beneath_any(places)
    )
    for path, name in db.session.execute(names):
        for above in lineage(path):
            if above in found:
                found[above].append(name)
    return found


def _beneath_any(places: Sequence[Organisation]) -> ColumnElement[bool]:
    return or_(false(), *(beneath(Organisation.path, each.path) for each in places))


def _names_of_regions(places: Sequence[Organisation]) -> dict[UUID, str]:
    wanted = {each.region_id for each in places}
    rows = db.session.execute(select(Region.id, Region.name).where(Region.id.in_(wanted)))
    return {row.id: row.name for row in rows}
