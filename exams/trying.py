"""Making the papers of a large sitting out of a generated bank, and what it took (试组卷)."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Mapping

import click
import numpy as np

from exams.assembly import SectionRule, TopicBounds
from exams.batch import checking, dealing, evenness, exposure, making, neighbours
from exams.batch.blueprints import plans
from exams.batch.checking import Asked, Verdict, Wanted
from exams.batch.deck import Drawer
from exams.batch.neighbours import Room
from exams.batch.stock import Chance, Places, Specification, Stock, laid_out

#: Questions of each kind on a paper, a point each: as special operations are examined.
_SECTIONS = {"true_false": 70, "single_choice": 30}

#: Points that the average candidate reaches, and the pass mark.
_TARGET, _PASS_MARK = 78.0, 80

#: On how many papers of ten thousand a question may come up.
_MOST_USES_SHARE = 0.012

#: A room of an exam: fifty seats.
_ROOM = Room(rows=10, columns=5)

#: Papers drawn one by one for those who come late.
_LATE = 200


def a_bank(questions: int, *, topics: int, seed: int) -> Stock:
    """Return a generated bank: kinds and topics unevenly filled, some questions alike."""
    chance = np.random.default_rng(seed)
    share = chance.dirichlet(np.full(topics, 4.0))
    group = np.arange(questions)
    for number in range(questions // 10):
        members = chance.choice(questions, int(chance.integers(2, 6)), replace=False)
        group[members] = questions + number
    return Stock(
        # One in twenty is of a kind that no section asks for.
        section=chance.choice([0, 1, -1], questions, p=[0.55, 0.40, 0.05]),
        topic=chance.choice(topics, questions, p=share),
        facility=np.clip(chance.beta(4.5, 1.5, questions), 0.30, 0.98),
        error=np.full(questions, 0.06),
        group=group,
        used=chance.poisson(20, questions),
        topics=[f"topic {number}" for number in range(topics)],
    )


def a_specification(stock: Stock, *, papers: int) -> Specification:
    """Return the specification of a special operations paper whose topics follow the bank."""
    sections = []
    for place, (kind, count) in enumerate(_SECTIONS.items()):
        held = np.bincount(stock.topic[stock.section == place], minlength=len(stock.topics))
        shares = (held / held.sum() * count).tolist()
        bounds = {
            name: TopicBounds(minimum=max(0, int(share) - 1), maximum=int(share) + 2)
            for name, share in zip(stock.topics, shares, strict=True)
        }
        sections.append(SectionRule(kind=kind, count=count, points=1, topics=bounds))
    cap = max(10, round(papers * _MOST_USES_SHARE))
    return Specification(sections=sections, target=_TARGET, cap=cap)


def tried(questions: int, papers: int, *, topics: int, seed: int) -> Mapping[str, float]:
    """Make papers, check them by other code, and return what it took and how they are."""
    stock = a_bank(questions, topics=topics, seed=seed)
    specification = a_specification(stock, papers=papers)
    beside = neighbours.pairs([_ROOM] * (papers // _ROOM.seats + 1), papers)
    secret = bytes([seed % 256]) * 32
    began, cpu = time.perf_counter(), time.process_time()
    made = making.make(stock, specification, papers, seed=secret, beside=beside).papers
    took, seconds = time.process_time() - cpu, time.perf_counter() - began
    even = evenness.of(stock, specification, made, pass_mark=_PASS_MARK)
    near = neighbours.overlap(made, beside)
    times = np.bincount(made.ravel(), minlength=len(stock))
    return {
        "papers": papers,
        "questions": questions,
        "seconds": round(seconds, 3),
        "cpu_seconds": round(took, 3),
        "violations": _faults(_verdict(stock, specification, made)),
        "least_expected": round(even.spread[0], 3),
        "most_expected": round(even.spread[1], 3),
        "borderline_least": round(even.borderline[0], 4),
        "borderline_most": round(even.borderline[1], 4),
        "neighbour_pairs": near.pairs,
        "neighbour_overlap_mean": round(near.mean, 4),
        "neighbour_overlap_most": near.most,
        "most_uses": int(times.max()),
        "unused_share": round(float((times[stock.section >= 0] == 0).mean()), 4),
        **_late(stock, specification, papers, seed=secret),
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def _verdict(stock: Stock, specification: Specification, papers: Places) -> Verdict:
    kinds = (*_SECTIONS, "other")
    bank = {
        place: Asked(
            kind=kinds[stock.section[place]],
            topic=stock.topics[stock.topic[place]],
            facility=float(stock.facility[place]),
            group=int(stock.group[place]),
            is_live=bool(stock.section[place] >= 0),
        )
        for place in range(len(stock))
    }
    wanted = [
        Wanted(
            kind=rule.kind,
            count=rule.count,
            points=rule.points,
            topics={name: (one.minimum, one.maximum) for name, one in rule.topics.items()},
        )
        for rule in specification.sections
    ]
    return checking.check(
        papers.tolist(),
        bank,
        wanted,
        target=specification.target,
        tolerance=specification.tolerance,
        cap=specification.cap,
    )


def _faults(verdict: Verdict) -> int:
    """Return how much the checker found wrong, all kinds of faults together."""
    return sum(int(count) for count in vars(verdict).values())


def _late(
    stock: Stock, specification: Specification, papers: int, *, seed: bytes
) -> Mapping[str, float]:
    """Return how long a paper takes for who comes late, drawn beside the others."""
    shelf = laid_out(stock, specification)
    found = plans(shelf, papers, count=8)
    wanted = dealing.wanted(found, papers)
    copies = exposure.copies(shelf, wanted, papers, chance=Chance(seed=seed))
    rates = exposure.planned(shelf, wanted, papers)
    drawer = Drawer(shelf, found, rates=rates, copies=copies // 2, seed=seed)
    drawn, took = [], []
    for _ in range(_LATE):
        cpu = time.process_time()
        drawn.append(drawer.draw())
        took.append((time.process_time() - cpu) * 1000)
    return {
        "late_p50_ms": round(float(np.percentile(took, 50)), 2),
        "late_p99_ms": round(float(np.percentile(took, 99)), 2),
        "late_violations": _faults(_verdict(stock, specification, np.array(drawn))),
    }


@click.command("try-papers")
@click.option("--papers", default=10_000, show_default=True, type=click.IntRange(1, 20_000))
@click.option("--questions", default=20_000, show_default=True, type=click.IntRange(500, 100_000))
@click.option("--topics", default=40, show_default=True, type=click.IntRange(1, 200))
@click.option("--seed", default=1, show_default=True, type=int)
def try_papers(papers: int, questions: int, topics: int, seed: int) -> None:
    """Make papers out of a generated bank, check them, and say what it took, as JSON.

    No database is read or written.
    """
    click.echo(json.dumps(tried(questions, papers, topics=topics, seed=seed)))
