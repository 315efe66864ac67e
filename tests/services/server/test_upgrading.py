"""The schema is not changed under candidates who answer, nor without a copy to go back to."""

from datetime import timedelta

import click
import pytest
from sqlalchemy import text

from exams.services.gauges import going_on
from server import expansion, serving, upgrading
from server.config import Mode
from server.db import db, transaction
from tests.factories import exams as a
from tests.moments import NOON


@pytest.fixture
def before(app):
    """The application on a database of the release before, whose schema happens to be the same."""
    with app.app_context():
        with transaction():
            db.session.execute(text("UPDATE alembic_version SET version_num = '0001_platform'"))
        yield app
        with transaction():
            change = text("UPDATE alembic_version SET version_num = :head")
            db.session.execute(change, {"head": app.extensions["schema_head"]})


def test_nothing_is_migrated_while_a_candidate_answers(before):
    with transaction():
        attempt = a.an_attempt(a.an_exam())
        until = attempt.deadline_at

    with pytest.raises(click.ClickException, match=r"1 人正在作答.*MIGRATE_DURING_EXAMS"):
        serving.prepare(before)

    assert going_on(until) is None


def test_an_embedded_database_is_copied_and_another_needs_a_backup(app, config, tmp_path):
    said: list[str] = []
    with app.app_context():
        settings = config.replaced(mode=Mode.PRODUCTION, data_dir=tmp_path, backup_recipients=())
        if config.on_sqlite:
            upgrading.back_up(settings, "0001", said.append, at=NOON)
            (copy,) = tmp_path.glob("before-0001-*.db")
            assert copy.stat().st_size
            assert copy.stat().st_mode & 0o077 == 0
        else:
            with pytest.raises(click.ClickException, match="BACKUP_RECIPIENTS"):
                upgrading.back_up(settings, "0001", said.append, at=NOON)
    assert len(said) == 1


def test_who_holds_back_is_asked_in_turn():
    at = NOON + timedelta(hours=1)
    upgrading.check_rest([lambda _at: None], at=at)
    holds = [lambda _at: None, lambda moment: f"an exam until {moment:%H}"]
    with pytest.raises(click.ClickException, match=f"an exam until {at:%H}"):
        upgrading.check_rest(holds, at=at)


@pytest.mark.parametrize(
    ("oldest", "is_served"), [("0001_platform", True), ("9998_taken_away", False), (None, False)]
)
def test_the_release_before_serves_what_the_next_one_added(app, client, oldest, is_served):
    head = app.extensions["schema_head"]
    with app.app_context():
        with transaction():
            stand_at("9999_the_next", oldest)
        try:
            assert client.get("/readyz").status_code == (200 if is_served else 503)
            if is_served:
                assert serving.check_database() == "9999_the_next"
                serving.prepare(app)  # migrates nothing
            else:
                with pytest.raises(click.ClickException, match="newer than this code"):
                    serving.check_database()
            with db.engine.connect() as connection:
                assert not expansion.serves(connection, "0001_platform", head)
        finally:
            db.session.rollback()
            with transaction():
                stand_at(head, "0048_record_stores")


def stand_at(revision: str, oldest: str | None) -> None:
    """Let the database stand at a schema, with a floor below which no code may be."""
    db.session.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
    db.session.execute(text("DELETE FROM schema_floor"))
    if oldest is not None:
        add = text("INSERT INTO schema_floor (id, oldest) VALUES (1, :oldest)")
        db.session.execute(add, {"oldest": oldest})
