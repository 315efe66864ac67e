"""Laws and articles, as tests of the question bank need them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from question_bank.models import Law, LawArticle, LawKind
from question_bank.services import laws
from question_bank.services.laws import ArticleDraft, LawDraft
from server.policy import Identity
from tests.moments import NOON


def a_law(keeper: Identity, **changes: Any) -> Law:
    """Enter a law of the whole country."""
    values: dict[str, Any] = {
        "code": f"law_{uuid4().hex}",
        "kind": LawKind.RULE,
        "title": "某某规定",
        "number": "令第1号",
        "issuer": "某部",
        "source": "公报",
        "valid_from": date(2020, 1, 1),
    }
    return laws.write(uuid4(), LawDraft(**{**values, **changes}), by=keeper, at=NOON)


def an_article(keeper: Identity, law: Law, ordinal: int = 5) -> LawArticle:
    """Enter an article of it."""
    draft = ArticleDraft(ordinal=ordinal, subject="某事", text="……", verbatim=True, source="公报")
    return laws.write_article(law.id, uuid4(), draft, by=keeper, at=NOON)
