"""Who decides about late responses."""

from __future__ import annotations

from uuid import uuid4

import pytest

from exams.services import late
from server.errors import NotAllowed
from server.policy import Role
from tests.factories import exams as a
from tests.moments import NOON


def test_nobody_decides_about_their_own_attempt(inside):
    attempt = a.an_attempt(a.an_exam())
    own = a.identity_of(attempt.candidate_id, Role.EXAMINER)

    with pytest.raises(NotAllowed):
        late.decide(uuid4(), attempt_id=attempt.id, admitted=True, reason="…", by=own, at=NOON)
