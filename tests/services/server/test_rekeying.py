"""After an exchange of the encryption key everything opens with the new one alone."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import LargeBinary, select, update

from exams import keys as exam_keys
from exams.models import PaperPackage
from exams.services import packages
from server.db import Base, db
from server.jobs import files, resealing, sealing
from server.jobs.models import Job, JobFile, JobState
from server.messages.models import ChannelKind, MessageChannel
from server.messages.services import channels
from server.people import ciphers
from server.people.models import Person
from server.people.services import numbers
from tests.factories import exams as a
from tests.factories.people import a_person
from tests.moments import NOON

NEW = bytes([9]) * 32

#: Bytes that no encryption key closed, and why, or that are closed by what is listed otherwise.
OPEN_OR_ELSEWHERE = {
    ("person", "document_cipher"): "says itself which key closed it: `rekeys`",
    ("contest_participant", "name_cipher"): "likewise",
    ("certificate", "number_cipher"): "a copy of the person's, which nobody opens",
    ("paper_package", "content"): "closed by the key of the package, which is listed",
    ("photo", "content"): "a portrait, shown to whoever sees the person",
    ("training_file", "content"): "a slide or a film of a lesson",
    ("question_image", "content"): "shown to candidates",
    ("question_import_file", "content"): "questions, no people",
    ("question_print", "bands"): "a print of words, for finding doubles",
    ("response_sheet", "chosen"): "responses, read with every outcome",
    ("response_sheet", "tenths"): "likewise",
    ("exchange_secret", "digest"): "a hash",
    ("signed_in_device", "family_key"): "random, and no content",
    ("contest_round", "seed"): "random, shown afterwards",
    ("status_block", "seed"): "random",
    ("allow_list_edition", "document"): "signed and public",
    ("status_list_edition", "document"): "likewise",
    ("trust_list_edition", "document"): "likewise",
}


def settled(app, **changes):
    """Give the application other encryption keys, as a restart would."""
    config = app.extensions["config"].replaced(**changes)
    for install in (ciphers.install, sealing.install, exam_keys.prepare):
        install(app, config)


@pytest.fixture
def exchanged(app):
    """Exchange the encryption key: `exchanged()`, and leave the old one out: `exchanged(())`."""
    old = app.extensions["config"].encryption_key
    yield lambda retired=(old,): settled(
        app, encryption_key=NEW, encryption_keys_retired=tuple(retired)
    )
    settled(app)


def a_sealed_file(name, content):
    job = Job(id=uuid4(), kind="x", wanted={}, asked_by=uuid4(), asked_at=NOON, state=JobState.DONE)
    kept = files.KeptFile(name=name, media_type="text/plain", content=content)
    job.files.append(files.closed(job.id, kept, is_given=False))
    db.session.add(job)
    db.session.flush()
    return job.id


def a_channel(organisation_id, secret):
    channel_id = uuid4()
    sealed = sealing.current().seal(secret, job_id=channel_id, name=channels.SEALED_AS)
    db.session.add(
        MessageChannel(
            id=channel_id,
            organisation_id=organisation_id,
            kind=ChannelKind.WEBHOOK,
            address="https://example.org",
            secret=sealed,
            opened_at=NOON,
        )
    )
    db.session.flush()
    return channel_id


def test_everything_opens_with_the_new_key_alone(app, writing, exchanged, monkeypatch):
    monkeypatch.setattr(resealing, "ROWS", 2)
    with writing():
        person = a_person()
        person_id, number = person.id, numbers.opened(person)
        jobs = [a_sealed_file("report.txt", bytes([n]) * 9) for n in range(5)]
        channel = a_channel(person.registered_under_id, b"of a webhook")
        exam = a.an_exam()
        papers = list(db.session.execute(select(PaperPackage.paper_id)).scalars())
        if not papers:
            packages.seal_missing(at=NOON)
            papers = list(db.session.execute(select(PaperPackage.paper_id)).scalars())
        assert exam is not None
        assert papers

    exchanged()
    first = app.test_cli_runner().invoke(args=["rekey"])
    again = app.test_cli_runner().invoke(args=["rekey"])
    exchanged(())

    assert first.exit_code == again.exit_code == 0, first.output
    assert "5 files of jobs" in first.output
    assert "1 secrets of channels" in first.output
    assert f"{len(papers)} keys of paper packages" in first.output
    assert {line.partition(" ")[0] for line in again.output.splitlines()} == {"0"}
    with app.app_context():
        assert numbers.opened(db.session.get_one(Person, person_id)) == number
        assert [files.kept(job, "report.txt").content for job in jobs] == [
            bytes([n]) * 9 for n in range(5)
        ]
        assert channels.secret_of(channel) == b"of a webhook"
        with db.engine.connect() as connection:
            assert all(packages.for_start(connection, paper) for paper in papers)


def test_what_somebody_changes_meanwhile_stays_theirs(app, writing, exchanged):
    with writing():
        job_id = a_sealed_file("a.txt", b"before")
    exchanged()
    (of_jobs,) = [one for one in app.extensions["parts"].sealed if one.model is JobFile]

    def change_first(row):
        values = of_jobs.anew(row)
        newer = sealing.current().seal(b"after", job_id=job_id, name="a.txt")
        db.session.execute(update(JobFile).values(sealed=newer))
        return values

    with writing():
        resealing.close_anew(
            resealing.Sealed(what="files", model=JobFile, column=JobFile.sealed, anew=change_first),
            after=None,
        )
    with app.app_context():
        assert files.kept(job_id, "a.txt").content == b"after"


def test_whatever_lies_closed_is_listed(app):
    listed = {(one.model.__tablename__, one.column.key) for one in app.extensions["parts"].sealed}
    bytes_kept = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }

    assert listed <= bytes_kept
    assert listed.isdisjoint(OPEN_OR_ELSEWHERE)
    assert bytes_kept - listed - OPEN_OR_ELSEWHERE.keys() == set()
    assert OPEN_OR_ELSEWHERE.keys() <= bytes_kept
