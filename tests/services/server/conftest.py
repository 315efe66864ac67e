"""What tests of the writer may ask for: a table of words, and who writes into it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from server.app import engine_of
from server.group_commit import GroupCommit


@pytest.fixture
def engine(app: Flask) -> Iterator[Engine]:
    """The engine of a database with a table of words, each of which may be said once."""
    engine = engine_of(app)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS word (said TEXT NOT NULL UNIQUE)"))
        connection.execute(text("DELETE FROM word"))
    yield engine
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE word"))


@pytest.fixture
def writer(engine: Engine) -> Iterator[GroupCommit]:
    """A writer of the test's own."""
    writer = GroupCommit(engine)
    yield writer
    writer.stop()
