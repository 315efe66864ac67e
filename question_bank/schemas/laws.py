"""What goes in and out of the law library (法规库的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from question_bank.models import LawKind, Origin
from question_bank.schemas.questions import VersionForAuthor
from question_bank.services.laws import ArticleDraft, End, LawDraft
from question_bank.services.resting import Tie
from server.paging import PageQuery

_LONG = validate.Length(1, 4000)
_SHORT = validate.Length(1, 300)
_LAST_DAY = {"description": "The last day on which it counts; null while nobody has ended it."}


class LawIn(Schema):
    """A law to enter, or an entry to correct."""

    code = fields.String(
        required=True,
        validate=validate.Regexp(r"^[a-z][a-z0-9_]{1,99}\Z"),
        metadata={"description": "A name for programs, one for each edition."},
    )
    kind = fields.Enum(LawKind, by_value=True, required=True)
    title = fields.String(required=True, validate=_SHORT)
    number = fields.String(
        load_default="",
        validate=validate.Length(max=300),
        metadata={"description": "Number of the order: 应急管理部令第19号."},
    )
    issuer = fields.String(required=True, validate=_SHORT)
    owner_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "Who keeps the entry; null for what holds in the whole country."},
    )
    summary = fields.String(load_default=None, allow_none=True, validate=_LONG)
    valid_from = fields.Date(load_default=None, allow_none=True)
    source = fields.String(required=True, validate=_SHORT)

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> dict[str, LawDraft]:
        """Hand on what the service asks for."""
        return {"draft": LawDraft(**values)}


class LawArticleIn(Schema):
    """An article to enter, in one wording."""

    ordinal = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(0, 999),
        metadata={"description": "Its number; 0 where the sources name none."},
    )
    subject = fields.String(required=True, validate=_SHORT)
    text = fields.String(required=True, validate=_LONG)
    verbatim = fields.Boolean(
        required=True, metadata={"description": "Whether it is the official wording."}
    )
    valid_from = fields.Date(load_default=None, allow_none=True)
    source = fields.String(required=True, validate=_SHORT)

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> dict[str, ArticleDraft]:
        """Hand on what the service asks for."""
        return {"draft": ArticleDraft(**values)}


class LawEndIn(Schema):
    """When a law or an article ended, and what took its place."""

    valid_until = fields.Date(required=True, metadata={"description": "The last day it counts."})
    replaced_by_id = fields.UUID(load_default=None, allow_none=True)
    reason = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 1000),
        metadata={"description": "On what it rests that it ended; kept in the audit."},
    )

    @post_load
    def as_end(self, values: dict[str, Any], **_: Any) -> dict[str, End]:
        """Hand on what the service asks for."""
        return {"ending": End(**values)}


class LawOut(Schema):
    """A law, in one edition."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    kind = fields.Enum(LawKind, by_value=True, required=True)
    title = fields.String(required=True)
    number = fields.String(required=True)
    issuer = fields.String(required=True)
    owner_id = fields.UUID(required=True, allow_none=True)
    summary = fields.String(required=True, allow_none=True)
    valid_from = fields.Date(required=True, allow_none=True)
    valid_until = fields.Date(required=True, allow_none=True, metadata=_LAST_DAY)
    replaced_by_id = fields.UUID(required=True, allow_none=True)
    source = fields.String(required=True)


class LawArticleOut(Schema):
    """An article of a law, in one wording."""

    id = fields.UUID(required=True)
    law_id = fields.UUID(required=True)
    ordinal = fields.Integer(required=True)
    subject = fields.String(required=True)
    text = fields.String(required=True)
    verbatim = fields.Boolean(required=True)
    valid_from = fields.Date(required=True, allow_none=True)
    valid_until = fields.Date(required=True, allow_none=True, metadata=_LAST_DAY)
    replaced_by_id = fields.UUID(required=True, allow_none=True)
    source = fields.String(required=True)


class LawArticlesOut(Schema):
    """The articles of a law, in their order."""

    articles = fields.List(fields.Nested(LawArticleOut), required=True)


class LawReachOut(Schema):
    """How many questions rest on a law: what its end would mark."""

    question_count = fields.Integer(
        required=True, metadata={"description": "Questions whose newest version rests on it."}
    )
    published_count = fields.Integer(
        required=True, metadata={"description": "Of them, those that may be asked today."}
    )


class LawReachQuery(Schema):
    """Of the whole law, or of one article."""

    article_id = fields.UUID(load_default=None)


class LawQuery(PageQuery):
    """Which laws to list."""

    text = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={"description": "A part of title, number or issuer."},
    )
    kind = fields.Enum(LawKind, by_value=True, load_default=None)
    in_force_on = fields.Date(load_default=None)


class LawGroundOut(Schema):
    """One thing that a version rests on."""

    law_id = fields.UUID(required=True, attribute="reliance.law_id")
    law_code = fields.String(required=True, attribute="reliance.law.code")
    title = fields.String(required=True, attribute="reliance.law.title")
    number = fields.String(required=True, attribute="reliance.law.number")
    replaced_by_id = fields.UUID(
        required=True, allow_none=True, attribute="reliance.law.replaced_by_id"
    )
    article = fields.Nested(
        LawArticleOut, required=True, allow_none=True, attribute="reliance.article"
    )
    origin = fields.Enum(Origin, by_value=True, required=True, attribute="reliance.origin")
    note = fields.Function(
        lambda ground: ground.reliance.phrase.note if ground.reliance.phrase else None,
        metadata={"type": ["string", "null"], "description": "What to look at."},
    )
    ended_on = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "Its last day, where that has passed."},
    )


class LawClearanceOut(Schema):
    """A reviewer's finding that a version holds under the law of a day."""

    reviewer_id = fields.UUID(required=True)
    cleared_on = fields.Date(required=True)
    reason = fields.String(required=True)


class RestingOut(Schema):
    """A version, and what it rests on."""

    question_id = fields.UUID(required=True, attribute="version.question_id")
    version = fields.Nested(VersionForAuthor, required=True)
    rests_on_repealed_law = fields.Boolean(
        required=True, metadata={"description": "Drawn into no paper until reviewed again."}
    )
    grounds = fields.List(fields.Nested(LawGroundOut), required=True)
    clearances = fields.List(fields.Nested(LawClearanceOut), required=True)


class RestingQuery(PageQuery):
    """Whose questions on repealed law to list."""

    bank_id = fields.UUID(load_default=None)
    author_id = fields.UUID(load_default=None)
    law_id = fields.UUID(load_default=None)
    on = fields.Date(
        load_default=None, metadata={"description": "The day whose law counts; today if left out."}
    )
    repealed_only = fields.Boolean(
        load_default=True,
        metadata={"description": "False: also what rests on law in force."},
    )


class LawClearanceIn(Schema):
    """Why a question still holds."""

    reason = fields.String(required=True, validate=validate.Length(1, 1000))


class LawTieIn(Schema):
    """A law, or one of its articles."""

    law_id = fields.UUID(required=True)
    article_id = fields.UUID(load_default=None, allow_none=True)

    @post_load
    def as_tie(self, values: dict[str, Any], **_: Any) -> Tie:
        """Hand on what the service asks for."""
        return Tie(**values)


class LawTiesIn(Schema):
    """Everything a question is tied to by hand."""

    ties = fields.List(fields.Nested(LawTieIn), required=True, validate=validate.Length(max=20))
