"""Addresses of posts (岗位接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server import clock
from server.access import identity, requires
from server.audit.errors import NumberNotMasked
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.paging import Page
from server.people.errors import ItemsUnfit, PostEnded, PostOverlaps, PostSpanEmpty
from server.people.models import Post
from server.people.schemas.posts import PostEndIn, PostIn, PostOut, PostQuery
from server.people.services import posts
from server.policy import Permission

views = Part("posts", "Who holds which post where, from when to when 岗位")


@views.route("/posts")
@requires(Permission.SEE_PEOPLE)
@views.arguments(PostQuery, location="query")
@views.page(PostOut)
def list_posts(query: dict[str, Any]) -> Page:
    """List posts: of a person, at an organisation, of a role, held on a day."""
    return posts.listed(identity().scope(Permission.SEE_PEOPLE), **query)


@views.route("/posts/<uuid:post_id>")
@requires(Permission.SEE_PEOPLE)
@views.response(200, PostOut)
def show_post(post_id: UUID) -> Post:
    """Show a post."""
    return posts.get(post_id, scope=identity().scope(Permission.SEE_PEOPLE))


@views.route("/posts/<uuid:post_id>", methods=["PUT"])
@requires(Permission.MANAGE_POSTS)
@views.arguments(PostIn)
@views.response(200, PostOut)
@views.refuses(IdTaken, PostSpanEmpty, ItemsUnfit, PostOverlaps)
def assign_post(body: dict[str, Any], post_id: UUID) -> Post:
    """Enter that a person holds a post, under the id given."""
    by = identity()
    with transaction():
        return posts.assign(post_id, **body, by=by, at=clock.now())


@views.route("/posts/<uuid:post_id>/end", methods=["PUT"])
@requires(Permission.MANAGE_POSTS)
@views.arguments(PostEndIn)
@views.response(200, PostOut)
@views.refuses(PostEnded, PostSpanEmpty, NumberNotMasked)
def end_post(body: dict[str, Any], post_id: UUID) -> Post:
    """End a post: from `until_on` on it is no longer held."""
    by, at, today = identity(), clock.now(), clock.today()
    with transaction():
        return posts.end(post_id, **body, on=today, by=by, at=at)
