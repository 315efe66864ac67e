"""Responses of a crowd, in groups of any make-up: the board is what a recount says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from exams.contests import ranking, tallying
from exams.contests.models import ContestEntry, ContestParticipant, ContestRound, ContestSum
from exams.contests.ranking import Result, TieRule
from exams.contests.services import boards, names, responding
from exams.contests.services.responding import Word
from exams.contests.tallying import Counted
from server.db import db
from server.errors import DomainError
from server.people.ciphers import DocumentCipher, Sealed
from server.policy import Role
from tests.conftest import SigningIn
from tests.factories.contests import a_ground, a_player, a_round
from tests.moments import NOON

Writing = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def round_id(client: FlaskClient, a_signed_in: SigningIn, writing: Writing) -> UUID:
    """Let twelve people of two counties and two employers enter a round."""
    boards.forget()
    ground = a_ground(client, a_signed_in(Role.PLANNER).headers, writing)
    contest = ground.published(a_round(question_count=6, pool_count=12))
    round_id: str = contest["rounds"][0]["id"]
    for number in range(12):
        where = str(ground.region_ids[number % 2])
        employer = str(ground.employer_ids[number % 2]) if number % 3 else None
        a_player(ground, contest["id"], number, region_id=where, employer_id=employer).enter(
            round_id
        )
    return UUID(round_id)


def test_sums_and_board_grow_to_what_a_recount_says(
    app: Flask, round_id: UUID, writing: Writing
) -> None:
    dice, at = Random(7), NOON
    with app.app_context():
        rows = db.session.execute(select(ContestEntry.id, ContestEntry.participant_id)).all()
    while at < NOON + timedelta(minutes=3):
        at += timedelta(seconds=dice.randint(1, 9))
        with writing():
            words = [a_word(dice, rows, at) for _ in range(dice.randint(1, 40))]
            told = responding.store(db.session.connection(), words)
            assert len(told) == len(words)

    with app.app_context():
        assert grown(round_id) == recounted(round_id)
        check_board(round_id, at)


def a_word(dice: Random, rows: Sequence[Any], at: datetime) -> Word:
    """Say something of somebody: often what is open, sometimes what is not."""
    entry_id, participant_id = dice.choice(rows)
    entry = db.session.get_one(ContestEntry, entry_id)
    slot = entry.open_slot if dice.random() < 0.7 else dice.randint(1, 7)
    chosen = dice.choice([[0], [1], [2], [3], [9], "A"])
    return Word(entry_id, participant_id, slot, chosen, at)


def grown(round_id: UUID) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    rows = db.session.execute(select(ContestSum).where(ContestSum.round_id == round_id)).scalars()
    found = {
        (row.kind.value, row.key): (row.people, row.responses, row.correct, row.points)
        for row in rows
    }
    return {key: sums for key, sums in found.items() if any(sums)}


def recounted(round_id: UUID) -> dict[tuple[str, str], tuple[int, int, int, int]]:
    statement = (
        select(ContestEntry, ContestParticipant)
        .join(ContestParticipant, ContestParticipant.id == ContestEntry.participant_id)
        .where(ContestEntry.round_id == round_id)
    )
    entries = [
        Counted(
            region=participant.region_id,
            employer=participant.employer_id,
            team=None,
            points=entry.points,
            correct_count=entry.correct_count,
            response_count=entry.responded.bit_count(),
        )
        for entry, participant in db.session.execute(statement)
    ]
    assert sum(one.response_count for one in entries) > 60
    return tallying.sums(entries, team_size=3)


def check_board(round_id: UUID, at: datetime) -> None:
    found = boards.board(db.session.connection(), round_id, at=at)
    entries = db.session.execute(select(ContestEntry)).scalars().all()
    results = [
        Result(entry_id=one.id, points=one.points, elapsed_ms=one.elapsed_ms)
        for one in entries
        if one.responded
    ]
    by_rule = ranking.ranked(results, TieRule.FASTER)
    assert [(line.place, line.points, line.elapsed_ms) for line in found.lines] == [
        (one.place, one.result.points, one.result.elapsed_ms) for one in by_rule
    ]
    points = [one.points for one in results]
    for one in results:
        assert found.place_of(one.points) == 1 + sum(other > one.points for other in points)


def test_a_group_of_responses_takes_four_statements_however_large_it_is(
    app: Flask, round_id: UUID, count_statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    with app.app_context():
        rows = db.session.execute(select(ContestEntry.id, ContestEntry.participant_id)).all()
        assert db.session.get(ContestRound, round_id) is not None
        counts = []
        for some in (rows[:2], rows[2:]):
            words = [Word(entry, of, 1, [0], NOON + timedelta(seconds=3)) for entry, of in some]
            with count_statements() as sent:
                told = responding.store(db.session.connection(), words)
            assert not any(isinstance(one, DomainError) for one in told)
            counts.append(len(sent))
        db.session.rollback()

    # The insert of SQLite splits into a few texts that the driver knows already.
    assert counts[0] <= 5
    assert counts[1] <= 7


def test_names_are_closed_anew_when_keys_are_exchanged(
    app: Flask, round_id: UUID, writing: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    del round_id
    old = app.extensions["config"].encryption_key
    index_key, fresh = bytes([8]) * 32, bytes([7]) * 32
    exchanged = DocumentCipher(fresh, index_key=index_key, retired=[old])
    monkeypatch.setitem(app.extensions, "document_cipher", exchanged)
    with writing():
        assert [names.rekey(limit=7) for _ in range(3)] == [7, 5, 0]

    only_new = DocumentCipher(fresh, index_key=index_key)
    with app.app_context():
        columns = (ContestParticipant.id, ContestParticipant.name_cipher)
        for participant_id, cipher in db.session.execute(select(*columns)):
            sealed = Sealed(key_id=only_new.key_id, cipher=cipher)
            assert only_new.open(sealed, person_id=participant_id)
