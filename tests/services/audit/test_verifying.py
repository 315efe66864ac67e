"""Whoever changes the audit behind anyone's back is found out."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, text

from server.audit import chain
from server.audit import services as audit
from server.audit.chain import Fault
from server.audit.models import AuditHead
from server.db import db, transaction
from tests.factories.audit import append, three_entries


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize(
    ("tampering", "sequence", "fault"),
    [
        (
            "UPDATE audit_entry SET action = 'role_revoked' WHERE sequence = 2",
            2,
            Fault.CHANGED,
        ),
        ("UPDATE audit_entry SET reason = '' WHERE sequence = 1", 1, Fault.CHANGED),
        ("""UPDATE audit_entry SET after = '{"number": 9}' WHERE sequence = 3""", 3, Fault.CHANGED),
        ("UPDATE audit_entry SET hash = 'x' WHERE sequence = 3", 3, Fault.CHANGED),
        ("DELETE FROM audit_entry WHERE sequence = 1", 1, Fault.MISSING),
        ("DELETE FROM audit_entry WHERE sequence = 2", 2, Fault.MISSING),
        ("DELETE FROM audit_entry WHERE sequence = 3", 3, Fault.MISSING),
        ("DELETE FROM audit_entry", 1, Fault.MISSING),
        ("UPDATE audit_entry SET sequence = -1 WHERE sequence = 1", -1, Fault.CHANGED),
        ("UPDATE audit_entry SET sequence = 4 WHERE sequence = 2", 2, Fault.MISSING),
        ("UPDATE audit_head SET sequence = 2", 3, Fault.BEYOND_HEAD),
        ("UPDATE audit_head SET hash = 'x'", 3, Fault.BEYOND_HEAD),
        ("DELETE FROM audit_head", 1, Fault.BEYOND_HEAD),
    ],
)
def test_tampering_behind_anyones_back_is_found_and_named(
    tampering: str, sequence: int, fault: Fault
):
    three_entries()
    with db.engine.begin() as connection:
        connection.execute(text(tampering))

    found = audit.verify().broken

    assert found == chain.Break(sequence=sequence, fault=fault)


@pytest.mark.usefixtures("inside")
def test_two_entries_that_changed_places_are_found():
    three_entries()
    swap = (
        "UPDATE audit_entry SET sequence = 99 WHERE sequence = 1",
        "UPDATE audit_entry SET sequence = 1 WHERE sequence = 2",
        "UPDATE audit_entry SET sequence = 2 WHERE sequence = 99",
    )
    with db.engine.begin() as connection:
        for statement in swap:
            connection.execute(text(statement))

    assert audit.verify().broken == chain.Break(sequence=1, fault=Fault.CHANGED)


@pytest.mark.usefixtures("inside")
def test_an_entry_put_in_behind_the_end_is_found_and_cannot_be_continued():
    three_entries()
    with db.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO audit_entry (sequence, previous_hash, hash, at, action, subject_kind,"
                " subject_id) SELECT 4, hash, 'x', at, action, subject_kind, subject_id"
                " FROM audit_entry WHERE sequence = 3"
            )
        )

    assert audit.verify().broken == chain.Break(sequence=4, fault=Fault.BEYOND_HEAD)


@pytest.mark.usefixtures("inside")
def test_a_chain_written_anew_shows_against_what_somebody_kept():
    three_entries()
    kept = audit.head()
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_entry"))
        connection.execute(delete(AuditHead))
    for number in (1, 2, 4):
        with transaction():
            append(number)

    assert audit.verify().broken is None
    assert audit.verify({kept.sequence: kept.hash}).broken == chain.Break(
        sequence=3, fault=Fault.NOT_AS_ANCHORED
    )


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("column", ["at", "after", "account_id", "subject_id"])
def test_an_entry_turned_into_rubbish_is_found_and_named(column: str, number: int):
    if db.engine.dialect.name == "postgresql":
        pytest.skip("PostgreSQL refuses rubbish in typed columns by itself")
    three_entries()
    statement = f"UPDATE audit_entry SET {column} = '{{' WHERE sequence = {number}"  # noqa: S608  # both from the lists above
    with db.engine.begin() as connection:
        connection.execute(text(statement))

    found = audit.verify()

    assert found.entries == number - 1
    assert found.broken == chain.Break(sequence=number, fault=Fault.CHANGED)
