"""Migrations go up, down and up again, and end where the models are; on either database."""

from __future__ import annotations

import re
from collections.abc import Iterator

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from flask import Flask
from sqlalchemy import func, inspect, select

import wsgi
from server import clock
from server.app import MIGRATIONS, engine_of
from server.config import Config
from server.db import Base, db, is_of_models, transaction
from server.demonstration import Demonstration
from tests.databases import Database


@pytest.fixture
def unmigrated(config: Config, _database: Database) -> Iterator[Flask]:
    """Return the application on a database without a single table."""
    app = wsgi.create_app(config.replaced(database_url=_database.another("unmigrated")))
    with app.app_context():
        yield app
    engine_of(app).dispose()


@pytest.fixture(scope="module")
def scripts() -> list[Script]:
    """Return the migrations, the first one first."""
    return list(reversed(list(ScriptDirectory(str(MIGRATIONS)).walk_revisions())))


def test_after_all_migrations_the_database_is_what_the_models_say(unmigrated: Flask) -> None:
    flask_migrate.upgrade(directory=str(MIGRATIONS))

    assert differences(unmigrated) == []


def test_every_migration_can_be_undone_and_done_again(
    unmigrated: Flask, scripts: list[Script]
) -> None:
    for script in scripts:
        flask_migrate.upgrade(directory=str(MIGRATIONS), revision=script.revision)
        flask_migrate.downgrade(directory=str(MIGRATIONS))
        flask_migrate.upgrade(directory=str(MIGRATIONS), revision=script.revision)
    assert differences(unmigrated) == []

    flask_migrate.downgrade(directory=str(MIGRATIONS), revision="base")

    assert set(inspect(engine_of(unmigrated)).get_table_names()) <= {"alembic_version"}


def test_a_database_with_content_keeps_it_down_and_up_again(unmigrated: Flask) -> None:
    flask_migrate.upgrade(directory=str(MIGRATIONS))
    for load in unmigrated.extensions["parts"].reference:
        load()
    play = Demonstration(at=clock.now(), say=lambda _line: None)
    with transaction():
        for act in unmigrated.extensions["parts"].demonstration:
            act(play)
    before = counts()

    flask_migrate.downgrade(directory=str(MIGRATIONS), revision="0005_attempt_protocol")
    flask_migrate.upgrade(directory=str(MIGRATIONS))

    after = counts()
    assert before["exam"] > 0
    assert before["certificate"] > 0
    assert before["awaited_signature"] == after["awaited_signature"] > 0
    assert {table: after[table] for table in FIRST} == {table: before[table] for table in FIRST}


#: Tables that stood before, and are remade by later migrations.
FIRST = ("person", "question_version", "exam", "paper_specification", "enrolment", "certificate")


def counts() -> dict[str, int]:
    """Return the number of rows of each table."""
    tables = Base.metadata.tables
    found = {
        name: db.session.execute(select(func.count()).select_from(table)).scalar_one()
        for name, table in tables.items()
    }
    db.session.rollback()
    return found


def test_migrations_are_numbered_in_their_order(scripts: list[Script]) -> None:
    numbers = [int(script.revision[:4]) for script in scripts]

    assert scripts, "there is no migration at all"
    assert numbers == list(range(1, len(scripts) + 1))


def test_a_migration_is_named_after_what_it_does(scripts: list[Script]) -> None:
    for script in scripts:
        assert re.fullmatch(r"\d{4}_[a-z]+(_[a-z0-9]+)*", script.revision)
        assert script.path.endswith(f"/{script.revision}.py"), "file and revision differ"
        assert script.doc, f"{script.revision} does not say what it does"


def differences(app: Flask) -> list[object]:
    """Return what an automatic migration would still change."""
    with engine_of(app).connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": is_of_models}
        )
        return list(compare_metadata(context, Base.metadata))
