"""The demonstration's organisations and people, none of which exists (演示单位与人员).

Names come from Faker under a fixed seed. Document numbers and credit codes have valid check digits
and begin with 100000, a division that GB/T 2260 never gave out, so that no citizen and no
enterprise can have them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, UUID, uuid5

from server import days
from server.demonstration import Demonstration
from server.organisations import credit_code
from server.organisations import services as organisations
from server.organisations.drafts import Draft, OrganisationKind
from server.organisations.models import Organisation
from server.people import documents
from server.people.documents import DocumentType
from server.people.drafts import Education, PersonDraft, PostDraft
from server.people.roster import PostRole
from server.people.services import doubles, people, posts
from server.policy import Grant, Identity, Role
from server.regions import services as regions
from server.scopes import EVERYWHERE, Scope

if TYPE_CHECKING:
    from faker import Faker

#: Ids grow from this, so that every installation shows the same demonstration.
_NAMESPACE = uuid5(NAMESPACE_URL, "urn:demonstration")

#: A division that no number was ever issued for.
NOWHERE_CODE = "100000"

#: More than the people it makes.
_EVERYBODY = 1_000

#: The district in which the demonstration plays: 杭州市滨江区.
DISTRICT_CODE = "330108"

_R = PostRole
_O = OrganisationKind

#: Organisations by the name the loaders agree on: kind, name, industry.
_PLACES: dict[str, tuple[OrganisationKind, str, str | None]] = {
    "authority": (_O.AUTHORITY, "示范区应急管理局", None),
    "provider": (_O.PROVIDER, "示范安全培训中心", "83"),
    "test_centre": (_O.TEST_CENTRE, "示范安全生产考试点", "83"),
    "enterprise": (_O.ENTERPRISE, "青石示范化工有限公司", "26"),
    "second_enterprise": (_O.ENTERPRISE, "远山示范机械有限公司", "34"),
    "third_enterprise": (_O.ENTERPRISE, "云台示范建筑工程有限公司", "47"),
}

_DEPARTMENTS = {
    "enterprise": ("生产车间", "设备维修部", "安全环保部"),
    "second_enterprise": ("装配车间", "动力车间"),
    "third_enterprise": ("第一项目部",),
}

#: Who serves where: the account's role, and the post that goes with it.
_STAFF: tuple[tuple[Role, str, PostRole], ...] = (
    (Role.ADMINISTRATOR, "authority", _R.REGULATOR_STAFF),
    (Role.AUTHOR, "authority", _R.REGULATOR_STAFF),
    (Role.REVIEWER, "authority", _R.REGULATOR_STAFF),
    (Role.PLANNER, "authority", _R.REGULATOR_STAFF),
    (Role.ISSUER, "authority", _R.REGULATOR_STAFF),
    (Role.ANALYST, "authority", _R.REGULATOR_STAFF),
    (Role.AUDITOR, "authority", _R.REGULATOR_STAFF),
    (Role.INVIGILATOR, "test_centre", _R.EMPLOYEE),
    (Role.EXAMINER, "test_centre", _R.EMPLOYEE),
    (Role.PROVIDER_STAFF, "provider", _R.EMPLOYEE),
    (Role.ENTERPRISE_SAFETY_OFFICER, "enterprise", _R.FULL_TIME_SAFETY_MANAGER),
    (Role.CENTRE_MANAGER, "test_centre", _R.EMPLOYEE),
    (Role.PROVIDER_MANAGER, "provider", _R.EMPLOYEE),
    (Role.TEACHER, "provider", _R.EMPLOYEE),
)

#: Who came after the crews: whoever is drawn by lot before them is who they always were.
_LATER: tuple[tuple[Role, str, PostRole], ...] = ((Role.LEADER, "authority", _R.REGULATOR_STAFF),)

#: Who works in each enterprise: the post, its operation items, and how many.
_CREW: tuple[tuple[PostRole, tuple[str, ...], int], ...] = (
    (_R.PRINCIPAL, (), 1),
    (_R.SAFETY_MANAGER, (), 2),
    (_R.SPECIAL_OPERATIONS_WORKER, ("1.2",), 5),
    (_R.SPECIAL_OPERATIONS_WORKER, ("1.1", "1.2"), 1),
    (_R.SPECIAL_OPERATIONS_WORKER, ("2.1",), 2),
    (_R.SPECIAL_OPERATIONS_WORKER, ("3.1",), 1),
    (_R.EMPLOYEE, (), 8),
)

#: Roles that hold for a whole region, not for one organisation only.
_REGIONAL = frozenset(
    {
        *(Role.PLANNER, Role.ISSUER, Role.ANALYST, Role.AUDITOR),
        *(Role.PROVIDER_STAFF, Role.INVIGILATOR, Role.EXAMINER, Role.LEADER),
    }
)

#: Of age, and not yet retired: 22 to 54 years.
_AGES_IN_DAYS = (8_100, 19_700)


@dataclass(kw_only=True)
class _Stage:
    """What one loading needs at hand."""

    at: datetime
    by: Identity
    faker: Faker
    places: dict[str, Organisation] = field(default_factory=dict)

    @property
    def on(self) -> date:
        return days.civil_day(self.at)


def load(play: Demonstration) -> None:
    """Load a district with an authority, a provider, a test centre, and three enterprises.

    Runs in the caller's transaction, after the national list of regions is there. Leaves in
    `play.made`: the ids of `region` and of each organisation by name (`authority`, `provider`,
    `test_centre`, `enterprise`, …); an `Identity` for each role of staff by the role's name
    (`administrator`, `author`, …), whose account is still to be made under its `account_id`; and
    `crew`, the ids of those who hold posts in the enterprises: `{"principal": [...], …}`.
    """
    from faker import Faker  # needed once in the life of a server that keeps it out of its memory

    play.say("示范单位、人员和岗位 Demonstration organisations, people and posts")
    faker = Faker("zh_CN")
    faker.seed_instance(20260601)
    administrator = _identity(Role.ADMINISTRATOR, EVERYWHERE)
    stage = _Stage(at=play.at, by=administrator, faker=faker)
    _found(stage)
    play.made["region"] = regions.id_of(DISTRICT_CODE)
    play.made |= {name: place.id for name, place in stage.places.items()}
    play.made |= dict(_staff(stage, _STAFF))
    play.made["crew"] = _crews(stage)
    play.made |= dict(_staff(stage, _LATER))
    doubles.look(limit=_EVERYBODY, at=play.at)


def _found(stage: _Stage) -> None:
    region_id = regions.id_of(DISTRICT_CODE)
    for name, (kind, title, industry) in _PLACES.items():
        code = None if kind is _O.AUTHORITY else _credit_code(stage.faker)
        draft = Draft(
            kind=kind, name=title, credit_code=code, industry=industry, region_id=region_id
        )
        stage.places[name] = _register(name, draft, stage)
        for number, department in enumerate(_DEPARTMENTS.get(name, ()), start=1):
            below = Draft(kind=_O.DEPARTMENT, name=department, parent_id=stage.places[name].id)
            stage.places[f"{name}_department_{number}"] = _register(
                f"{name}_department_{number}", below, stage
            )


def _register(name: str, draft: Draft, stage: _Stage) -> Organisation:
    return organisations.register(_id(f"place {name}"), draft, by=stage.by, at=stage.at)


def _staff(
    stage: _Stage, staff: Iterable[tuple[Role, str, PostRole]]
) -> Iterator[tuple[str, Identity]]:
    region_path = regions.get(regions.id_of(DISTRICT_CODE)).path
    for role, place_name, post_role in staff:
        place = stage.places[place_name]
        _enter(role.value, place, place, post_role, (), stage)
        scope = Scope(organisation_paths=(place.path,))
        if role in _REGIONAL:
            scope = Scope(region_paths=(region_path,))
        if role is Role.ADMINISTRATOR:
            scope = EVERYWHERE
        yield role.value, _identity(role, scope)


def _crews(stage: _Stage) -> dict[str, list[UUID]]:
    crew: dict[str, list[UUID]] = {}
    for name in _DEPARTMENTS:
        place = stage.places[name]
        floors = [
            stage.places[f"{name}_department_{n + 1}"] for n in range(len(_DEPARTMENTS[name]))
        ]
        for number, (role, items) in enumerate(_everyone()):
            # Whoever leads belongs to the enterprise itself, everybody else to a department.
            leads = role in (_R.PRINCIPAL, _R.SAFETY_MANAGER)
            floor = place if leads else floors[number % len(floors)]
            person_id = _enter(f"{name} {number}", place, floor, role, items, stage)
            crew.setdefault(role.value, []).append(person_id)
    return crew


def _everyone() -> Iterable[tuple[PostRole, tuple[str, ...]]]:
    return ((role, items) for role, items, count in _CREW for _ in range(count))


def _enter(
    name: str,
    home: Organisation,
    place: Organisation,
    role: PostRole,
    items: tuple[str, ...],
    stage: _Stage,
) -> UUID:
    person_id, faker = _id(f"person {name}"), stage.faker
    birth_on = stage.on - timedelta(days=faker.random_int(*_AGES_IN_DAYS))
    draft = PersonDraft(
        name=faker.name(),
        registered_under_id=home.id,
        document_type=DocumentType.RESIDENT_IDENTITY_CARD,
        document_number=number_of(birth_on, faker.random_int(1, 999)),
        phone=f"100{faker.random_int(0, 99_999_999):08d}",
        education=faker.random_element(tuple(Education)),
    )
    people.register(person_id, draft, by=stage.by, at=stage.at)
    begun = stage.on - timedelta(days=faker.random_int(30, 2000))
    post = PostDraft(
        person_id=person_id, organisation_id=place.id, role=role, items=items, from_on=begun
    )
    posts.assign(_id(f"post {name}"), post, by=stage.by, at=stage.at)
    return person_id


def number_of(birth_on: date, sequence: int) -> str:
    """Return a resident identity number that nobody has, with the right check digit."""
    first_17 = f"{NOWHERE_CODE}{birth_on:%Y%m%d}{sequence:03d}"
    return first_17 + documents.check_digit(first_17)


def _credit_code(faker: Faker) -> str:
    first_17 = f"91{NOWHERE_CODE}{faker.random_int(0, 999_999_999):09d}"
    return first_17 + credit_code.check_character(first_17)


def _identity(role: Role, scope: Scope) -> Identity:
    return Identity(
        account_id=_id(f"account {role.value}"),
        person_id=_id(f"person {role.value}"),
        grants=(Grant(role=role, scope=scope),),
    )


def _id(name: str) -> UUID:
    return uuid5(_NAMESPACE, name)
