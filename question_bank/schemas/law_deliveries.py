"""What another system sends of a law (法规报送的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from question_bank.schemas.laws import LawArticleIn, LawIn
from question_bank.services.law_deliveries import Article
from question_bank.services.laws import LawDraft


class DeliveredArticleIn(Schema):
    """An article under the id its sender gave it."""

    article_id = fields.UUID(required=True)
    article = fields.Nested(LawArticleIn, required=True)

    @post_load
    def _article(self, values: dict[str, Any], **_: Any) -> Article:
        return Article(article_id=values["article_id"], draft=values["article"]["draft"])


class DeliveredLawIn(LawIn):
    """A law; it is kept by the organisation of the agreement."""

    class Meta:
        """Left out of what is read."""

        exclude = ("owner_id",)

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> dict[str, LawDraft]:
        """Hand on what the service asks for; whose it is, the service knows."""
        return {"draft": LawDraft(**values, owner_id=None)}


class LawDeliveryIn(Schema):
    """A law with its articles."""

    law_id = fields.UUID(required=True)
    law = fields.Nested(DeliveredLawIn, required=True)
    articles = fields.List(
        fields.Nested(DeliveredArticleIn), load_default=list, validate=validate.Length(0, 500)
    )

    @post_load
    def _delivery(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {
            "law_id": values["law_id"],
            "draft": values["law"]["draft"],
            "articles": values["articles"],
        }
