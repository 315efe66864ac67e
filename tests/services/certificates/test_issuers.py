"""Which authority issues, and who may say so."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from certificates import keys, tokens
from certificates.errors import IssuerTaken, NoIssuer, NotAnAuthority
from certificates.services import finding, issuers, trusting
from certificates.trust import TrustList
from server.db import db
from server.errors import NotFound
from server.organisations.drafts import OrganisationKind
from server.policy import Grant, Identity, Role
from server.scopes import EVERYWHERE, Scope
from tests.factories.certificates import a_certificate, an_issuer, qualification
from tests.factories.rosters import a_person, a_post, a_region, an_organisation
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def tree():
    province = a_region()
    city = a_region(province)
    county = a_region(city)
    return province, city, county


def _centre(region, parent=None):
    return an_organisation(region, kind=OrganisationKind.TEST_CENTRE, parent=parent)


def test_the_nearest_region_above_issues(tree):
    province, city, county = tree
    an_issuer(province, code="370000")
    nearest = an_issuer(city, code="371300")

    assert issuers.responsible(qualification(), _centre(county)) is nearest


def test_a_neighbour_does_not_issue(tree):
    province, _, county = tree
    an_issuer(a_region(province), code="370100")

    with pytest.raises(NoIssuer):
        issuers.responsible(qualification(), _centre(county))


def test_a_nearer_authority_that_may_not_certify_it_is_passed_over(tree):
    province, city, county = tree
    able = an_issuer(province, code="370000")
    an_issuer(city, code="371300", qualifications=["principal"])

    assert issuers.responsible(qualification(), _centre(county)) is able


def test_the_authority_a_centre_belongs_to_goes_before_the_region(tree):
    province, _, county = tree
    an_issuer(county, code="371302")
    owner = an_organisation(province, kind=OrganisationKind.AUTHORITY)
    own = an_issuer(code="370000", organisation=owner)

    assert issuers.responsible(qualification(), _centre(county, owner)) is own


def _register(issuer_id, organisation, *, code="371300", codes=None, by=None):
    return issuers.register(
        issuer_id,
        organisation_id=organisation.id,
        code=code,
        qualifications=codes,
        by=by,
        at=NOON,
    )


def test_only_an_authority_is_registered():
    with pytest.raises(NotAnAuthority):
        _register(uuid4(), an_organisation())


def test_what_an_issuer_may_certify_can_be_corrected():
    authority = an_organisation(kind=OrganisationKind.AUTHORITY)
    issuer = _register(uuid4(), authority)

    same = _register(issuer.id, authority, codes=["principal", "principal"])

    assert same is issuer
    assert same.qualifications == ["principal"]
    assert _register(issuer.id, authority, codes=["principal"]) is issuer


@pytest.mark.parametrize("clash", ["code", "organisation", "changed code"])
def test_code_and_organisation_are_registered_once(clash):
    authority = an_organisation(kind=OrganisationKind.AUTHORITY)
    other = an_organisation(kind=OrganisationKind.AUTHORITY)
    issuer = _register(uuid4(), authority)
    again = {
        "code": lambda: _register(uuid4(), other),
        "organisation": lambda: _register(uuid4(), authority, code="140000"),
        "changed code": lambda: _register(issuer.id, authority, code="140000"),
    }

    with pytest.raises(IssuerTaken):
        again[clash]()


def test_who_registers_must_answer_for_the_organisation():
    authority = an_organisation(kind=OrganisationKind.AUTHORITY)
    elsewhere = Scope(organisation_paths=(an_organisation().path,))
    stranger = Identity(
        account_id=uuid4(),
        person_id=uuid4(),
        grants=(Grant(role=Role.ADMINISTRATOR, scope=elsewhere),),
    )

    with pytest.raises(NotFound):
        _register(uuid4(), authority, by=stranger)


def test_issuers_are_listed_and_found_within_the_scope():
    issuer = an_issuer()
    elsewhere = Scope(organisation_paths=(an_organisation().path,))

    assert issuers.listed(EVERYWHERE).items == [issuer]
    assert issuers.listed(elsewhere).items == []
    with pytest.raises(NotFound):
        issuers.get(issuer.id, scope=elsewhere)


def test_a_key_is_on_the_trust_list_before_the_first_certificate():
    assert trusting.trust_list().keys == ()

    issuer = an_issuer(qualifications=["low_voltage_electrician"])

    (key,) = trusting.trust_list().keys
    assert (key.issuer, key.issuer_name) == ("371300", "某市应急管理局")
    assert key.qualifications == frozenset({"low_voltage_electrician"})
    assert key.not_before == NOON.date()

    certificate = a_certificate(issuer=issuer)
    pinned = TrustList(keys=(key,))
    assert tokens.read(certificate.token, pinned, on=NOON.date()).issuer == "371300"
    assert trusting.trust_list().keys == (key,)


def test_registering_again_lists_a_key_that_was_exchanged_and_keeps_the_old_one(
    app, tmp_path, monkeypatch
):
    issuer = an_issuer()
    (old,) = trusting.trust_list().keys
    (tmp_path / keys.FILE_NAME).parent.mkdir()
    (tmp_path / keys.FILE_NAME).write_text(keys.fresh(), "ascii")
    monkeypatch.setitem(
        app.extensions, "certificate_keys", keys.KeyRing(tmp_path, production=False)
    )

    for _ in range(2):
        issuers.register(
            issuer.id,
            organisation_id=issuer.organisation_id,
            code=issuer.code,
            qualifications=None,
            by=None,
            at=NOON + timedelta(days=30),
        )

    kids = {key.kid for key in trusting.trust_list().keys}
    assert len(kids) == 2
    assert old.kid in kids


def test_certificates_are_seen_from_the_issuer_the_employer_and_the_keeper_of_the_file():
    employer, keeper, stranger = an_organisation(), an_organisation(), an_organisation()
    person = a_person(keeper)
    a_post(person, employer)
    certificate = a_certificate(person)
    issuer = certificate.issuer.organisation

    for organisation, sees in [(employer, 1), (keeper, 1), (issuer, 1), (stranger, 0)]:
        scope = Scope(organisation_paths=(organisation.path,))
        assert len(finding.listed(scope).items) == sees


def test_certificates_are_listed_by_what_is_asked():
    certificate, other = a_certificate(), a_certificate(issuer=an_issuer(code="140000"))
    db.session.flush()

    def found(**asked):
        return [each.id for each in finding.listed(EVERYWHERE, **asked).items]

    assert found(number=certificate.number.lower()) == [certificate.id]
    assert found(number="T000000") == []
    assert found(person_id=other.person_id) == [other.id]
    assert found(issuer_id=other.issuer_id) == [other.id]
    assert set(found(qualification_id=other.qualification_id)) == {certificate.id, other.id}


def test_another_persons_certificate_is_not_found():
    certificate = a_certificate()

    assert finding.of_person(certificate.id, certificate.person_id) is certificate
    with pytest.raises(NotFound):
        finding.of_person(certificate.id, uuid4())
