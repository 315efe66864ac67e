"""What journeys over HTTP may ask for: somebody who may do everything everywhere."""

from __future__ import annotations

import pytest

from server.policy import Role
from tests.conftest import SigningIn

Headers = dict[str, str]


@pytest.fixture
def almighty(a_signed_in: SigningIn) -> Headers:
    """Headers of somebody who holds every role everywhere."""
    return a_signed_in(*Role).headers
