"""Laws that another system hands in, kept by its organisation (法规报送)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from question_bank.models import Law
from question_bank.services import laws
from question_bank.services.laws import ArticleDraft, LawDraft
from server.exchange.models import ExchangeAgreement
from server.exchange.services.asking import identity_of
from server.policy import Role


@dataclass(frozen=True, kw_only=True)
class Article:
    """An article that is handed in, under the id its sender gave it."""

    article_id: UUID
    draft: ArticleDraft


def take_in(
    agreement: ExchangeAgreement,
    law_id: UUID,
    draft: LawDraft,
    articles: Sequence[Article],
    *,
    at: datetime,
) -> Law:
    """Enter a law with its articles, or correct the entry; what is there already stays.

    A law of the whole country is kept by nobody else: what comes from another system is kept by
    the organisation that answers for it.

    Raises:
        IdTaken: law, code or article belong to another entry or another owner.
        EndBeforeBeginning: it would begin after it ended.
    """
    by = identity_of(agreement, Role.REVIEWER)
    owned = replace(draft, owner_id=agreement.organisation_id)
    law = laws.write(law_id, owned, by=by, at=at)
    for each in articles:
        laws.write_article(law_id, each.article_id, each.draft, by=by, at=at)
    return law
