"""The three roles of the main job: what they attain, and the banks of real centres (三类人员)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from load_tests.spawning import ROOT

#: Real workbooks, beside the repository where somebody has them; never part of it.
WORKBOOKS = ROOT.parent / "shared" / "data" / "question_banks"

#: Questions written for the platform, one file for each role.
DEMONSTRATION = ROOT / "question_bank" / "demonstration_bank"


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a paper."""

    kind: str
    count: int
    points: int

    def as_json(self) -> dict[str, Any]:
        """Return it as the API takes it."""
        return {"kind": self.kind, "count": self.count, "points": self.points}


@dataclass(frozen=True, kw_only=True)
class Role:
    """A role that is trained, examined and certified."""

    name_zh: str
    #: The role of the post.
    post: str
    #: Code of the qualification.
    qualification: str
    operation_items: tuple[str, ...] = ()
    #: Hours of training that somebody of a high-risk enterprise brings along.
    hours: int
    #: Real files that hold questions for the role, and whether papers may draw them. Two banks of
    #: one trade disagree about some keys: only one of them examines, the other is practised.
    files: dict[str, bool]
    #: The file of the demonstration bank.
    demonstration: str
    #: Key of the indicator by which a plan counts the role.
    indicator: str
    #: How a paper is made of the real questions: 100 points.
    sections: tuple[Section, ...]

    @property
    def serves(self) -> str:
        """Whom questions serve, as the import takes it."""
        return ":".join((self.post, *self.operation_items[:1]))

    @property
    def tag(self) -> dict[str, str | None]:
        """Whom a question serves, as the API takes it."""
        item = self.operation_items[0] if self.operation_items else None
        return {"role": self.post, "operation_item": item}

    def workbooks(self) -> dict[Path, bool]:
        """Return the real files that are there, and whether papers may draw them."""
        found = {WORKBOOKS / name: examines for name, examines in self.files.items()}
        return {path: examines for path, examines in found.items() if path.exists()}

    def written_questions(self) -> Iterator[dict[str, Any]]:
        """Yield the questions of the demonstration bank, as the API takes them."""
        bank = json.loads((DEMONSTRATION / self.demonstration).read_text("utf-8"))
        for question in bank["questions"]:
            yield {**question, "serves": [self.tag]}


_MIXED = (
    Section(kind="true_false", count=50, points=1),
    Section(kind="single_choice", count=30, points=1),
    Section(kind="multiple_choice", count=10, points=2),
)

#: How a paper is made where there are only the few questions of the demonstration bank.
SMALL: Sequence[Section] = (
    Section(kind="true_false", count=20, points=1),
    Section(kind="single_choice", count=20, points=2),
    Section(kind="multiple_choice", count=10, points=4),
)

ROLES = (
    Role(
        name_zh="主要负责人",
        post="principal",
        qualification="principal",
        hours=48,
        files={"principals.xlsx": True},
        demonstration="principal.json",
        indicator="pingliang-qualified-principals",
        sections=_MIXED,
    ),
    Role(
        name_zh="安全生产管理人员",
        post="safety_manager",
        qualification="safety_manager",
        hours=48,
        files={"safety_managers.xlsx": True},
        demonstration="safety_manager.json",
        indicator="pingliang-qualified-safety-managers",
        sections=_MIXED,
    ),
    Role(
        name_zh="特种作业人员（低压电工）",
        post="special_operations_worker",
        qualification="low_voltage_electrician",
        operation_items=("1.2",),
        hours=80,
        files={"low_voltage_provincial.xlsx": True, "low_voltage_electrician.json": False},
        demonstration="low_voltage_electrician.json",
        indicator="shanxi-special-operations-certified",
        sections=(
            Section(kind="true_false", count=70, points=1),
            Section(kind="single_choice", count=30, points=1),
        ),
    ),
)
