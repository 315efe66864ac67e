"""Posts: who holds which, where, from when to when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from server.errors import IdTaken, NotFound
from server.organisations.models import Organisation
from server.people.drafts import PostDraft
from server.people.errors import ItemsUnfit, PostEnded, PostOverlaps, PostSpanEmpty
from server.people.models import Person, Post
from server.people.roster import PostRole
from server.people.services import posts
from server.policy import Identity, Role
from server.scopes import EVERYWHERE
from tests.factories.organisations import a_department, an_organisation
from tests.factories.people import TODAY, a_number, a_person, a_post, beneath, who
from tests.moments import NOON

ADMIN = who(Role.ADMINISTRATOR)
R = PostRole
BEGIN = date(2026, 1, 1)


def draft(person: Person, place: Organisation, **said: Any) -> PostDraft:
    usual: dict[str, Any] = {
        "person_id": person.id,
        "organisation_id": place.id,
        "role": R.EMPLOYEE,
        "from_on": BEGIN,
    }
    return PostDraft(**(usual | said))


def assign(
    drafted: PostDraft, post_id: UUID | None = None, by: Identity = ADMIN, **options: Any
) -> Post:
    return posts.assign(post_id or uuid4(), drafted, by=by, at=NOON, **options)


def end(post: Post, until_on: date, *, by: Identity = ADMIN) -> Post:
    return posts.end(post.id, until_on=until_on, on=TODAY, by=by, at=NOON)


def test_a_post_is_held_from_its_first_day(inside: Flask) -> None:
    place = an_organisation()
    person = a_person(place)

    post = assign(
        draft(person, place, role=R.SPECIAL_OPERATIONS_WORKER, items=["2.1", "1.2", "1.2"])
    )

    assert post.items == ["1.2", "2.1"]
    assert posts.held(person.id, on=BEGIN) == [post]
    assert posts.held(person.id, on=BEGIN - timedelta(days=1)) == []
    assert posts.of(person.id) == [post]


def test_the_same_request_again_changes_nothing(inside: Flask) -> None:
    place = an_organisation()
    drafted, post_id = draft(a_person(place), place), uuid4()

    first = assign(drafted, post_id)
    end(first, TODAY)

    assert assign(drafted, post_id) is first
    assert first.until_on == TODAY


def test_a_post_is_not_rewritten(inside: Flask) -> None:
    place = an_organisation()
    person, post_id = a_person(place), uuid4()
    assign(draft(person, place), post_id)

    with pytest.raises(IdTaken):
        assign(draft(person, place, from_on=TODAY), post_id)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"until_on": BEGIN}, PostSpanEmpty),
        ({"items": ["1.2"]}, ItemsUnfit),
        ({"role": R.SPECIAL_OPERATIONS_WORKER}, ItemsUnfit),
        ({"role": R.SPECIAL_OPERATIONS_WORKER, "items": ["77.7"]}, ItemsUnfit),
        (
            {"role": R.SPECIAL_OPERATIONS_WORKER, "items": ["1.4"], "from_on": date(2017, 1, 1)},
            ItemsUnfit,
        ),
    ],
)
def test_what_breaks_the_rules_of_the_roster_is_refused(
    inside: Flask, said: dict[str, Any], refusal: type[Exception]
) -> None:
    place = an_organisation()

    with pytest.raises(refusal):
        assign(draft(a_person(place), place, **said))


def test_the_same_post_is_not_entered_twice_and_may_follow_itself(inside: Flask) -> None:
    place = an_organisation()
    person = a_person(place)
    first = assign(draft(person, place))

    with pytest.raises(PostOverlaps):
        assign(draft(person, place, from_on=TODAY))
    end(first, TODAY)
    assign(draft(person, place, from_on=TODAY))
    assign(draft(person, an_organisation()))

    assert len(posts.held(person.id, on=TODAY)) == 2


def test_an_ended_post_is_held_until_the_day_before(inside: Flask) -> None:
    post = a_post(from_on=BEGIN)

    end(post, TODAY)

    assert posts.held(post.person_id, on=TODAY - timedelta(days=1)) == [post]
    assert posts.held(post.person_id, on=TODAY) == []


def test_an_end_that_has_not_come_yet_may_be_moved(inside: Flask) -> None:
    post = a_post(from_on=BEGIN, until_on=TODAY + timedelta(days=30))

    assert end(post, TODAY + timedelta(days=10)).until_on == TODAY + timedelta(days=10)
    assert end(post, TODAY).until_on == TODAY
    assert end(post, TODAY) is post
    with pytest.raises(PostEnded):
        end(post, TODAY + timedelta(days=1))


def test_a_post_entered_by_mistake_ends_on_its_first_day(inside: Flask) -> None:
    post = a_post(from_on=BEGIN)

    with pytest.raises(PostSpanEmpty):
        end(post, BEGIN - timedelta(days=1))
    end(post, BEGIN)

    assert posts.held(post.person_id, on=BEGIN) == []
    assign(
        PostDraft(
            person_id=post.person_id,
            organisation_id=post.organisation_id,
            role=post.role,
            from_on=BEGIN,
        )
    )


def test_somebody_registered_elsewhere_is_taken_on_by_who_knows_the_number(inside: Flask) -> None:
    place, number = an_organisation(), a_number()
    stranger = a_person(number=number)
    by = who(Role.ENTERPRISE_SAFETY_OFFICER, scope=beneath(place))

    with pytest.raises(NotFound):
        assign(draft(stranger, place), by=by)
    with pytest.raises(NotFound):
        assign(draft(stranger, place), by=by, document_number=a_number())
    post = assign(draft(stranger, place), by=by, document_number=number)

    assert posts.held(stranger.id, on=TODAY) == [post]


def test_posts_outside_the_scope_are_not_there(inside: Flask) -> None:
    place = an_organisation()
    post = a_post()
    by = who(Role.ADMINISTRATOR, scope=beneath(place))

    with pytest.raises(NotFound):
        posts.get(post.id, scope=beneath(place))
    with pytest.raises(NotFound):
        end(post, TODAY, by=by)
    with pytest.raises(NotFound):
        assign(draft(a_person(place), an_organisation()), by=by)
    assert posts.get(post.id) is post


def test_posts_are_listed_by_person_place_role_and_day(inside: Flask) -> None:
    place = an_organisation()
    workshop = a_department(place)
    person = a_person(place)
    past = a_post(person, place, from_on=BEGIN, until_on=date(2026, 2, 1))
    now = a_post(person, workshop, from_on=date(2026, 2, 1), role=R.PRINCIPAL)
    elsewhere = a_post(person)

    def found(**filters: Any) -> set[UUID]:
        return {one.id for one in posts.listed(EVERYWHERE, **filters).items}

    assert found(person_id=person.id) == {past.id, now.id, elsewhere.id}
    assert found(organisation_id=place.id) == {past.id, now.id}
    assert found(organisation_id=place.id, on=TODAY) == {now.id}
    assert found(organisation_id=place.id, role=R.EMPLOYEE) == {past.id}
    assert {one.id for one in posts.listed(beneath(place)).items} == {past.id, now.id}
    assert posts.under(place.id, on=TODAY) == [now]
    assert posts.under(place.id, on=BEGIN) == [past]
