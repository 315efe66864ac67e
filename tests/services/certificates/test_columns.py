"""Texts that people write are quoted where statements are written by hand."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from certificates.services.counts import bulk
from certificates.services.counts.sayings import code_of
from server.db import db

HOSTILE = [
    "o'clock",
    "' THEN 9 ELSE 9 END; DELETE FROM coverage_number; --",
    "''",
    "\\'",
    "%s %(name)s :name ?",
    "安全",
]


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_text_is_told_by_its_number_whatever_stands_in_it(name: str) -> None:
    texts = [name, "another", None]
    db.session.execute(text("CREATE TEMPORARY TABLE said (place INTEGER, words TEXT)"))
    for place, words in enumerate(texts):
        said = {"place": place, "words": words}
        db.session.execute(text("INSERT INTO said VALUES (:place, :words)"), said)

    told = bulk.read(f"SELECT place, {code_of('words', {name: 7})} FROM said ORDER BY place", 2)  # noqa: S608  # what is tested

    assert told.tolist() == [[0, 1, 2], [7, -1, 0]]
