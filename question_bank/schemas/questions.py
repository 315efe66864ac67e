"""What goes in and out of the question bank (题库的数据格式).

What must not leave has no schema to leave by: `QuestionForCandidate` has no place for a key, an
explanation or a difficulty.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from question_bank.content import Content
from question_bank.importing.given import LONGEST_CELL
from question_bank.kinds import LABELS, TRUE_FALSE_OPTIONS, Kind
from question_bank.lifecycle import State
from question_bank.markup import Markup
from question_bank.schemas.shown import QuestionOptionOut, shown_html, source_of_markup
from question_bank.tags import Tag
from server.paging import PageQuery
from server.people.roster import PostRole

#: A code of the catalogue of operation items: “1.2”.
OPERATION_ITEM = validate.Regexp(r"^[0-9]{1,2}\.[0-9]{1,2}\Z")

_Label = validate.OneOf(list(LABELS))


class QuestionBankIn(Schema):
    """A bank to open or rename."""

    name = fields.String(required=True, validate=validate.Length(1, 200))
    owner_id = fields.UUID(
        required=True, metadata={"description": "The organisation that answers for it."}
    )


class QuestionBankQuery(PageQuery):
    """Which banks."""

    name = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={"description": "A part of the name."},
    )
    owner_id = fields.UUID(
        load_default=None, metadata={"description": "Of this organisation or one beneath it."}
    )


class QuestionBankOut(Schema):
    """A question bank."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    owner_id = fields.UUID(required=True)
    owner_name = fields.String(required=True, attribute="owner.name")
    created_at = fields.AwareDateTime(required=True)


class HoldingOut(Schema):
    """The questions of one kind, topic and state in a bank."""

    kind = fields.Enum(Kind, by_value=True, required=True)
    topic = fields.String(required=True, allow_none=True)
    state = fields.Enum(State, by_value=True, required=True)
    question_count = fields.Integer(required=True)
    exam_count = fields.Integer(
        required=True, metadata={"description": "Of these, how many papers may draw."}
    )
    practice_count = fields.Integer(
        required=True, metadata={"description": "Of these, how many learners may practise."}
    )


class HoldingsOut(Schema):
    """What a bank holds."""

    items = fields.List(fields.Nested(HoldingOut), required=True)


class QuestionTagOut(Schema):
    """Whom a question serves."""

    role = fields.Enum(PostRole, by_value=True, required=True)
    operation_item = fields.Function(
        lambda tag: tag.operation_item or None,
        metadata={"type": ["string", "null"], "description": "Null: every item of the role."},
    )


class QuestionTagIn(Schema):
    """A role, and one operation item or every item of it."""

    role = fields.Enum(PostRole, by_value=True, required=True)
    operation_item = fields.String(load_default=None, allow_none=True, validate=OPERATION_ITEM)

    @post_load
    def as_tag(self, values: dict[str, Any], **_: Any) -> Tag:
        """Hand on what the services ask for."""
        return Tag(**values)


class ContentIn(Schema):
    """What a question is to say."""

    kind = fields.Enum(Kind, by_value=True, required=True)
    format = fields.String(
        load_default="plain",
        validate=validate.OneOf(["plain", "html"]),
        metadata={
            "description": "How stem, options and explanation are written. Of `html` the tags b, "
            "strong, i, em, u, sub, sup, br, p and img (`src` is `image:` and the hash of an image "
            "that was sent) are kept; `\\(…\\)` is a formula in LaTeX."
        },
    )
    stem = fields.String(required=True, validate=validate.Length(1, LONGEST_CELL))
    options = fields.List(
        fields.String(validate=validate.Length(1, LONGEST_CELL)),
        load_default=list,
        validate=validate.Length(max=len(LABELS)),
        metadata={
            "description": "Texts in order; their labels are A, B, C, …. Left out for true_false."
        },
    )
    key = fields.List(
        fields.String(validate=_Label),
        required=True,
        validate=validate.Length(1, len(LABELS)),
        metadata={"description": "Labels of the right options; true_false: A is 正确, B is 错误."},
    )
    explanation = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(max=LONGEST_CELL)
    )
    topic = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 200))
    difficulty = fields.Decimal(
        load_default=None,
        allow_none=True,
        as_string=True,
        places=None,
        validate=validate.Range(Decimal(0), Decimal(1)),
        metadata={"description": "Share of candidates expected to respond rightly, 0 to 1."},
    )
    law_citation = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(max=500)
    )


class QuestionVersionIn(ContentIn):
    """What the next version of a question is to say."""

    @post_load
    def as_content(self, values: dict[str, Any], **_: Any) -> dict[str, Content]:
        """Hand the view what the service asks for."""
        return {"content": _content(values)}


class QuestionIn(ContentIn):
    """A question to write."""

    bank_id = fields.UUID(required=True)
    serves = fields.List(
        fields.Nested(QuestionTagIn), required=True, validate=validate.Length(1, 50)
    )
    for_practice = fields.Boolean(load_default=True)
    for_exams = fields.Boolean(load_default=True)

    @post_load
    def as_question(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Hand the view what the service asks for."""
        return {
            "bank_id": values.pop("bank_id"),
            "tags": values.pop("serves"),
            "for_practice": values.pop("for_practice"),
            "for_exams": values.pop("for_exams"),
            "content": _content(values),
        }


class QuestionPlaceIn(Schema):
    """Whom a question is to serve, and in which pools it is to be."""

    tags = fields.List(
        fields.Nested(QuestionTagIn),
        required=True,
        data_key="serves",
        validate=validate.Length(1, 50),
    )
    for_practice = fields.Boolean(required=True)
    for_exams = fields.Boolean(required=True)


class QuestionForCandidate(Schema):
    """A question as a learner or candidate sees it: no key, no explanation, no hint."""

    question_id = fields.UUID(required=True)
    version_id = fields.UUID(required=True)
    kind = fields.Enum(Kind, by_value=True, required=True)
    topic = fields.String(required=True, allow_none=True)
    stem = fields.String(required=True)
    stem_html = shown_html("stem_html")
    options = fields.List(fields.Nested(QuestionOptionOut), required=True)


class VersionForAuthor(Schema):
    """A version with its key, for authors and reviewers."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    kind = fields.Enum(Kind, by_value=True, required=True)
    stem = fields.String(required=True)
    stem_html = shown_html("stem_html")
    options = fields.List(fields.Nested(QuestionOptionOut), required=True)
    key = fields.List(fields.String(), required=True)
    explanation = fields.String(required=True, allow_none=True)
    explanation_html = shown_html("explanation_html")
    source = source_of_markup()
    topic = fields.String(required=True, allow_none=True)
    difficulty = fields.String(required=True, allow_none=True)
    law_citation = fields.String(required=True, allow_none=True)
    keeps_order = fields.Boolean(
        required=True, metadata={"description": "Options speak of each other: never shuffled."}
    )
    author_id = fields.UUID(required=True)
    written_at = fields.AwareDateTime(required=True)
    reviewer_id = fields.UUID(required=True, allow_none=True)
    published_at = fields.AwareDateTime(required=True, allow_none=True)
    withdrawn_at = fields.AwareDateTime(required=True, allow_none=True)


class QuestionForAuthor(Schema):
    """A question with its newest version, for authors and reviewers."""

    id = fields.UUID(required=True)
    bank_id = fields.UUID(required=True)
    state = fields.Enum(State, by_value=True, required=True)
    for_practice = fields.Boolean(required=True)
    for_exams = fields.Boolean(required=True)
    serves = fields.List(fields.Nested(QuestionTagOut), required=True, attribute="tags")
    created_at = fields.AwareDateTime(required=True)
    version = fields.Nested(VersionForAuthor, required=True, attribute="newest_version")


class QuestionVersionsOut(Schema):
    """Every version of a question, the oldest first."""

    versions = fields.List(fields.Nested(VersionForAuthor), required=True)


class QuestionSelectionIn(Schema):
    """Which questions a bulk move is for."""

    question_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, 5000))


class QuestionRefusedOut(Schema):
    """A question that a bulk move left where it was, and why."""

    question_id = fields.UUID(required=True)
    code = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class QuestionsMovedOut(Schema):
    """What a bulk move did."""

    moved_count = fields.Integer(required=True)
    unchanged_count = fields.Integer(required=True, metadata={"description": "Were there already."})
    refused = fields.List(fields.Nested(QuestionRefusedOut), required=True)


def _content(values: dict[str, Any]) -> Content:
    dressed = values.pop("format") == "html"
    options, explanation = tuple(values["options"]), values["explanation"]
    if dressed and values["kind"] is Kind.TRUE_FALSE and not options:
        options = TRUE_FALSE_OPTIONS
    markup = Markup(stem=values["stem"], options=options, explanation=explanation)
    values |= {"options": options, "key": tuple(values["key"])}
    return Content(**values, markup=markup if dressed else None)
