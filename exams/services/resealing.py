"""What exams keep closed by the platform's encryption key, closed anew after it was exchanged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from exams import keys
from exams.models import PaperPackage
from exams.models.practicals import PracticalExhibit
from exams.services import exhibits
from server.jobs.resealing import Sealed


def _of_package(row: Row[Any]) -> Mapping[str, Any] | None:
    closed = keys.Closed(key_id=row.key_id, cipher=row.key_cipher)
    fresh = keys.current().anew(closed, paper_id=row.paper_id)
    return None if fresh is None else {"key_id": fresh.key_id, "key_cipher": fresh.cipher}


def _of_exhibit(row: Row[Any]) -> Mapping[str, Any] | None:
    bound = exhibits.bound(row.practical_id, row.hash)
    fresh = keys.current().anew_file(row.sealed, bound=bound)
    return None if fresh is None else {"sealed": fresh}


SEALED: tuple[Sealed, ...] = (
    Sealed(
        what="keys of paper packages",
        model=PaperPackage,
        column=PaperPackage.key_cipher,
        beside=(PaperPackage.key_id, PaperPackage.paper_id),
        anew=_of_package,
    ),
    Sealed(
        what="photos and signatures of practicals",
        model=PracticalExhibit,
        column=PracticalExhibit.sealed,
        anew=_of_exhibit,
    ),
)
