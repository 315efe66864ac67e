"""The setting of a story: regions, organisations, staff and candidates, made over HTTP (场景)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID

from load_tests.client import Client
from load_tests.messages import Ask, get, put
from load_tests.people import Firm, Somebody, firms, somebodies
from load_tests.server_process import SignIn

#: The days of the law are days in Shanghai.
SHANGHAI = timezone(timedelta(hours=8))

#: The roles that the administrator appoints somebody to, and the organisation each belongs to.
STAFF = {
    "author": "authority",
    "reviewer": "authority",
    "planner": "authority",
    "issuer": "authority",
    "analyst": "authority",
    "auditor": "authority",
    "invigilator": "test_centre",
    "provider_staff": "provider",
}

#: GB/T 4754 divisions: making of chemicals (marked as high-risk), public administration, teaching.
_CHEMICALS, _ADMINISTRATION, _TEACHING = "26", "92", "83"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody who learns, sits exams and holds certificates, with their own phone."""

    person_id: UUID
    papers: Somebody
    phone: Client


@dataclass(kw_only=True)
class Setting:
    """Who and what there is, and the ids it was made under."""

    url: str
    admin: Client
    seed: int
    staff: dict[str, Client] = field(default_factory=dict)
    #: Ids of organisations by what they are: authority, test_centre, provider, enterprise.
    organisations: dict[str, UUID] = field(default_factory=dict)
    #: Everybody whose papers the server was told.
    told: list[Somebody] = field(default_factory=list)
    #: The district in which everything happens.
    region_id: UUID = field(init=False)
    #: Ids of qualifications by code.
    qualifications: dict[str, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._dice = Random(self.seed)
        self._somebodies: Iterator[Somebody] = somebodies(self.seed, on=today())
        self._firms: Iterator[Firm] = firms(self.seed)

    def new_id(self) -> UUID:
        """Return the id of the next thing: the same seed makes the same ids."""
        return UUID(int=self._dice.getrandbits(128), version=4)

    def next_person(self) -> Somebody:
        """Return somebody who was not there yet."""
        somebody = next(self._somebodies)
        self.told.append(somebody)
        return somebody

    def next_firm(self) -> Firm:
        """Return a firm that was not there yet."""
        return next(self._firms)


def today() -> date:
    """Return the day in Shanghai."""
    return datetime.now(SHANGHAI).date()


def build(url: str, sign_ins: Iterable[SignIn], *, seed: int) -> Setting:
    """Sign the administrator in, and make everything that a story needs as they may.

    The story plays in the district of the demonstration, so that its own author sees every
    question that a paper may draw, the demonstration's among them.

    Args:
        url: where the server is.
        sign_ins: the demonstration accounts of that server.
        seed: the same seed makes the same people and ids.

    Raises:
        Refused: the administrator may not do what is asked.
        LookupError: there is no administrator, or no authority.
    """
    of_role = {one.role: one for one in reversed(list(sign_ins))}
    setting = Setting(url=url, admin=_signed_in(url, of_role["administrator"]), seed=seed)
    (authority,) = first(setting.admin, "/v1/organisations", 1, kind="authority")
    setting.region_id = UUID(authority["region_id"])
    make_organisations(setting)
    for role, organisation in STAFF.items():
        setting.staff[role] = appoint(setting, role, organisation)
    found = pages(setting.staff["planner"], "/v1/qualifications")
    setting.qualifications = {one["code"]: UUID(one["id"]) for one in found}
    return setting


def _signed_in(url: str, account: SignIn) -> Client:
    client = Client(url, language="en")
    client.sign_in(account.sign_in_name, account.password)
    return client


def appoint(setting: Setting, role: str, organisation: str) -> Client:
    """Let the administrator give somebody new a role in the district; return their client."""
    person_id = register(setting, setting.next_person(), under=organisation)
    grant = {"role": role, "region_id": setting.region_id, "from_on": today()}
    return open_account(setting, person_id, f"s{setting.new_id().hex[:16]}", grant)


def make_organisations(setting: Setting) -> None:
    """Register an authority with a test centre, a provider, and an enterprise at high risk."""
    industries = {
        "authority": _ADMINISTRATION,
        "test_centre": _TEACHING,
        "provider": _TEACHING,
        "enterprise": _CHEMICALS,
    }
    for kind, industry in industries.items():
        firm = setting.next_firm()
        organisation_id = setting.new_id()
        body = {
            "kind": kind,
            "name": firm.name if kind == "enterprise" else f"走查{_NAMES[kind]}",
            "credit_code": firm.credit_code,
            "industry": industry,
            "region_id": setting.region_id,
            # The nearest authority above a test centre is the one that certifies.
            "parent_id": setting.organisations["authority"] if kind == "test_centre" else None,
        }
        address = "/v1/organisations/{organisation_id}"
        setting.admin.send(put(address, body, organisation_id=organisation_id)).good()
        setting.organisations[kind] = organisation_id
    body = {"organisation_id": setting.organisations["authority"], "code": f"T{setting.seed}"}
    setting.admin.send(put("/v1/issuers/{issuer_id}", body, issuer_id=setting.new_id())).good()


_NAMES = {"authority": "应急管理局", "provider": "安全培训中心", "test_centre": "安全考试点"}


def register(setting: Setting, somebody: Somebody, *, under: str) -> UUID:
    """Register a person under an organisation of the setting."""
    person_id = setting.new_id()
    ask = person_to_register(person_id, somebody, under=setting.organisations[under])
    setting.admin.send(ask).good()
    return person_id


def person_to_register(person_id: UUID, somebody: Somebody, *, under: UUID) -> Ask:
    """Return the request that registers a person."""
    body = {
        "name": somebody.name,
        "registered_under_id": under,
        "document_type": "resident_identity_card",
        "document_number": somebody.document_number,
        "sex": somebody.sex,
        "birth_on": somebody.birth_on,
        "phone": somebody.phone,
    }
    return put("/v1/people/{person_id}", body, person_id=person_id)


def open_account(setting: Setting, person_id: UUID, name: str, grant: dict[str, Any]) -> Client:
    """Give a person an account and a role; return a phone on which they are signed in.

    Args:
        setting: where they live.
        person_id: who they are.
        name: that they sign in with.
        grant: the role and where it holds, as the API takes it.
    """
    account_id = setting.new_id()
    body = {"person_id": person_id, "sign_in_name": name}
    ask = put("/v1/accounts/{account_id}", body, account_id=account_id)
    first_password = setting.admin.send(ask).good()["first_password"]
    address = "/v1/accounts/{account_id}/grants/{grant_id}"
    ask = put(address, grant, account_id=account_id, grant_id=setting.new_id())
    setting.admin.send(ask).good()
    phone = Client(setting.url)
    # A password of one's own, drawn from the seed: it protects nothing but this run.
    phone.sign_in(name, first_password, new_password=f"{setting.new_id().hex[:20]}-Lt")
    return phone


def a_candidate(
    setting: Setting, role: str, *, items: tuple[str, ...] = (), since: date | None = None
) -> Candidate:
    """Make somebody with a post at the enterprise and a phone of their own.

    Args:
        setting: where they live.
        role: of the post.
        items: operation items of the post.
        since: the first day of the post; by default long enough for every grace to be over.
    """
    somebody = setting.next_person()
    person_id = register(setting, somebody, under="enterprise")
    body = {
        "person_id": person_id,
        "organisation_id": setting.organisations["enterprise"],
        "role": role,
        "items": list(items),
        "from_on": since or today() - timedelta(days=400),
    }
    setting.admin.send(put("/v1/posts/{post_id}", body, post_id=setting.new_id())).good()
    grant = {
        "role": "worker",
        "organisation_id": setting.organisations["enterprise"],
        "from_on": today(),
    }
    phone = open_account(setting, person_id, f"c{setting.new_id().hex[:16]}", grant)
    return Candidate(person_id=person_id, papers=somebody, phone=phone)


def pages(client: Client, address: str, **query: object) -> Iterator[dict[str, Any]]:
    """Yield the things of a list, page after page, to its end."""
    cursor: str | None = None
    while True:
        page = client.send(get(address, query={**query, "cursor": cursor, "limit": 200})).good()
        yield from page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return


def first(client: Client, address: str, count: int, **query: object) -> list[dict[str, Any]]:
    """Return the first things of a list."""
    return list(islice(pages(client, address, **query), count))
