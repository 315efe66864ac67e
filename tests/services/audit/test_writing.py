"""The audit keeps what was done, in one chain, whatever happens at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from server.audit import chain
from server.audit import services as audit
from server.audit.errors import AuditIsAppendOnly, NumberNotMasked
from server.audit.models import AuditEntry, AuditHead
from server.db import db, transaction
from server.errors import Conflict
from server.scopes import EVERYWHERE, NOWHERE, Scope
from tests.databases import count_statements
from tests.factories.audit import append, entries, in_a_transaction, somebody, three_entries
from tests.moments import NOON


@pytest.mark.usefixtures("inside")
def test_an_entry_says_who_did_what_to_what_when_from_where_and_why():
    with transaction():
        append(before={"number": 0}, by=somebody(EVERYWHERE), reason="asked for")

    (entry,) = entries()

    assert (entry.sequence, entry.previous_hash) == (1, chain.GENESIS)
    assert (entry.account_id, entry.person_id, entry.address) == (
        UUID(int=8),
        UUID(int=9),
        "::1",
    )
    assert entry.at == NOON + timedelta(minutes=1)
    assert entry.before == {"number": 0}
    assert entry.after == {"number": 1, "name": "王", "days": ["2026-06-15"], "share": "0.5"}
    assert entry.reason == "asked for"
    assert audit.verify().broken is None


@pytest.mark.usefixtures("inside")
def test_entries_of_many_transactions_and_of_one_are_one_chain():
    three_entries()
    with transaction():
        for number in range(4, 9):
            append(number)

    found = audit.verify()

    assert (found.entries, found.broken) == (8, None)
    assert audit.head() == chain.Head(sequence=8, hash=entries()[-1].hash)


@pytest.mark.usefixtures("inside")
def test_the_chain_costs_three_statements_however_many_entries_a_transaction_has():
    three_entries()
    with count_statements(db.engine) as sent, transaction():
        for number in range(4, 68):
            append(number)

    assert len(sent) == 3


@pytest.mark.usefixtures("inside")
def test_an_empty_audit_is_whole_and_has_a_head():
    assert audit.verify().entries == 0
    assert audit.verify().broken is None
    assert audit.head() == chain.EMPTY


@pytest.mark.usefixtures("inside")
def test_what_is_rolled_back_leaves_no_entry():
    def appended_in_vain() -> None:
        with transaction():
            append(4)
            raise Conflict

    three_entries()
    with pytest.raises(Conflict):
        appended_in_vain()
    with transaction():
        append(5)

    assert [entry.subject_id.int for entry in entries()] == [1, 2, 3, 5]
    assert audit.verify().broken is None


@pytest.mark.usefixtures("inside")
def test_what_a_savepoint_took_back_leaves_no_entry():
    def appended_in_vain() -> None:
        with db.session.begin_nested():
            append(2)
            with db.session.begin_nested():
                append(3)
            raise Conflict

    with transaction():
        append(1)
        with pytest.raises(Conflict):
            appended_in_vain()
        with db.session.begin_nested():
            append(4)
        append(5)

    assert [entry.subject_id.int for entry in entries()] == [1, 4, 5]
    assert audit.verify().broken is None


@pytest.mark.usefixtures("inside")
def test_entries_can_be_given_their_place_before_the_commit():
    with transaction():
        append(1)
        audit.settle()
        audit.settle()
        assert [entry.sequence for entry in entries()] == [1]
        append(2)

    assert audit.verify().entries == 2


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize(
    "change",
    [
        {"after": {"number": "110105194912310021"}},
        {"before": {"of": [{"number": "11010519491231002X"}]}},
        {"reason": "证件号110105194912310021录错"},
    ],
)
def test_an_identity_number_in_clear_is_refused_before_anything_is_written(change: dict[str, Any]):
    with pytest.raises(NumberNotMasked), transaction():
        append(1, **change)

    assert entries() == []


@pytest.mark.usefixtures("inside")
def test_what_writes_around_the_session_can_append_too():
    audit_content = chain.Content(
        at=NOON,
        action="responses_taken_in",
        account_id=None,
        person_id=None,
        address=None,
        subject_kind="attempt",
        subject_id=UUID(int=1),
        organisation_path=None,
        region_path=None,
        before=None,
        after=None,
        reason=None,
    )
    with db.engine.begin() as connection:
        audit.chain_onto(connection, [])
        audit.chain_onto(connection, [audit_content, audit_content])

    assert audit.verify().entries == 2


@pytest.mark.usefixtures("inside")
def test_an_entry_is_neither_changed_nor_removed_through_the_models():
    def change() -> None:
        entries()[0].reason = "changed"

    def remove() -> None:
        db.session.delete(entries()[0])

    def change_all() -> None:
        db.session.execute(update(AuditEntry).values(reason="changed"))

    def remove_all() -> None:
        db.session.execute(delete(AuditEntry))

    three_entries()
    for tamper in (change, remove, change_all, remove_all):
        with pytest.raises(AuditIsAppendOnly):
            in_a_transaction(tamper)

    assert audit.verify().broken is None


def test_processes_that_append_at_the_same_time_keep_one_chain(app: Flask):
    def work(worker: int) -> None:
        for turn in range(10):
            with app.app_context(), transaction():
                append(worker * 100 + turn)
                append(worker * 100 + turn + 50)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))

    with app.app_context():
        found = audit.verify()
        assert (found.entries, found.broken) == (80, None)
        written = {entry.subject_id.int for entry in entries()}
    assert len(written) == 80


def test_two_that_lock_other_rows_crosswise_do_not_wait_for_each_other_in_the_audit(app: Flask):
    with app.app_context():
        with transaction():
            append(1)
            with db.engine.connect() as outside:
                # The end of the chain is still free while the transaction goes on.
                locked = select(AuditHead.sequence).with_for_update(nowait=True)
                assert outside.execute(locked).all() == []
        assert audit.verify().entries == 1


SUBTREES = [
    (EVERYWHERE, [5, 4, 3, 2, 1]),
    (NOWHERE, []),
    (Scope(organisation_paths=("/a/",)), [2, 1]),
    (Scope(organisation_paths=("/a/b/",)), [2]),
    (Scope(region_paths=("/r/",)), [3]),
    (Scope(organisation_paths=("/a/b/",), region_paths=("/r/s/",)), [3, 2]),
    (Scope(organisation_paths=("/%/", "/_/")), []),
]


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize(("scope", "seen"), SUBTREES)
def test_an_auditor_sees_the_entries_of_their_subtree_the_newest_first(
    scope: Scope, seen: list[int]
):
    with transaction():
        append(1, organisation_path="/a/")
        append(2, organisation_path="/a/b/")
        append(3, region_path="/r/s/")
        append(4, organisation_path="/ab/")
        append(5)

    page = audit.listed(scope, cursor=None, limit=10)

    assert [entry.sequence for entry in page.items] == seen


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize(
    ("scopes", "paths"),
    [
        ([], (None, None)),
        ([EVERYWHERE, Scope(region_paths=("/r/",))], (None, None)),
        ([Scope(organisation_paths=("/a/b/",))], ("/a/b/", None)),
        ([Scope(organisation_paths=("/a/b/", "/a/c/"))], ("/a/", None)),
        ([Scope(organisation_paths=("/a/b/", "/c/"))], (None, None)),
        (
            [Scope(region_paths=("/r/s/",)), Scope(organisation_paths=("/a/",))],
            ("/a/", "/r/s/"),
        ),
    ],
)
def test_an_entry_without_a_place_belongs_where_its_writer_has_their_roles(
    scopes: list[Scope], paths: tuple[str | None, str | None]
):
    with transaction():
        append(by=somebody(*scopes))

    (entry,) = entries()

    assert (entry.organisation_path, entry.region_path) == paths


@pytest.mark.usefixtures("inside")
def test_entries_are_listed_by_what_who_and_to_what():
    someone = somebody(EVERYWHERE)
    with transaction():
        append(1, by=someone)
        append(2)
        audit.append("signed_in", by=None, at=NOON, subject_kind="account", subject_id=uuid4())

    def listed(**filters: object) -> list[int]:
        page = audit.listed(EVERYWHERE, cursor=None, limit=10, **filters)  # type: ignore[arg-type]  # of any kind, by keyword
        return [entry.sequence for entry in page.items]

    assert listed(action="signed_in") == [3]
    assert listed(account_id=someone.account_id) == [1]
    assert listed(subject_id=UUID(int=2)) == [2]
    assert listed(subject_id=UUID(int=2), action="signed_in") == []
