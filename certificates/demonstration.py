"""The demonstration's issuer, and certificates in every standing (演示证书)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid5

from sqlalchemy import select

from certificates.services import changes, issuers, issuing, rules
from certificates.services.changes import Decision
from certificates.services.issuing import Draft
from certificates.validity import Turn
from exams.models import Qualification
from server.days import civil_day
from server.db import db
from server.demonstration import Demonstration
from server.organisations import services as organisations
from server.policy import Identity
from server.regions import services as regions

#: On what the certificates of the demonstration rest.
_REASON = "示范：纸质考试合格档案"


@dataclass(frozen=True, kw_only=True)
class _Shown:
    """One certificate to show: whose, what for, how old, and what befell it."""

    #: The qualification, and the place of the holder, counted from the end, among its crew.
    code: str
    place: int
    years_ago: float
    turn: Turn | None = None
    reason: str = ""
    ground: str | None = None


#: Of the crews of the demonstration, so many are certified already; the exams are for the others.
_SHOWN = (
    _Shown(code="principal", place=-1, years_ago=1),
    _Shown(code="principal", place=-2, years_ago=2.9),
    _Shown(code="safety_manager", place=-1, years_ago=0.5),
    _Shown(code="safety_manager", place=-2, years_ago=1.5, turn=Turn.SUSPENDED, reason="待核查"),
    _Shown(code="safety_manager", place=-3, years_ago=3.5),
    _Shown(code="low_voltage_electrician", place=-9, years_ago=0.2),
    _Shown(code="low_voltage_electrician", place=-8, years_ago=1),
    _Shown(
        code="low_voltage_electrician",
        place=-7,
        years_ago=2,
        turn=Turn.REVOKED,
        reason="提供虚假材料取得证书",
        ground="fraud_or_bribery",
    ),
)


def load(play: Demonstration) -> None:
    """Register the authority as an issuer, and issue certificates in every standing.

    Reads `play.made`: `authority`, `issuer`, `crew`. Leaves `certificates`: their ids. Runs in
    the caller's transaction, after the qualifications and the rules of validity.
    """
    play.say("示范证书 Demonstration certificates")
    authority = organisations.get(play.made["authority"])
    issuer = issuers.register(
        uuid5(authority.id, "issuer"),
        organisation_id=authority.id,
        code=regions.get(authority.region_id).code,
        qualifications=None,
        by=None,
        at=play.at,
    )
    made = (_issue(shown, issuer.id, play) for shown in _SHOWN)
    play.made["certificates"] = [certificate_id for certificate_id in made if certificate_id]


def _issue(shown: _Shown, issuer_id: UUID, play: Demonstration) -> UUID | None:
    qualification = db.session.execute(
        select(Qualification).where(Qualification.code == shown.code)
    ).scalar_one_or_none()
    valid_from = civil_day(play.at) - timedelta(days=round(365.25 * shown.years_ago))
    if qualification is None or rules.find(qualification.role, on=valid_from) is None:
        return None
    by: Identity = play.made["issuer"]
    draft = Draft(
        person_id=play.made["crew"][qualification.role.value][shown.place],
        qualification_id=qualification.id,
        issuer_id=issuer_id,
        valid_from=valid_from,
        reason=_REASON,
    )
    certificate_id = uuid5(draft.person_id, shown.code)
    issuing.issue(certificate_id, draft, by=by, at=play.at)
    if shown.turn is not None:
        decision = Decision(
            turn=shown.turn,
            reason=shown.reason,
            effective_on=civil_day(play.at),
            ground=shown.ground,
        )
        changes.change(certificate_id, decision, by=by, at=play.at)
    return certificate_id
