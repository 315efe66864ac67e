"""Addresses of mock exams (模拟考试接口)."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from exams.errors import MockExamOver, PoolTooSmall
from exams.schemas.mocks import MockExamIn, MockExamOut, MockPaperOut, MockSubmissionIn
from exams.services import mocks
from exams.services.mocks import ShownMock
from question_bank.errors import MockExamsUsed
from server import clock
from server.access import identity, requires
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.paging import Page, PageQuery
from server.policy import Permission

views = Part("mock-exams", "Mock exams from the practice pool 模拟考试")


@views.route("/me/mock-exams")
@requires(Permission.PRACTISE)
@views.arguments(PageQuery, location="query")
@views.page(MockExamOut)
def list_mock_exams(query: dict[str, Any]) -> Page:
    """List one's own mock exams, the latest first."""
    return mocks.listed(identity().person_id, **query)


@views.route("/me/mock-exams/<uuid:mock_id>", methods=["PUT"])
@requires(Permission.PRACTISE)
@views.arguments(MockExamIn)
@views.response(200, MockPaperOut)
@views.refuses(PoolTooSmall, MockExamsUsed, IdTaken)
def begin_mock_exam(body: dict[str, Any], mock_id: UUID) -> ShownMock:
    """Draw a mock exam by the specification of a real exam, from the practice pool."""
    learner_id, seed = identity().person_id, secrets.token_bytes(32)
    with transaction():
        return mocks.begin(mock_id, **body, learner_id=learner_id, seed=seed, at=clock.now())


@views.route("/me/mock-exams/<uuid:mock_id>")
@requires(Permission.PRACTISE)
@views.response(200, MockPaperOut)
def show_mock_exam(mock_id: UUID) -> ShownMock:
    """Show one's own mock exam; with keys once it is handed in."""
    return mocks.get(mock_id, learner_id=identity().person_id)


@views.route("/me/mock-exams/<uuid:mock_id>/submission", methods=["PUT"])
@requires(Permission.PRACTISE)
@views.arguments(MockSubmissionIn)
@views.response(200, MockPaperOut)
@views.refuses(MockExamOver)
def submit_mock_exam(body: dict[str, Any], mock_id: UUID) -> ShownMock:
    """Hand a mock exam in, and see marks, keys and explanations."""
    learner_id = identity().person_id
    with transaction():
        return mocks.submit(mock_id, **body, learner_id=learner_id, at=clock.now())
