"""The schema is not changed under candidates who answer, nor without a copy to go back to."""

from datetime import timedelta

import click
import pytest
from sqlalchemy import text

from exams.services.gauges import going_on
from server import serving, upgrading
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
