"""Addresses of the verdict on the post: who may work today, and why not (上岗判定接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from certificates.schemas.on_post import (
    OnPostBatchIn,
    OnPostDayQuery,
    OnPostListOut,
    OnPostOut,
    OnPostQuery,
    OnPostSummaryOut,
)
from certificates.services.on_post import verdicts
from certificates.services.on_post.verdicts import Summary, Verdict
from server import clock
from server.access import identity, requires, signed_in_only
from server.http import Part
from server.organisations import services as organisations
from server.paging import Page
from server.people.services import people
from server.policy import Permission

views = Part("on_post", "Who may work at which post today, and why not 上岗判定")


@views.route("/on-post")
@requires(Permission.SEE_FILES)
@views.arguments(OnPostQuery, location="query")
@views.page(OnPostOut)
def list_verdicts(query: dict[str, Any]) -> Page:
    """List who may work at the posts one sees, and who may not, with reasons and remedies."""
    on = query.pop("on") or clock.today()
    return verdicts.listed(identity().scope(Permission.SEE_FILES), on=on, **query)


@views.route("/organisations/<uuid:organisation_id>/on-post-summary")
@requires(Permission.SEE_FILES)
@views.arguments(OnPostDayQuery, location="query")
@views.response(200, OnPostSummaryOut)
def show_summary(query: dict[str, Any], organisation_id: UUID) -> Summary:
    """Count who may work at an enterprise on a day, and what keeps the others."""
    scope = identity().scope(Permission.SEE_FILES)
    return verdicts.summary(organisation_id, on=query["on"] or clock.today(), scope=scope)


@views.route("/people/<uuid:person_id>/on-post")
@requires(Permission.SEE_FILES)
@views.arguments(OnPostDayQuery, location="query")
@views.response(200, OnPostListOut)
def show_verdicts(query: dict[str, Any], person_id: UUID) -> dict[str, list[Verdict]]:
    """Show whether a person may work at each of their posts on a day."""
    person = people.get(person_id, scope=identity().scope(Permission.SEE_FILES))
    return {"items": verdicts.of([person.id], on=query["on"] or clock.today())}


@views.route("/on-post-batches", methods=["POST"])
@requires(Permission.SEE_FILES)
@views.arguments(OnPostBatchIn)
@views.response(200, OnPostListOut)
def judge_many(body: dict[str, Any]) -> dict[str, list[Verdict]]:
    """Judge up to ten thousand people at one place; who has no post there may not work there."""
    on, place = body["on"] or clock.today(), body["organisation_id"]
    under = organisations.get(place, scope=identity().scope(Permission.SEE_FILES)).path
    return {"items": verdicts.of(body["person_ids"], on=on, under=under)}


@views.route("/me/on-post")
@signed_in_only
@views.arguments(OnPostDayQuery, location="query")
@views.response(200, OnPostListOut)
def show_own_verdicts(query: dict[str, Any]) -> dict[str, list[Verdict]]:
    """Show whether one may work at one's own posts on a day, and what to do where not."""
    return {"items": verdicts.of([identity().person_id], on=query["on"] or clock.today())}
