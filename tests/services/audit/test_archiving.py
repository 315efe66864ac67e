"""A stretch of the audit leaves for a file, and the chain is proved through it as before."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from exams import archiving
from server.archives.errors import ArchiveFailed
from server.audit import archiving as rooms
from server.audit import services as audit
from server.audit.chain import Break, Fault, Verification
from server.db import db, transaction
from tests.factories.audit import append, entries
from tests.moments import NOON

YEAR = timedelta(days=365)

pytestmark = pytest.mark.usefixtures("inside")


def unheard(_done: int, _total: int) -> None:
    """Take how far it is, and tell nobody."""


def proved(folder: Path) -> Verification:
    """Prove the chain, what has left included."""
    db.session.rollback()
    return audit.verify(archived=partial(rooms.archived, folder=folder))


@pytest.fixture
def chained():
    """Seven old entries, and a young one."""
    for number in range(1, 8):
        with transaction():
            append(number, reason=f"第{number}条")
    with transaction():
        append(8, at=NOON + 3 * YEAR)


def test_old_entries_leave_and_the_chain_stays_whole(chained, tmp_path):
    before = [entry.hash for entry in entries()]
    db.session.rollback()

    made = archiving.shorten_audit(tmp_path, at=NOON + 3 * YEAR, most=3)

    assert [one.rows for one in made] == [3, 3, 1]
    # The young one, and one for each file that says so.
    assert [entry.sequence for entry in entries()] == [8, 9, 10, 11]
    assert proved(tmp_path) == Verification(entries=11, broken=None)
    db.session.rollback()
    assert audit.verify().broken == Break(sequence=1, fault=Fault.MISSING)

    archiving.bring_back(made[1].name, tmp_path, at=NOON + 3 * YEAR, told=unheard)

    assert [entry.sequence for entry in entries()][:4] == [4, 5, 6, 8]
    assert proved(tmp_path).broken is None
    archiving.put_away_again(made[1].name, tmp_path, at=NOON + 3 * YEAR, told=unheard)
    for one in made:
        archiving.bring_back(one.name, tmp_path, at=NOON + 3 * YEAR, told=unheard)
    assert [entry.hash for entry in entries()][:8] == before
    db.session.rollback()
    assert audit.verify().broken is None


def test_a_broken_stretch_does_not_leave(chained, tmp_path):
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE audit_entry SET reason = '' WHERE sequence = 2"))

    with pytest.raises(ArchiveFailed, match="broken at entry 2"):
        archiving.shorten_audit(tmp_path, at=NOON + 3 * YEAR)

    assert len(entries()) == 8
    assert list(tmp_path.iterdir()) == []


def test_what_is_changed_in_a_file_is_found(chained, tmp_path):
    (made,) = archiving.shorten_audit(tmp_path, at=NOON + 3 * YEAR)
    path = tmp_path / made.name
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    with pytest.raises(ArchiveFailed, match="changed or cut short"):
        proved(tmp_path)


def test_nothing_leaves_before_its_time(chained, tmp_path):
    assert archiving.shorten_audit(tmp_path, at=NOON + YEAR) == []
    assert len(entries()) == 8
