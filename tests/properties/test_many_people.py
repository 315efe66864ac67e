"""Everybody counted at once, in columns, is everybody counted one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from certificates import definitions
from certificates.definitions import Question
from certificates.editions import Edition, Rule, Rules
from certificates.facts import RecordKind
from certificates.models import IndicatorKind
from certificates.papers import BEGIN, END
from certificates.services import indicators
from certificates.spans import Span
from certificates.stretches import Place
from tests.factories import facts as counting
from tests.factories.facts import Facts, PostFact, RecordFact
from tests.properties.test_coverage_oracle import (
    PEOPLE,
    PLACES,
    START,
    days,
    facts,
    posts,
)


def _question(values):
    known = definitions.populations()
    return Question(
        populations=tuple(known[name] for name in values["populations"]),
        measure=definitions.measures()[values["measure"]],
        per_year=values["kind"] is IndicatorKind.HEAD_COUNT_PER_YEAR,
    )


#: All that the plans count; the last is asked in another way from a day on.
QUESTIONS = [_question(each) for each in indicators.shipped()]
CHANGED = date(2024, 2, 29).toordinal()
RULES = Rules(
    every=(
        *(
            Rule(number=number, editions=(Edition(start=BEGIN, end=END, question=each),))
            for number, each in enumerate(QUESTIONS, start=1)
        ),
        Rule(
            number=99,
            editions=(
                Edition(start=BEGIN, end=CHANGED, question=QUESTIONS[7]),
                Edition(start=CHANGED, end=END, question=QUESTIONS[-1]),
            ),
        ),
    )
)

mines = st.builds(
    lambda day: [
        Place(BEGIN, day.toordinal(), 1, "34", 3, False, frozenset()),
        Place(day.toordinal(), END, 2, "06", 2, True, frozenset({"coal_mining"})),
    ],
    days,
)


@settings(max_examples=40)
@given(facts, st.dictionaries(st.sampled_from(PLACES), mines))
def test_counting_in_columns_gives_the_stretches_of_counting_one_by_one(known, places):
    _is_the_same_either_way(RULES, replace(known, places=places))


#: A plant, two workshops of it, and another employer.
PATHS = dict(zip(PLACES, ("/101/", "/101/102/", "/101/103/", "/104/"), strict=True))
#: Lessons at work, and their levels.
AT_WORK = ["induction", "post_change"]
LEVELS = [None, "plant", "workshop", "team"]


@st.composite
def lessons(draw, who, places, on):
    return RecordFact(
        person_id=draw(who),
        kind=RecordKind.TRAINED,
        on=draw(on),
        purpose=draw(st.sampled_from(AT_WORK)),
        level=draw(st.sampled_from(LEVELS)),
        hours=draw(st.sampled_from([8, 24, 72])),
        taught_for=draw(st.sampled_from(places)),
    )


[INDUCTED] = [each for each in QUESTIONS if each.measure.of_post]
INDUCTION = Rules(
    every=(Rule(number=1, editions=(Edition(start=BEGIN, end=END, question=INDUCTED),)),)
)

#: One person at work on a few days and places, with much taught: so that posts follow each other
#: at once or after a year, in the same place or another, and now and then somebody has it all.
somebody = st.just(PEOPLE[0])
quarters = st.integers(0, 15).map(lambda count: START + timedelta(days=92 * count))
works = [*PLACES[:2], *PLACES[:2], *PLACES[2:]]
roles = ["employee", "employee", "principal"]
at_work = st.builds(
    Facts,
    posts=st.lists(posts(somebody, roles, works, quarters), min_size=1, max_size=4),
    records=st.lists(lessons(somebody, works, quarters), min_size=2, max_size=12),
    places=st.dictionaries(st.sampled_from(PLACES), mines),
    paths=st.just(PATHS),
)


def _a_spell(first, until):
    span = Span(START + timedelta(days=first), START + timedelta(days=until))
    return PostFact(
        person_id=PEOPLE[0],
        organisation_id=PLACES[0],
        role="employee",
        items=frozenset(),
        span=span,
    )


#: Somebody who was taught everything, left, and came back to the same post after two years.
BACK = Facts(
    posts=[_a_spell(0, 100), _a_spell(830, 900)],
    records=[
        RecordFact(
            person_id=PEOPLE[0],
            kind=RecordKind.TRAINED,
            on=START,
            purpose="induction",
            hours=72,
            taught_for=PLACES[0],
        )
    ],
    paths=PATHS,
)


@settings(max_examples=120)
@given(at_work)
@example(BACK)
def test_inductions_in_columns_are_those_of_the_gate(known):
    _is_the_same_either_way(INDUCTION, known)


def _is_the_same_either_way(rules, known):
    found = counting.stretches_of_all(rules, known)
    for who in {each.person_id for each in known.posts}:
        assert found[who] == set(counting.stretches_of_one(who, known, rules))
