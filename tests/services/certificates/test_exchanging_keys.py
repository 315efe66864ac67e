"""Keys are exchanged while certificates are issued, by one machine of several: none is lost."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from certificates import errors, keys, tokens, trust_lists
from certificates.models import Certificate, Issuer, SigningKey
from certificates.services import publishing, trusting
from certificates.trust import KeyState
from server.app import engine_of
from server.db import db
from tests.factories.certificates import TODAY, a_certificate, an_issuer
from tests.moments import NOON

CODE = "371300"


@pytest.fixture
def ring(app, tmp_path):
    """The keys of one machine: its root, and a key of the issuer's own."""
    kept = app.extensions["certificate_keys"]
    keys.make_root(tmp_path)
    (tmp_path / keys.FILE_NAME).write_text(keys.fresh(), "ascii")
    app.extensions["certificate_keys"] = keys.KeyRing(tmp_path, production=False)
    app.extensions["certificate_keys"].exchange(CODE)
    yield app.extensions["certificate_keys"]
    app.extensions["certificate_keys"] = kept


def issue(writing, issuer_id, number=0):
    """Issue one certificate, each longer than the one before."""
    with writing():
        issuer = db.session.get_one(Issuer, issuer_id)
        a_certificate(issuer=issuer, valid_from=TODAY + timedelta(days=number))


def rotate(app):
    done = app.test_cli_runner().invoke(args=["certificates", "rotate-key", CODE])
    assert done.exit_code == 0, done.output


def unbelieved(app, ring):
    """Return the certificates that a verifier does not believe to their last day."""
    with app.app_context():
        trusted = trust_lists.read(
            publishing.trust_list().document, ring.pinned(), known_seq=0, at=NOON
        )
        found = []
        for certificate in db.session.execute(select(Certificate)).scalars():
            try:
                tokens.read(certificate.token, trusted.trust, on=certificate.valid_until)
            except errors.TokenRefused as refused:
                found.append((certificate.token_kid, type(refused).__name__))
        return found


def test_certificates_that_are_issued_meanwhile_are_believed_to_their_last_day(app, ring, writing):
    with writing():
        issuer_id = an_issuer().id
    issue(writing, issuer_id)  # and what everybody needs besides

    with ThreadPoolExecutor(4) as issuing:
        issued = [issuing.submit(issue, writing, issuer_id, number) for number in range(1, 32)]
        for _ in range(3):
            rotate(app)
        for one in issued:
            one.result()

    assert unbelieved(app, ring) == []
    with app.app_context():
        states = [key.state for key in db.session.query(SigningKey)]
        assert db.session.query(Certificate).count() == 32
    assert sorted(states) == [KeyState.ACTIVE, *[KeyState.RETIRED] * 3]


def test_a_key_that_somebody_else_listed_meanwhile_is_not_exchanged_under_who_signs_with_it(
    app, ring, writing
):
    engine = engine_of(app)
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time: nobody lists a key meanwhile")
    with writing():
        issuer_id = an_issuer().id
    ring.exchange(CODE)  # a key that nobody has listed yet

    def list_it():
        with writing():
            trusting.list_key_of(db.session.get_one(Issuer, issuer_id), on=TODAY)

    asked: list[str] = []

    def list_meanwhile(connection, cursor, statement, *_):
        if statement.startswith("SELECT signing_key") and not asked:
            asked.append(statement)
            other.submit(list_it).result()

    with ThreadPoolExecutor(1) as other, writing():
        issuer = db.session.get_one(Issuer, issuer_id)
        event.listen(engine, "after_cursor_execute", list_meanwhile)
        signer, state = trusting.signer_of(issuer, on=TODAY)
        event.remove(engine, "after_cursor_execute", list_meanwhile)

        listed = select(SigningKey.kid).where(SigningKey.kid == signer.kid.hex())
        with engine.connect() as exchanging:
            assert len(exchanging.execute(listed).all()) == 1
            assert exchanging.execute(listed.with_for_update(skip_locked=True)).all() == []
    assert (signer.kid, state) == (ring.of(CODE).kid, KeyState.ACTIVE)


def test_a_machine_to_which_the_new_key_has_not_come_signs_on_but_not_with_one_in_wrong_hands(
    app, ring, writing, tmp_path
):
    with writing():
        issuer_id = an_issuer().id
    issue(writing, issuer_id)
    other = keys.KeyRing(tmp_path / "other", production=False)
    shutil.copytree(tmp_path / "keys", other.folder / "keys")
    old = other.of(CODE).kid.hex()
    rotate(app)

    app.extensions["certificate_keys"] = other
    issue(writing, issuer_id, 400)
    app.extensions["certificate_keys"] = ring
    with app.app_context():
        publishing.republish_trust_list(at=NOON + timedelta(minutes=1))
        db.session.commit()
    assert unbelieved(app, ring) == []

    done = app.test_cli_runner().invoke(args=["certificates", "declare-compromised", CODE, old])
    assert done.exit_code == 0, done.output
    app.extensions["certificate_keys"] = other
    with pytest.raises(errors.KeyCompromised):
        issue(writing, issuer_id, 401)
