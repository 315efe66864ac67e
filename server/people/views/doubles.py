"""Addresses for people registered twice: the work list, merging, undoing (重复档案接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server import clock
from server.access import identity, requires
from server.audit.errors import NumberNotMasked
from server.audit.schemas import WhyIn
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.paging import Page
from server.people.errors import MergeCovered, MergedAlready, MergeUndone, OwnEntry, RuledAlready
from server.people.models import PersonMerge, SuspectedDouble
from server.people.schemas.doubles import (
    ComparedDoubleOut,
    DoubleQuery,
    MergeIn,
    MergeOut,
    MergeQuery,
    SuspectedDoubleOut,
    UndoIn,
)
from server.people.services import doubles, merging, references
from server.policy import Permission

views = Part("doubles", "People registered twice: found, merged, taken apart 重复档案")


@views.route("/suspected-doubles")
@requires(Permission.MERGE_PEOPLE)
@views.arguments(DoubleQuery, location="query")
@views.page(SuspectedDoubleOut)
def list_doubles(query: dict[str, Any]) -> Page:
    """List pairs of entries that may be one person and wait for a decision, with the reasons."""
    return doubles.listed(identity().scope(Permission.MERGE_PEOPLE), **query)


@views.route("/suspected-doubles/<uuid:double_id>")
@requires(Permission.MERGE_PEOPLE)
@views.response(200, ComparedDoubleOut)
def show_double(double_id: UUID) -> dict[str, Any]:
    """Show a pair, and how many records name each of the two: what a merge would move."""
    found = doubles.get(double_id, scope=identity().scope(Permission.MERGE_PEOPLE))
    told = {name: getattr(found, name) for name in SuspectedDoubleOut().fields}
    counts = [references.count(each) for each in (found.first_id, found.second_id)]
    return told | dict(zip(("first_count", "second_count"), counts, strict=True))


@views.route("/suspected-doubles/<uuid:double_id>/clearance", methods=["PUT"])
@requires(Permission.MERGE_PEOPLE)
@views.arguments(WhyIn, required=False)
@views.response(200, SuspectedDoubleOut)
@views.refuses(RuledAlready, NumberNotMasked)
def clear_double(body: dict[str, Any], double_id: UUID) -> SuspectedDouble:
    """Decide that two entries are two people; they are not suspected again."""
    by = identity()
    with transaction():
        return doubles.clear(double_id, **body, by=by, at=clock.now())


@views.route("/person-merges")
@requires(Permission.MERGE_PEOPLE)
@views.arguments(MergeQuery, location="query")
@views.page(MergeOut)
def list_merges(query: dict[str, Any]) -> Page:
    """List the merges of people one may merge, the newest first, also those taken back."""
    return merging.listed(identity().scope(Permission.MERGE_PEOPLE), **query)


@views.route("/person-merges/<uuid:merge_id>", methods=["PUT"])
@requires(Permission.MERGE_PEOPLE)
@views.arguments(MergeIn)
@views.response(200, MergeOut)
@views.refuses(IdTaken, MergedAlready, MergeUndone, OwnEntry, NumberNotMasked)
def merge_people(body: dict[str, Any], merge_id: UUID) -> PersonMerge:
    """Merge two entries of one person: all history stands under one, both ids go on answering."""
    by = identity()
    with transaction():
        return merging.merge(merge_id, **body, by=by, at=clock.now())


@views.route("/person-merges/<uuid:merge_id>")
@requires(Permission.MERGE_PEOPLE)
@views.response(200, MergeOut)
def show_merge(merge_id: UUID) -> PersonMerge:
    """Show a merge."""
    return merging.get(merge_id, scope=identity().scope(Permission.MERGE_PEOPLE))


@views.route("/person-merges/<uuid:merge_id>/undo", methods=["PUT"])
@requires(Permission.MERGE_PEOPLE)
@views.arguments(UndoIn)
@views.response(200, MergeOut)
@views.refuses(MergeCovered, OwnEntry, NumberNotMasked)
def undo_merge(body: dict[str, Any], merge_id: UUID) -> PersonMerge:
    """Take a merge back: every row that it moved is the first person's again."""
    by = identity()
    with transaction():
        return merging.undo(merge_id, reason=body["reason"], by=by, at=clock.now())
