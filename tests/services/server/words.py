"""The table of words that the writer's tests write into."""

from __future__ import annotations

from sqlalchemy import Engine, text


def stored(engine: Engine) -> list[str]:
    """Return the words that are in the database."""
    with engine.connect() as connection:
        return sorted(connection.execute(text("SELECT said FROM word")).scalars())
