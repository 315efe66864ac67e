"""One pass over the responses of a qualification: figures of its questions and papers (统计计算).

Reads, computes, and then writes a few hundred rows at a time, so that nobody waits for it. Doing it
again gives the same. It loads numpy, so that nothing an exam needs may import it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import numpy as np
from sqlalchemy import delete, func, insert, select

from exams.models import Attempt, Exam, PaperItem, PaperStatistics
from exams.services import belonging, samples, standards
from exams.services.samples import Form, Sample
from exams.statistics import differential, items, papers, rasch, watch
from exams.statistics.items import ItemFigures, Standing
from exams.statistics.rasch import Scale
from exams.statistics.responses import Figures, Truths
from exams.statistics.watch import Watched
from question_bank.flagging import Observed, OptionFigures, flags
from question_bank.services import standing as bank
from question_bank.services.standing import Known
from server.db import db

#: Rows written in one transaction.
AT_ONCE: Final = 500

#: Opens the transaction of one piece; services do not commit.
Piece = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, kw_only=True)
class Calculated:
    """How much a pass went over."""

    response_count: int = 0
    question_count: int = 0
    paper_count: int = 0
    flag_count: int = 0


@dataclass(frozen=True, kw_only=True)
class _Difference:
    attribute: str
    group: str
    found: differential.Difference
    flagged: Truths


@dataclass(frozen=True, kw_only=True)
class _Whole:
    """All that is known of the questions of a sample, as arrays by question."""

    sample: Sample
    figures: ItemFigures
    low: Figures
    high: Figures
    scale: Scale
    options: Figures
    best: Figures
    curve: Figures
    mean_seconds: Figures
    median_seconds: Figures
    watched: Watched
    drifted: Truths
    differences: Sequence[_Difference]


def calculate(qualification_id: UUID, *, piece: Piece, at: datetime) -> Calculated:
    """Calculate anew what the responses of a qualification say.

    Args:
        qualification_id: the qualification.
        piece: opens the transaction of each piece that is written.
        at: the moment.
    """
    code = standards.get(qualification_id).code
    sample = samples.read(qualification_id)
    if sample is None:
        return Calculated()
    before = bank.difficulties(code)
    shown = _exposures(qualification_id)
    whole = _whole(sample, before)
    db.session.rollback()
    known = [_known(whole, number, shown) for number in range(len(sample.versions))]
    raised = 0
    for begin in range(0, len(known), AT_ONCE):
        with piece():
            raised += bank.store(known[begin : begin + AT_ONCE], qualification=code, at=at)
    rows = list(_papers(whole, at))
    with piece():
        _store_papers(rows)
    return Calculated(
        response_count=len(sample.responses),
        question_count=len(known),
        paper_count=len(rows),
        flag_count=raised,
    )


def _whole(sample: Sample, before: dict[UUID, float]) -> _Whole:
    responses = sample.responses
    stood = items.standing(responses)
    figures = items.figures(responses, stood)
    low, high = items.interval(figures.facility, figures.count)
    past = np.array([before.get(version.id, np.nan) for version in sample.versions])
    scale, drifted = rasch.linked(rasch.scale(responses), figures.count, past)
    mean, median = items.durations(responses, sample.seconds)
    order = np.argsort(responses.item, kind="stable")
    watched = watch.watch(responses, scale.ability, sample.seconds, order)
    return _Whole(
        sample=sample,
        figures=figures,
        low=low,
        high=high,
        scale=scale,
        options=items.chosen_counts(responses, sample.written),
        best=_of_best(sample, stood),
        curve=items.curve(responses, stood),
        mean_seconds=mean,
        median_seconds=median,
        watched=watched,
        drifted=drifted | watched.drifted,
        differences=list(_differences(sample, scale)),
    )


def _of_best(sample: Sample, stood: Standing) -> Figures:
    best = (stood.place >= 2 / 3).astype(float)
    return items.chosen_counts(sample.responses, sample.written, best)


def _differences(sample: Sample, scale: Scale) -> Iterator[_Difference]:
    stratum = differential.strata(sample.responses, scale.ability)
    for group in belonging.groups(sample.candidate_ids):
        found = differential.compare(sample.responses, stratum, group.belongs, group.known)
        yield _Difference(
            attribute=group.attribute.value,
            group=group.name,
            found=found,
            flagged=differential.flagged(found),
        )


def _exposures(qualification_id: UUID) -> dict[UUID, int]:
    """Return how many attempts were asked each version, whether they count or not."""
    sat = (
        select(Attempt.paper_id, func.count().label("times"))
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(Exam.qualification_id == qualification_id)
        .group_by(Attempt.paper_id)
        .subquery()
    )
    statement = (
        select(PaperItem.version_id, func.sum(sat.c.times))
        .join(sat, sat.c.paper_id == PaperItem.paper_id)
        .group_by(PaperItem.version_id)
    )
    return {version_id: int(times) for version_id, times in db.session.execute(statement)}


def _known(whole: _Whole, number: int, shown: dict[UUID, int]) -> Known:
    version = whole.sample.versions[number]
    figures, scale = whole.figures, whole.scale
    options = [
        OptionFigures(
            label=label,
            is_key=label in version.key,
            count=int(whole.options[number, at]),
            best_count=int(whole.best[number, at]),
        )
        for at, label in enumerate(version.labels)
    ]
    differences = [_shown(one, number) for one in whole.differences if _tested(one, number)]
    low, high = _number(whole.low[number]), _number(whole.high[number])
    seen = Observed(
        response_count=int(figures.count[number]),
        facility=_number(figures.facility[number]),
        discrimination=_number(figures.discrimination[number]),
        outfit=_number(scale.outfit[number]),
        options=options,
        stated=version.stated,
        stated_is_likely=_holds(low, version.stated, high),
        differs_by_group=any(one["flagged"] for one in differences),
        leak_suspected=bool(whole.watched.suspected[number]),
        drifted=bool(whole.drifted[number]),
        overruled=version.remedy is not None,
    )
    return Known(
        version_id=version.id,
        question_id=version.question_id,
        exposure_count=shown.get(version.id, 0),
        seen=seen,
        flags=flags(seen),
        facility_low=low,
        facility_high=high,
        sd=_number(figures.sd[number]),
        efficiency=_number(figures.efficiency[number]),
        difficulty=_number(scale.difficulty[number]),
        difficulty_error=_number(scale.error[number]),
        mean_seconds=_number(whole.mean_seconds[number]),
        median_seconds=_number(whole.median_seconds[number]),
        curve=[_number(share) for share in whole.curve[number]],
        differences=differences,
        watch=_watch(whole.watched, number),
    )


def _holds(low: float | None, stated: float | None, high: float | None) -> bool:
    return stated is None or low is None or high is None or low <= stated <= high


def _tested(one: _Difference, number: int) -> bool:
    return bool(np.isfinite(one.found.delta[number]))


def _shown(one: _Difference, number: int) -> dict[str, Any]:
    return {
        "attribute": one.attribute,
        "group": one.group,
        "group_count": int(one.found.group_count[number]),
        "others_count": int(one.found.others_count[number]),
        "delta": _number(one.found.delta[number]),
        "error": _number(one.found.error[number]),
        "flagged": bool(one.flagged[number]),
    }


def _watch(watched: Watched, number: int) -> dict[str, Any] | None:
    if not np.isfinite(watched.highest[number]):
        return None
    return {
        "uses": int(watched.uses[number]),
        "highest": _number(watched.highest[number]),
        "threshold": _number(watched.threshold[number]),
        "drift": _number(watched.drift[number]),
        "drift_error": _number(watched.drift_error[number]),
    }


def _papers(whole: _Whole, at: datetime) -> Iterator[dict[str, Any]]:
    sample = whole.sample
    marks = sample.responses.share * sample.responses.worth
    sizes = np.array([len(form.items) for form in sample.forms])[sample.form_of]
    form_of = np.repeat(sample.form_of, sizes)
    for number, form in enumerate(sample.forms):
        table = marks[form_of == number].reshape(-1, len(form.items))
        table[:, form.given] = form.worth[form.given]
        yield _paper(whole, form, table, at)


def _paper(whole: _Whole, form: Form, table: Figures, at: datetime) -> dict[str, Any]:
    found, scores, most = papers.figures(table), table.sum(axis=1), float(form.worth.sum())
    share = form.pass_percent / 100
    difficulty = whole.scale.difficulty[form.items]
    parts = np.clip((scores / most * 10).astype(int), 0, 9)
    return {
        "paper_id": form.paper_id,
        "exam_id": form.exam_id,
        "candidate_count": found.candidate_count,
        "max_score": most,
        "pass_mark": share * most,
        "mean": found.mean,
        "median": found.median,
        "sd": found.sd,
        "alpha": found.alpha,
        "standard_error": found.standard_error,
        "error_at_pass": papers.error_at(share, difficulty, form.worth),
        "pass_expectation": _at_borderline(whole, form, share),
        "reliability": whole.scale.reliability,
        "pass_share": float((scores >= share * most - 1e-9).mean()),
        "histogram": np.bincount(parts, minlength=10).tolist(),
        "calculated_at": at,
    }


def _at_borderline(whole: _Whole, form: Form, share: float) -> float | None:
    """Return what somebody earns here who is worth just the pass mark on all papers together."""
    every = np.concatenate([whole.scale.difficulty[one.items] for one in whole.sample.forms])
    able = papers.ability_at(share, every, np.concatenate([o.worth for o in whole.sample.forms]))
    if able is None:
        return None
    return float(papers.expected(able, whole.scale.difficulty[form.items]) @ form.worth)


def _store_papers(rows: Sequence[dict[str, Any]]) -> None:
    ids = [row["paper_id"] for row in rows]
    db.session.execute(delete(PaperStatistics).where(PaperStatistics.paper_id.in_(ids)))
    db.session.execute(insert(PaperStatistics), rows)


def _number(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None
