"""Addresses of the hours that authorities ask for, and of what counts on a day (学时规定接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server import clock
from server.access import identity, requires, signed_in_only
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.paging import Page
from server.policy import Permission
from server.training.errors import TermUnfit
from server.training.models import HoursRule
from server.training.requirements import Requirement
from server.training.schemas.hours_rules import (
    HoursRuleEndIn,
    HoursRuleIn,
    HoursRuleOut,
    HoursRuleQuery,
)
from server.training.schemas.programmes import RequiredHoursOut, RequiredHoursQuery
from server.training.services import hours_rules
from server.training.services.hours_rules import HoursRuleDraft

views = Part("hours_rules", "How many hours the law and authorities ask for 学时规定")

_NOTHING = dict.fromkeys(("hours", "law", "article", "from_on", "rule_id"))


@views.route("/required-training-hours")
@signed_in_only
@views.arguments(RequiredHoursQuery, location="query")
@views.response(200, RequiredHoursOut)
def show_required_hours(query: dict[str, Any]) -> Requirement | dict[str, None]:
    """Show how many hours the law, or a rule of the region, asks of a role, as of a day."""
    on = query.pop("on") or clock.today()
    return hours_rules.required(on=on, **query) or _NOTHING


@views.route("/hours-rules")
@signed_in_only
@views.arguments(HoursRuleQuery, location="query")
@views.page(HoursRuleOut)
def list_hours_rules(query: dict[str, Any]) -> Page:
    """List the hours that authorities ask for beside the law as shipped, the latest first."""
    return hours_rules.listed(**query)


@views.route("/hours-rules/<uuid:rule_id>", methods=["PUT"])
@requires(Permission.APPROVE_TRAINING)
@views.arguments(HoursRuleIn)
@views.response(200, HoursRuleOut)
@views.refuses(TermUnfit, IdTaken)
def enter_hours_rule(draft: HoursRuleDraft, rule_id: UUID) -> HoursRule:
    """Enter hours that an authority asks for in its region, from a day on, by which document."""
    by, at = identity(), clock.now()
    with transaction():
        return hours_rules.enter(rule_id, draft, by=by, at=at)


@views.route("/hours-rules/<uuid:rule_id>/ending", methods=["PUT"])
@requires(Permission.APPROVE_TRAINING)
@views.arguments(HoursRuleEndIn)
@views.response(200, HoursRuleOut)
@views.refuses(TermUnfit)
def end_hours_rule(body: dict[str, Any], rule_id: UUID) -> HoursRule:
    """End a rule from a day on; programmes written before keep their hours."""
    by, at = identity(), clock.now()
    with transaction():
        return hours_rules.end(rule_id, **body, by=by, at=at)
