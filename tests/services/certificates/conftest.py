"""What tests of coverage have in common: an issuer, and an enterprise in a county of a city."""

import pytest

from certificates.models import Issuer
from server.organisations.models import Organisation
from tests.factories.certificates import an_issuer
from tests.factories.rosters import a_region, an_organisation


@pytest.fixture
def issuer(inside: object) -> Issuer:
    """Store an authority that issues, with rules and indicators."""
    return an_issuer()


@pytest.fixture
def works(issuer: Issuer) -> Organisation:
    """Store an enterprise in a county of a city."""
    return an_organisation(a_region(a_region()), name="某机械厂")
