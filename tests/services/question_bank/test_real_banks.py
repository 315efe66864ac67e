"""What duplicates, conflicts and repealed law there are in the real banks beside the repository."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from question_bank.lifecycle import Move
from question_bank.services import (
    banks,
    drawing,
    import_acceptance,
    import_files,
    imports,
    law_reference,
    moves,
    resting,
    rulings,
)
from question_bank.services.imports import Terms
from server.days import civil_day
from server.scopes import EVERYWHERE
from tests.factories.question_bank import ELECTRICIAN, Desk, a_desk
from tests.moments import NOON

REAL = Path(__file__).parents[4] / "shared" / "data" / "question_banks"

pytestmark = [
    pytest.mark.skipif(not REAL.exists(), reason=f"UNPROVED: there are no real banks at {REAL}"),
    pytest.mark.usefixtures("inside"),
]


def publish(desk: Desk, name: str) -> UUID:
    """Bring a real file into a bank of its own, through review into use."""
    bank = banks.start(uuid4(), name=name, owner_id=desk.owner.id, by=desk.author, at=NOON)
    file = import_files.look((REAL / name).read_bytes(), name=name)
    known = imports.preview(
        uuid4(), file, bank_id=bank.id, terms=Terms(tags=(ELECTRICIAN,)), by=desk.author, at=NOON
    )
    import_acceptance.accept(known.id, accepted_only=True, by=desk.author, at=NOON)
    moves.move_import(known.id, Move.SUBMIT, by=desk.author, at=NOON)
    moves.move_import(known.id, Move.PUBLISH, by=desk.reviewer, at=NOON)
    return bank.id


def all_pairs():
    cursor = None
    while True:
        page = rulings.listed(EVERYWHERE, cursor=cursor, limit=200)
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def test_duplicates_conflicts_and_repealed_law_in_the_real_banks() -> None:
    law_reference.load(at=NOON)
    desk, today = a_desk(), civil_day(NOON)
    named = {publish(desk, path.name): path.name for path in sorted(REAL.iterdir())}

    found = Counter[tuple[str, ...]]()
    for pair in all_pairs():
        sides = sorted((named[pair.first.bank.id], named[pair.second.bank.id]))
        found[(pair.pair.relation.value, *sides)] += 1
    marked = Counter[str]()
    for bank_id, name in named.items():
        marked[name] = len(resting.listed(EVERYWHERE, on=today, bank_id=bank_id, limit=200).items)

    assert found["conflict", "low_voltage_provincial.xlsx", "low_voltage_provincial.xlsx"] >= 6
    assert found["exact", "principals.xlsx", "safety_managers.xlsx"] >= 250
    assert found["near", "low_voltage_provincial.xlsx", "low_voltage_provincial.xlsx"] >= 90
    assert all(marked[path.name] >= 2 for path in REAL.iterdir()), marked
    resting_here = resting.listed(EVERYWHERE, on=today, limit=200).items
    assert any("年复审一次" in one.version.stem for one in resting_here)
    drawn = {one.version_id for one in drawing.published_for_exams(on=today)}
    assert len(drawn) > 1800
    assert not drawn & {one.version.id for one in resting_here}
