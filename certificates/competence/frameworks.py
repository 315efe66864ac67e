"""Pure: a framework read from data, and what it asks of a family and grade (能力框架)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from certificates import definitions
from certificates.competence.errors import FrameworkUnfit, GradesFormCircle
from certificates.competence.kinds import Dimension, Origin, ProofKind
from server.people.drafts import Education
from server.people.roster import PostRole
from server.records.entries import STATED, RecordKind, TrainingPurpose
from server.training.kinds import Grade as EngineerGrade

#: What a proof of each kind must say, besides what it may.
_NEEDED: Mapping[ProofKind, tuple[str, ...]] = {
    ProofKind.MEASURE: ("measure",),
    ProofKind.EXAM: ("percent",),
    ProofKind.PRACTICAL: ("percent",),
    ProofKind.HOURS: ("hours", "purposes", "months"),
    ProofKind.YEARS: ("years",),
    ProofKind.MARK: ("mark", "months"),
    ProofKind.EDUCATION: ("education",),
    ProofKind.ENGINEER: (),
    ProofKind.CLEAN: ("months",),
    ProofKind.ENTRY: ("record_kinds", "months"),
}

#: The words that a proof may use, for those that take words.
_WORDS: Mapping[str, frozenset[str]] = {
    "roles": frozenset(role.value for role in PostRole),
    "purposes": frozenset(purpose.value for purpose in TrainingPurpose),
    "education": frozenset(one.value for one in Education),
    "engineer": frozenset(grade.value for grade in EngineerGrade),
    "record_kinds": frozenset(
        kind.value for kind in (*STATED, RecordKind.TRAINING, RecordKind.EXAM)
    ),
}


@dataclass(frozen=True, kw_only=True)
class Proof:
    """One fact that may be asked for, and how long it lasts."""

    kind: ProofKind
    #: Months it lasts from its day on; None: as long as the fact itself stands.
    months: int | None = None
    #: The measure of coverage that must hold.
    measure: str | None = None
    #: Posts that count as years, exams that count; empty: those the framework is for.
    roles: tuple[str, ...] = ()
    #: What trainings were for, see `TrainingPurpose`.
    purposes: tuple[str, ...] = ()
    #: Training hours within `months`.
    hours: int | None = None
    #: Years in post, of 365 days each.
    years: int | None = None
    #: Percent of an exam's or a practical's points.
    percent: int | None = None
    #: The least mark on the scale.
    mark: int | None = None
    #: The least schooling, see `Education`.
    education: str | None = None
    #: The least grade of registration, see `server.training.kinds.Grade`; None: any.
    engineer: str | None = None
    #: Kinds of entry that may be presented.
    record_kinds: tuple[str, ...] = ()


#: Of every group, one proof must hold.
Asked = tuple[tuple[Proof, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Competence:
    """Something that a post calls for (能力项)."""

    key: str
    dimension: Dimension
    name_zh: str
    name_en: str
    origin: Origin
    #: Which words of which plan or law, or why the platform proposes it.
    source: str
    #: Families that need it; empty: all.
    families: frozenset[str]
    #: What stands behind marks, by mark: words in Chinese. Empty where nobody judges it.
    anchors: Mapping[int, str]
    #: What is asked from a grade on, until a higher grade says otherwise.
    levels: Mapping[str, Asked]

    @property
    def judged(self) -> bool:
        """Whether people give marks for it."""
        return bool(self.anchors)


@dataclass(frozen=True, kw_only=True)
class Named:
    """A grade or a family, and what it is called."""

    key: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, kw_only=True)
class Framework:
    """What posts call for, by family and grade (岗位能力框架)."""

    key: str
    name_zh: str
    name_en: str
    #: Roles of the posts it is for, the one that exams are held for first.
    roles: tuple[str, ...]
    families: tuple[Named, ...]
    #: The lowest first.
    grades: tuple[Named, ...]
    competences: tuple[Competence, ...]
    #: Marks run from 1 up to this.
    highest_mark: int
    #: So far apart marks are a disagreement.
    apart: int
    #: The fewest members of a panel.
    panel_least: int
    #: Days after the result within which one may appeal.
    appeal_days: int
    #: Indicators of coverage that read the same facts.
    indicators: tuple[str, ...]

    def grades_up_to(self, grade: str) -> tuple[Named, ...]:
        """Return the grades from the lowest to one."""
        names = [each.key for each in self.grades]
        return self.grades[: names.index(grade) + 1]

    def needed(self, family: str) -> list[Competence]:
        """Return the competences that a family needs."""
        return [each for each in self.competences if not each.families or family in each.families]

    def judged(self, family: str) -> list[Competence]:
        """Return those of them for which people give marks."""
        return [each for each in self.needed(family) if each.judged]

    def asked(self, competence: Competence, grade: str) -> Asked:
        """Return what a grade asks of a competence: what the nearest grade at or below it says."""
        for each in reversed(self.grades_up_to(grade)):
            if each.key in competence.levels:
                return competence.levels[each.key]
        return ()


def read(content: Mapping[str, Any]) -> Framework:
    """Return a framework from the form in which it is shipped, sent and stored.

    Raises:
        GradesFormCircle: following the grade before each grade ends nowhere.
        FrameworkUnfit: it names a grade, family, measure or word that there is not, or asks for
            marks where nobody judges.
    """
    families = tuple(_named(each) for each in content["families"])
    grades = ordered(content["grades"])
    found = Framework(
        key=content["key"],
        name_zh=content["name_zh"],
        name_en=content["name_en"],
        roles=tuple(content["roles"]),
        families=families,
        grades=grades,
        competences=tuple(_competence(each) for each in content["competences"]),
        highest_mark=content["highest_mark"],
        apart=content["apart"],
        panel_least=content["panel_least"],
        appeal_days=content["appeal_days"],
        indicators=tuple(content["indicators"]),
    )
    _check(found)
    return found


def ordered(grades: Sequence[Mapping[str, Any]]) -> tuple[Named, ...]:
    """Return grades from the lowest up: each names the one before it, the lowest names none.

    Raises:
        GradesFormCircle: following them comes back to where it began.
        FrameworkUnfit: they are not one line, or name a grade that there is not.
    """
    after: dict[str, str | None] = {each["key"]: each["after"] for each in grades}
    _unique([each["key"] for each in grades], "grade", "等级")
    for one in after:
        met = [one]
        while (before := after.get(met[-1])) is not None:
            met.append(before)
            if before in met[:-1]:
                raise GradesFormCircle(grades=" → ".join(met[met.index(before) :]))
    followers = {before: one for one, before in after.items()}
    line: list[str] = []
    while (upon := followers.get(line[-1] if line else None)) is not None:
        line.append(upon)
    if len(line) != len(grades):
        raise FrameworkUnfit(
            fault="the grades are not one line", fault_zh="各等级未能排成唯一的先后次序"
        )
    by_key = {each["key"]: each for each in grades}
    return tuple(_named(by_key[key]) for key in line)


def _named(row: Mapping[str, Any]) -> Named:
    return Named(key=row["key"], name_zh=row["name_zh"], name_en=row["name_en"])


def _competence(row: Mapping[str, Any]) -> Competence:
    levels = row["levels"]
    _unique([each["grade"] for each in levels], "grade of a competence", "能力项的等级")
    return Competence(
        key=row["key"],
        dimension=Dimension(row["dimension"]),
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        origin=Origin(row["origin"]),
        source=row["source"],
        families=frozenset(row.get("families") or ()),
        anchors={int(mark): words for mark, words in (row.get("anchors") or {}).items()},
        levels={
            each["grade"]: tuple(tuple(_proof(one) for one in group) for group in each["all_of"])
            for each in levels
        },
    )


def _proof(row: Mapping[str, Any]) -> Proof:
    values: dict[str, Any] = {
        field.name: tuple(row[field.name]) if isinstance(row[field.name], list) else row[field.name]
        for field in fields(Proof)
        if row.get(field.name) is not None
    }
    values["kind"] = ProofKind(row["kind"])
    made = Proof(**values)
    lacking = [name for name in _NEEDED[made.kind] if not getattr(made, name)]
    if lacking:
        _refuse(f"a proof by {made.kind.value} says no {lacking[0]}", f"证明方式缺少 {lacking[0]}")
    if made.measure is not None and made.measure not in definitions.measures():
        _refuse(f"coverage has no measure {made.measure}", f"没有统计口径 {made.measure}")
    for name, words in _WORDS.items():
        said = getattr(made, name) or ()
        for word in (said,) if isinstance(said, str) else said:
            if word not in words:
                _refuse(f"{word} is no word for {name}", f"{name} 中没有 {word}")
    return made


def _check(framework: Framework) -> None:
    _unique([each.key for each in framework.families], "family", "岗位类别")
    _unique([each.key for each in framework.competences], "competence", "能力项")
    if not set(framework.roles) <= _WORDS["roles"]:
        _refuse("it is for a post that there is not", "适用岗位不存在")
    grades = {each.key for each in framework.grades}
    families = {each.key for each in framework.families}
    for each in framework.competences:
        if not set(each.levels) <= grades or not each.families <= families:
            _refuse(
                f"{each.key} names no grade or family of its own", f"{each.key} 的等级或类别不存在"
            )
        _check_marks(framework, each)


def _check_marks(framework: Framework, competence: Competence) -> None:
    marks = {
        proof.mark
        for asked in competence.levels.values()
        for group in asked
        for proof in group
        if proof.kind is ProofKind.MARK
    }
    scale = set(range(1, framework.highest_mark + 1))
    if not (marks | set(competence.anchors)) <= scale:
        _refuse(f"{competence.key} goes beyond the scale", f"{competence.key} 超出评分量表")
    if bool(marks) != competence.judged:
        _refuse(
            f"{competence.key} has marks without anchors, or anchors without marks",
            f"{competence.key} 的评分与评分锚定说明不一致",
        )


def _unique(keys: Iterable[str], what: str, what_zh: str) -> None:
    every = list(keys)
    if not every or len(set(every)) != len(every):
        _refuse(f"there is no {what}, or one twice", f"{what_zh}缺失或重复")


def _refuse(fault: str, fault_zh: str) -> None:
    raise FrameworkUnfit(fault=fault, fault_zh=fault_zh)
