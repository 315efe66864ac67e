"""What the chapters of one role tell one another (故事)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from load_tests.expectations import Report, Step
from load_tests.knowledge import Knowledge
from load_tests.proxy import LossyProxy
from load_tests.roles import Role
from load_tests.setting import Candidate, Setting


@dataclass(kw_only=True)
class Story:
    """The main job, told once for one role."""

    report: Report
    setting: Setting
    role: Role
    #: Stands between the candidate's phone and the server, and loses replies when told to.
    proxy: LossyProxy
    #: The trust list, pinned once: all later certificates are believed by it alone.
    pinned: dict[str, Any]
    knowledge: Knowledge = field(default_factory=Knowledge)
    #: Who passes, and who fails.
    candidate: Candidate = field(init=False)
    loser: Candidate = field(init=False)
    specification_id: UUID = field(init=False)
    exam_id: UUID = field(init=False)
    #: Ids of places and of training records, by person.
    enrolments: dict[UUID, UUID] = field(default_factory=dict)
    records: dict[UUID, UUID] = field(default_factory=dict)
    attempt_id: UUID = field(init=False)
    certificate: dict[str, Any] = field(init=False)
    #: Coverage of the enterprise before the exam: required, covered.
    before: tuple[int, int] = field(init=False)

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Take one step of this role's story."""
        with self.report.step(self.role.name_zh, name) as step:
            yield step
