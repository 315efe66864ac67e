"""Responses made for a purpose: whole tables of marks, and crowds whose truth is known."""

from __future__ import annotations

import numpy as np

from exams.statistics.responses import Figures, Numbers, Responses


def everybody(marks: list[list[float]], *, worth: float = 1.0) -> Responses:
    """Everybody sits one form; a row of marks for each candidate."""
    table = np.array(marks, dtype=float)
    people, places = table.shape
    return responses(
        person=np.repeat(np.arange(people), places),
        item=np.tile(np.arange(places), people),
        share=table.ravel() / worth,
        worth=worth,
    )


def responses(
    *, person: Numbers, item: Numbers, share: Figures, worth: float = 1.0, items: int | None = None
) -> Responses:
    """Responses, each place worth the same."""
    return Responses(
        person=person,
        item=item,
        share=np.asarray(share, dtype=float),
        worth=np.full(len(person), worth),
        person_count=int(person.max()) + 1,
        item_count=items or int(item.max()) + 1,
    )


def a_crowd(
    *, people: int, items: int, asked: int, seed: int
) -> tuple[Responses, Figures, Figures]:
    """Candidates who each meet some of many questions by the Rasch model; with the truth."""
    dice = np.random.default_rng(seed)
    ability = dice.normal(0, 1, people)
    difficulty = dice.normal(-1, 1, items)
    item = np.argsort(dice.random((people, items)), axis=1)[:, :asked].ravel()
    person = np.repeat(np.arange(people), asked)
    chance = 1 / (1 + np.exp(difficulty[item] - ability[person]))
    right = dice.random(len(item)) < chance
    made = responses(person=person, item=item, share=right.astype(float), items=items)
    return made, ability, difficulty
