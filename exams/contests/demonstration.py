"""The demonstration's questions for everybody, and a contest on them (演示竞赛与每日一题)."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from importlib.resources import files
from uuid import UUID, uuid5

from exams.contests.drafts import ContestDraft, RoundDraft
from exams.contests.models import EntryMode, TeamKind
from exams.contests.ranking import TieRule
from exams.contests.services import contests
from exams.contests.timetable import RoundKind
from question_bank.demonstration import content
from question_bank.lifecycle import Move
from question_bank.services import banks, moves, questions, stock
from question_bank.tags import Tag
from server.demonstration import Demonstration
from server.people.roster import PostRole
from server.policy import Identity

_BANK, _CONTEST = "公众安全练习题库（示范）", "“安全生产月”知识竞赛（示范）"

_NOTICE = "仅记录姓氏、地区和成绩，用于本次竞赛的榜单；竞赛结束一年后删除。"

#: How long one may join and play.
_OPEN = timedelta(days=30)


def load(play: Demonstration) -> None:
    """Open a bank that no exam draws from, and hold a contest on it that is on for a month.

    Reads `play.made`: `authority`, `author`, `reviewer`, `planner`. Leaves `contest`: its id. Runs
    in the caller's transaction, after accounts. Loading it again changes nothing.
    """
    play.say("示范竞赛 Demonstration contest")
    bank_id = _bank(play)
    contest_id = uuid5(bank_id, "contest")
    by: Identity = play.made["planner"]
    if contest_id not in {one.id for one in contests.listed_public(cursor=None, limit=200).items}:
        contests.plan(contest_id, _draft(play, bank_id), by=by, at=play.at)
        # Nothing depends on a demonstration contest's chance staying secret.
        contests.publish(contest_id, seed=sha256(contest_id.bytes).digest(), by=by, at=play.at)
    play.made["contest"] = contest_id


def _bank(play: Demonstration) -> UUID:
    author: Identity = play.made["author"]
    bank_id = uuid5(play.made["authority"], "public questions")
    banks.start(bank_id, name=_BANK, owner_id=play.made["authority"], by=author, at=play.at)
    if stock.of(bank_id).by_fingerprint:
        return bank_id
    text = files("exams.contests.data").joinpath("public_questions.json").read_text("utf-8")
    written = []
    for one in map(content, json.loads(text)):
        written.append(uuid5(bank_id, one.fingerprint))
        questions.write(
            written[-1],
            one,
            bank_id=bank_id,
            tags=[Tag(PostRole.EMPLOYEE)],
            for_practice=True,
            for_exams=False,
            by=author,
            at=play.at,
        )
    moves.move_many(written, Move.SUBMIT, by=author, at=play.at)
    moves.move_many(written, Move.PUBLISH, by=play.made["reviewer"], at=play.at)
    return bank_id


def _draft(play: Demonstration, bank_id: UUID) -> ContestDraft:
    one = RoundDraft(
        kind=RoundKind.QUALIFYING,
        opens_at=play.at,
        closes_at=play.at + _OPEN,
        question_count=5,
        pool_count=10,
        seconds=30,
        pause_seconds=0,
        advancing_places=None,
        freezes_at=None,
    )
    return ContestDraft(
        organisation_id=play.made["authority"],
        name=_CONTEST,
        notice=_NOTICE,
        notice_version=1,
        entry_mode=EntryMode.OPEN,
        team_kind=TeamKind.NONE,
        team_size=3,
        tie_rule=TieRule.FASTER,
        base_points=100,
        speed_points=50,
        merit_places=0,
        joins_from=play.at,
        joins_until=play.at + _OPEN,
        bank_ids=(bank_id,),
        topics=(),
        rounds=(one,),
    )
