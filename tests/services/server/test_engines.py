"""Every connection to SQLite keeps what it acknowledges, and tidies up as seldom as it may."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from server.app import engine_of
from server.connections import writer_of


@pytest.mark.parametrize("of", [engine_of, lambda app: writer_of(engine_of(app))])
def test_connections_to_sqlite_are_prepared(app, of):
    engine: Engine = of(app)
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL is prepared by its own settings: see test_refused_starts")
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
        "wal_autocheckpoint": 4_000,
        "cache_size": -16_384,
        "mmap_size": 2**31 - 2**16,
    }

    with engine.connect() as connection:
        found = {name: connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in wanted}

    assert found == wanted
