"""The count agrees with a slow count person by person that shares no code with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from certificates import definitions
from certificates.definitions import Question
from certificates.facts import RecordKind
from certificates.spans import FOREVER, Span
from certificates.validity import Happening, Turn, validity
from tests.factories import facts as counting
from tests.factories.facts import CertificateFact, Facts, PostFact, RecordFact

PEOPLE = [UUID(int=number) for number in range(1, 6)]
PLACES = [UUID(int=number) for number in range(101, 105)]
START = date(2023, 1, 1)
SPECIAL = "special_operations_worker"
ROLES = ["principal", "safety_manager", SPECIAL, "enforcement_officer", "employee"]
ITEMS = ["1.1", "1.2"]
PURPOSES = ["qualification", "rotation", "induction", "safety", "occupational_health"]

days = st.integers(0, 1500).map(lambda offset: START + timedelta(days=offset))
people = st.sampled_from(PEOPLE)
role_and_item = st.sampled_from(
    [(role, None) for role in ROLES if role != SPECIAL] + [(SPECIAL, item) for item in ITEMS]
)


@st.composite
def posts(draw, who=people, roles=ROLES, places=PLACES, on=days):
    role = draw(st.sampled_from(roles))
    place = draw(st.sampled_from(places))
    items = draw(st.sets(st.sampled_from(ITEMS), min_size=1)) if role == SPECIAL else set()
    return PostFact(
        person_id=draw(who),
        organisation_id=place,
        role=role,
        items=frozenset(items),
        span=Span(draw(on), draw(st.just(FOREVER) | on)),
    )


@st.composite
def certificates(draw):
    role, item = draw(role_and_item)
    start = draw(days)
    turns = st.builds(Happening, turn=st.sampled_from(Turn), effective_on=days)
    return CertificateFact(
        person_id=draw(people),
        role=role,
        item=item,
        validity=validity(start, years=draw(st.sampled_from([1, 3]))),
        happenings=tuple(draw(st.lists(turns, max_size=3))),
    )


@st.composite
def entries(draw):
    role, item = draw(role_and_item | st.just((None, None)))
    kind = draw(st.sampled_from(RecordKind))
    return RecordFact(
        person_id=draw(people),
        kind=kind,
        on=draw(days),
        purpose=draw(st.sampled_from(PURPOSES)) if kind is RecordKind.TRAINED else None,
        role=role,
        item=item,
    )


facts = st.builds(
    Facts,
    posts=st.lists(posts(), max_size=8),
    certificates=st.lists(certificates(), max_size=8),
    records=st.lists(entries(), max_size=8),
)


@st.composite
def cases(draw):
    """Facts and a day: any day, or on purpose one on which something begins or ends."""
    known = draw(facts)
    edges = [day for post in known.posts for day in post.span if day != FOREVER]
    edges += [day for held in known.certificates for day in held.validity.span]
    edges += [each.effective_on for held in known.certificates for each in held.happenings]
    edges += [record.on for record in known.records]
    on = draw(st.sampled_from([*edges, START])) + timedelta(days=draw(st.integers(-1, 1)))
    return known, draw(st.sampled_from([on, draw(days)]))


def _question(population: str, measure: str, *, per_year: bool = False) -> Question:
    return Question(
        populations=tuple(definitions.populations()[name] for name in population.split("|")),
        measure=definitions.measures()[measure],
        per_year=per_year,
    )


def _stands(held: CertificateFact, on: date) -> bool:
    """Walk through the life of a certificate, day by day."""
    if not held.validity.first_day <= on <= held.validity.last_day:
        return False
    told = [each for each in held.happenings if each.effective_on <= on]
    if any(each.turn is Turn.VOIDED for each in held.happenings):
        return False
    if any(each.turn in (Turn.REVOKED, Turn.REPLACED, Turn.CANCELLED) for each in told):
        return False
    suspended = False
    for day in sorted({each.effective_on for each in told}):
        for each in told:
            if each.effective_on == day and each.turn in (Turn.SUSPENDED, Turn.REINSTATED):
                suspended = each.turn is Turn.SUSPENDED
    return not suspended


def _required(known: Facts, who: UUID, roles: set[str], on: date) -> list[tuple[str, str | None]]:
    return [
        (post.role, item)
        for post in known.posts
        if post.person_id == who
        and post.role in roles
        and post.span.from_on <= on < post.span.until_on
        for item in (sorted(post.items) if post.items else [None])
    ]


@settings(max_examples=200)
@given(cases(), st.data())
def test_what_is_counted_is_what_a_slow_count_says(case, data):
    """All that is asked of one case is asked of it at once: drawing cases takes longest."""
    known, on = case
    _holding_certificates(known, on)
    _passing_within_grace(known, on)
    _rotation(known, on)
    _heads_per_year(known, on)
    for question in data.draw(st.lists(st.sampled_from(QUESTIONS), min_size=1, max_size=2)):
        found = counting.count(question, known, on=on)
        _is_sound(question, found)
        shuffled = _shuffled(known, data.draw(st.randoms(use_true_random=False)))
        assert counting.count(question, shuffled, on=on) == found


def _holding_certificates(known: Facts, on: date) -> None:
    required, covered = set(), set()
    for who in PEOPLE:
        needs = _required(known, who, {SPECIAL}, on)
        if needs:
            required.add(who)
            if all(
                any(
                    held.person_id == who and (held.role, held.item) == need and _stands(held, on)
                    for held in known.certificates
                )
                for need in needs
            ):
                covered.add(who)

    found = counting.count(_question(SPECIAL, "holds_valid_certificate"), known, on=on)

    assert (set(found.required), set(found.covered)) == (required, covered)


def _passing_within_grace(known: Facts, on: date) -> None:
    required, covered, excluded = set(), set(), set()
    for who in PEOPLE:
        held = [
            post
            for post in known.posts
            if post.person_id == who
            and post.role == "principal"
            and post.span.from_on <= on < post.span.until_on
        ]
        if not held:
            continue
        if all(_half_a_year_after(post.span.from_on) > on for post in held):
            excluded.add(who)
            continue
        required.add(who)
        passed = any(
            record.person_id == who
            and record.kind is RecordKind.PASSED
            and record.role == "principal"
            and record.on <= on
            for record in known.records
        )
        certified = any(
            certificate.person_id == who
            and certificate.role == "principal"
            and certificate.validity.first_day <= on
            and all(each.turn is not Turn.VOIDED for each in certificate.happenings)
            for certificate in known.certificates
        )
        if passed or certified:
            covered.add(who)

    found = counting.count(_question("principal", "passed_training"), known, on=on)

    assert (set(found.required), set(found.covered)) == (required, covered)
    assert found.excluded == excluded


def _half_a_year_after(day: date) -> date:
    month = day.month + 6
    year, month = day.year + (month > 12), month - 12 * (month > 12)
    while True:
        try:
            return date(year, month, day.day)
        except ValueError:
            day -= timedelta(days=1)


def _rotation(known: Facts, on: date) -> None:
    officers = {who for who in PEOPLE if _required(known, who, {"enforcement_officer"}, on)}
    since = on.replace(year=on.year - 3) if (on.month, on.day) != (2, 29) else None
    since = since or date(on.year - 3, 2, 28)
    covered = {
        who
        for who in officers
        if any(
            record.person_id == who
            and record.kind is RecordKind.TRAINED
            and record.purpose == "rotation"
            and since < record.on <= on
            for record in known.records
        )
    }

    question = _question("enforcement_officer", "rotation_training_within_3_years")
    found = counting.count(question, known, on=on)

    assert (set(found.required), set(found.covered)) == (officers, covered)


def _heads_per_year(known: Facts, on: date) -> None:
    heads = set()
    for who in PEOPLE:
        for post in known.posts:
            in_post = (
                post.person_id == who
                and post.role in ("principal", "safety_manager", SPECIAL)
                and max(post.span.from_on, date(on.year, 1, 1))
                < min(post.span.until_on, on + timedelta(days=1))
            )
            trained = any(
                record.person_id == who
                and record.kind is RecordKind.TRAINED
                and record.purpose == "qualification"
                and record.role in (None, post.role)
                and record.on.year == on.year
                and record.on <= on
                for record in known.records
            )
            if in_post and trained:
                heads.add(who)

    question = _question(
        f"principal|safety_manager|{SPECIAL}", "post_qualification_training", per_year=True
    )

    assert counting.count(question, known, on=on).covered == heads


QUESTIONS = [
    _question(population, measure)
    for population in (SPECIAL, "employee", "enforcement_officer", "principal")
    for measure in sorted(definitions.measures())
]


def _is_sound(question: Question, found: Any) -> None:
    """Nobody is covered who is not required, and everybody missing has a reason."""
    assert found.covered <= found.required
    assert not found.excluded & found.required
    assert set(found.reasons) == (set() if question.per_year else found.missing)


def _shuffled(known: Facts, dice: Random) -> Facts:
    """Return the same facts in another order, which changes nothing."""
    return replace(
        known,
        posts=dice.sample(known.posts, len(known.posts)),
        certificates=dice.sample(known.certificates, len(known.certificates)),
        records=dice.sample(known.records, len(known.records)),
    )
