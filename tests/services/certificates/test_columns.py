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

    told = bulk.read(f"SELECT place, {code_of('words', {name: 7})} FROM said", 2)  # noqa: S608  # what is tested

    assert sorted(told.T.tolist()) == [[0, 7], [1, -1], [2, 0]]


@pytest.mark.usefixtures("inside")
def test_whole_numbers_of_any_size_are_read_and_none_where_there_are_none() -> None:
    numbers = [0, -1, 2**31, -(2**62), 2**62]
    every = " UNION ALL ".join(f"SELECT {one}, {-one}" for one in numbers)

    found = bulk.read(every, 2)

    assert sorted(found.T.tolist()) == sorted([one, -one] for one in numbers)
    assert bulk.read("SELECT 1, 2 WHERE 1 = 0", 2).shape == (2, 0)
