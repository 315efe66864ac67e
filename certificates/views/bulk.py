"""The address at which another system asks for its whole feed as files (批量导出接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from certificates.schemas.feed import PackageIn
from certificates.services import bulk_out
from certificates.views.parts import system_views as views
from server import clock
from server.db import db, transaction
from server.errors import IdTaken
from server.exchange import gatekeeper
from server.exchange.errors import AgreementOver, OutsideAgreement
from server.exchange.gatekeeper import for_systems
from server.exchange.models import ExchangeAgreement
from server.exchange.terms import Ability
from server.jobs.errors import TooManyJobs
from server.jobs.models import Job
from server.jobs.schemas import JobOut


@views.route("/exchange/packages/<uuid:job_id>", methods=["PUT"])
@for_systems(Ability.TAKE_FILES)
@views.arguments(PackageIn)
@views.response(200, JobOut)
@views.refuses(AgreementOver, OutsideAgreement, IdTaken, TooManyJobs)
def ask_for_package(body: dict[str, Any], job_id: UUID) -> Job:
    """Ask for the whole feed as tables, signed; behind it the feed goes on by cursor."""
    known = gatekeeper.agreement().id
    with transaction():
        own = db.session.get_one(ExchangeAgreement, known)
        return bulk_out.ask(job_id, own, **body, at=clock.now())
