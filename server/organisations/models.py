"""Tables of the organisations (单位)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, UniqueConstraint, false, or_, select, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.audit.naming import called
from server.db import Base, IdColumn, text_enum
from server.organisations import industries
from server.organisations.drafts import EnterpriseSize, OrganisationKind
from server.regions.models import PathColumn, Region, beneath
from server.scopes import Scope


@called("organisation")
@called("test_centre")
class Organisation(Base):
    """An organisation, or a department of one (单位、部门)."""

    __tablename__ = "organisation"

    id: Mapped[IdColumn]
    kind: Mapped[OrganisationKind] = mapped_column(text_enum(OrganisationKind))
    name: Mapped[str] = mapped_column(index=True)
    #: Unified social credit code (GB 32100); authorities and departments may have none.
    credit_code: Mapped[str | None] = mapped_column(unique=True)
    #: Division, group or class of GB/T 4754-2017: two to four digits.
    industry: Mapped[str | None]
    #: The section (letter) and the division (two digits) of the industry, for counting.
    section: Mapped[str | None] = mapped_column(index=True)
    division: Mapped[str | None] = mapped_column(index=True)
    #: Whether the stricter rules of high-risk industries apply: as stated, else as the industry
    #: was marked on the day of registration or of its last change.
    is_high_risk: Mapped[bool] = mapped_column(default=False)
    #: The size of an enterprise, see `EnterpriseSize`; None where it is not known.
    size: Mapped[EnterpriseSize | None] = mapped_column(text_enum(EnterpriseSize))
    region_id: Mapped[UUID] = mapped_column(ForeignKey("region.id"), index=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    path: Mapped[PathColumn]
    registered_at: Mapped[datetime]

    region: Mapped[Region] = relationship(lazy="raise_on_sql")

    @property
    def industry_name_zh(self) -> str | None:
        """What the industry is called in Chinese, as far as it is kept."""
        return industries.nearest(self.industry).name_zh if self.industry else None

    @property
    def industry_name_en(self) -> str | None:
        """What the industry is called in English, as far as it is kept."""
        return industries.nearest(self.industry).name_en if self.industry else None


class OrganisationPast(Base):
    """What an organisation was, and where, until some day (单位沿革); what it is now stands above.

    The first such row counts from the beginning, each further one from the end of the one before.
    """

    __tablename__ = "organisation_past"
    __table_args__ = (UniqueConstraint("organisation_id", "until_on"),)

    id: Mapped[IdColumn]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    #: The first day on which it was so no longer.
    until_on: Mapped[date]
    name: Mapped[str]
    kind: Mapped[OrganisationKind] = mapped_column(text_enum(OrganisationKind))
    industry: Mapped[str | None]
    section: Mapped[str | None]
    is_high_risk: Mapped[bool]
    size: Mapped[EnterpriseSize | None] = mapped_column(text_enum(EnterpriseSize))
    region_id: Mapped[UUID] = mapped_column(ForeignKey("region.id"))
    path: Mapped[str]
    recorded_at: Mapped[datetime]


def within(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that an organisation lies within the scope.

    It does when its own path, or the path of its region, lies beneath one of the scope's.
    """
    if scope.everywhere:
        return true()
    by_region = (
        Organisation.region_id.in_(
            select(Region.id).where(or_(*(beneath(Region.path, root) for root in regions)))
        )
        if (regions := scope.region_paths)
        else false()
    )
    by_path = (beneath(Organisation.path, root) for root in scope.organisation_paths)
    return or_(false(), by_region, *by_path)
