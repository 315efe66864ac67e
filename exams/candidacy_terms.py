"""What a sitting asks beyond the exam standard, by role and day, and which article asks it.

Rows of `candidacy_terms.json` hold from their first day until another for the same roles begins;
a row without roles holds for all that have none of their own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

#: Working days within which an application is decided (原国家安全监管总局令第30号 art. 17); who is
#: told nothing until then is admitted.
DAYS_TO_DECIDE = 5

#: Where a reason rests on nothing more particular.
_PLATFORM = "本平台报名规则（docs/sittings.md）"


@dataclass(frozen=True, kw_only=True)
class CandidacyTerms:
    """What counts for one role from one day on."""

    from_on: date
    #: Months for which a declaration of health stands; None where none is asked for.
    health_months: int | None
    #: Whether a certificate of vocational skill stands for the hours of training.
    waiver: bool
    articles: Mapping[str, str]

    def article(self, hindrance: str) -> str:
        """Return the article that a hindrance rests on."""
        return self.articles.get(hindrance, _PLATFORM)


def terms_for(role: str, *, on: date) -> CandidacyTerms:
    """Return what counts for a role on a day."""
    rows = [row for row in _rows() if date.fromisoformat(row["from_on"]) <= on]
    own = [row for row in rows if role in row["roles"]]
    every = own or [row for row in rows if not row["roles"]] or list(_rows()[-1:])
    row = max(every, key=lambda one: str(one["from_on"]))
    return CandidacyTerms(
        from_on=date.fromisoformat(row["from_on"]),
        health_months=row["health_months"],
        waiver=row["waiver"],
        articles=row["articles"],
    )


@cache
def _rows() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(files("exams").joinpath("candidacy_terms.json").read_text("utf-8")))
