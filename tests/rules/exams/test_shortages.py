"""A bank that cannot carry a specification is refused, and the right topic is named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from exams.batch import making, proof
from exams.batch.stock import Specification, Stock
from tests.factories.batches import a_bank, a_specification

PAPERS = 60


def a_cell_with_a_minimum(specification: Specification, number: int) -> tuple[int, str, int]:
    """Return section, topic and minimum of one of the topics that must be there."""
    found = [
        (place, topic, bounds.minimum)
        for place, rule in enumerate(specification.sections)
        for topic, bounds in rule.topics.items()
        if bounds.minimum > 0
    ]
    return found[number % len(found)]


def planted(fault: str, number: int) -> tuple[Stock, Specification, tuple[int, str]]:
    """Return a bank with one thing missing in one topic."""
    stock = a_bank(2_000, seed=number)
    specification = a_specification(stock, target=None, cap=10)
    section, topic, minimum = a_cell_with_a_minimum(specification, number)
    here = np.flatnonzero((stock.section == section) & (stock.topic == stock.topics.index(topic)))
    # As many as would be enough without a cap, and too few with it.
    kept = {"too few": max(0, minimum - 1), "exposure": minimum * PAPERS // 10 - 1}
    if fault == "alike":
        group = stock.group.copy()
        group[here] = 10**9
        stock = replace(stock, group=group)
        if minimum < 2:
            return planted(fault, number + 1)
    else:
        section_of = stock.section.copy()
        section_of[here[kept[fault] :]] = -1
        stock = replace(stock, section=section_of)
    return stock, specification, (section, topic)


@pytest.mark.parametrize("fault", ["too few", "exposure", "alike"])
@pytest.mark.parametrize("number", range(10))
def test_a_planted_shortage_is_named_and_nothing_else(fault, number):
    stock, specification, cell = planted(fault, number)

    found = proof.shortages(stock, specification, PAPERS)

    assert [(one.section, one.topic) for one in found.shortages] == [cell]
    assert found.shortages[0].missing >= 1
    with pytest.raises(making.CannotBeCarried):
        making.make(stock, specification, PAPERS, seed=bytes(32))


@pytest.mark.parametrize("number", range(5))
def test_a_bank_that_is_sound_lacks_nothing(number):
    stock = a_bank(2_000, seed=number)

    found = proof.shortages(stock, a_specification(stock, cap=20), PAPERS)

    assert found.is_nothing


@pytest.mark.parametrize(("target", "beside"), [(99.0, -1), (20.0, 1)])
def test_a_target_out_of_reach_is_said_with_the_points_it_is_off(target, beside):
    stock = a_bank(2_000)

    found = proof.shortages(stock, a_specification(stock, target=target, cap=20), PAPERS)

    assert not found.shortages
    assert np.sign(found.beside_target) == beside


def test_a_kind_that_is_short_altogether_is_named_without_a_topic():
    stock = a_bank(300, topics=3, twins=0)
    section = stock.section.copy()
    section[np.flatnonzero(section == 1)[10:]] = -1
    short = replace(stock, section=section)
    specification = a_specification(stock, target=None)
    bare = [replace(rule, topics={}) for rule in specification.sections]

    found = proof.shortages(short, replace(specification, sections=bare), 1)

    (shortage,) = found.shortages
    assert (shortage.kind, shortage.topic, shortage.missing) == ("single_choice", None, 5)
