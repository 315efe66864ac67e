"""Addresses of people (人员接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from server import clock
from server.access import identity, requires
from server.audit.errors import NumberNotMasked
from server.db import transaction
from server.errors import TooLarge, WrongMediaType
from server.http import Part
from server.paging import Page
from server.people import photos as photo_rules
from server.people.drafts import PersonDraft
from server.people.errors import (
    BirthDateImpossible,
    CheckDigitWrong,
    DocumentDisagrees,
    DocumentNumberWrong,
    DocumentTaken,
    PhotoRefused,
)
from server.people.models import Person, Photo
from server.people.schemas.people import (
    DocumentSearchIn,
    DocumentSearchOut,
    ExtentOut,
    PersonIn,
    PersonOut,
    PersonQuery,
    PhotoOut,
)
from server.people.services import extent, people, photos
from server.people.services.extent import Extent
from server.people.views.uploads import PHOTOS, body_of, takes
from server.policy import Permission

views = Part("people", "People and their documents 人员")


@views.route("/people")
@requires(Permission.SEE_PEOPLE)
@views.arguments(PersonQuery, location="query")
@views.page(PersonOut)
def list_people(query: dict[str, Any]) -> Page:
    """List the people one may see, by name."""
    return people.listed(identity().scope(Permission.SEE_PEOPLE), **query)


@views.route("/organisations/<uuid:organisation_id>/extent")
@requires(Permission.MANAGE_ORGANISATIONS)
@views.response(200, ExtentOut)
def show_extent(organisation_id: UUID) -> Extent:
    """Say what lies at an organisation and beneath it today: what moving it takes along."""
    scope = identity().scope(Permission.MANAGE_ORGANISATIONS)
    return extent.of(organisation_id, scope=scope, on=clock.today())


@views.route("/people/<uuid:person_id>")
@requires(Permission.SEE_PEOPLE)
@views.response(200, PersonOut)
def show_person(person_id: UUID) -> Person:
    """Show a person, the document number masked."""
    return people.get(person_id, scope=identity().scope(Permission.SEE_PEOPLE))


@views.route("/people/<uuid:person_id>", methods=["PUT"])
@requires(Permission.MANAGE_PEOPLE)
@views.arguments(PersonIn)
@views.response(200, PersonOut)
@views.refuses(DocumentNumberWrong, CheckDigitWrong, BirthDateImpossible, DocumentDisagrees)
@views.refuses(DocumentTaken, NumberNotMasked)
def register_person(body: dict[str, PersonDraft], person_id: UUID) -> Person:
    """Register a person under the id given, or correct what is registered."""
    by = identity()
    with transaction():
        return people.register(person_id, body["draft"], by=by, at=clock.now())


@views.route("/people/document-searches", methods=["POST"])
@requires(Permission.SEE_PEOPLE)
@views.arguments(DocumentSearchIn)
@views.response(200, DocumentSearchOut)
def search_by_document(body: dict[str, Any]) -> dict[str, list[Person]]:
    """Find who holds a document. It is no GET, so that no number stands in an address."""
    scope = identity().scope(Permission.SEE_PEOPLE)
    kind, number = body["document_type"], body["document_number"]
    return {"items": people.search(kind, number, name=body["name"], scope=scope)}


@views.route("/people/<uuid:person_id>/photo", methods=["PUT"])
@requires(Permission.MANAGE_PEOPLE)
@takes(views, *PHOTOS)
@views.response(200, PhotoOut)
@views.refuses(PhotoRefused, TooLarge, WrongMediaType)
def keep_photo(person_id: UUID) -> Photo:
    """Keep a photo as the person's; the body is the file."""
    by, content = identity(), body_of(PHOTOS, limit=photo_rules.LARGEST)
    with transaction():
        return photos.keep(person_id, content, by=by, at=clock.now())


@views.route("/people/<uuid:person_id>/photo")
@requires(Permission.SEE_PEOPLE)
@views.response(200, {"type": "string", "format": "binary"}, content_type="image/*")
def show_photo(person_id: UUID) -> Response:
    """Show the person's photo."""
    photo = photos.of(person_id, scope=identity().scope(Permission.SEE_PEOPLE))
    response = Response(photo.content, content_type=photo.media_type)
    response.set_etag(photo.hash)
    response.cache_control.private = True
    response.cache_control.no_cache = True
    return response
