"""What journeys over HTTP may ask for: somebody who may do everything everywhere."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from server.config import Config
from server.policy import Role
from tests.conftest import SigningIn
from tests.factories.exchange import an_agreement, token_headers
from tests.factories.regions import a_county

Headers = dict[str, str]


@pytest.fixture
def almighty(a_signed_in: SigningIn) -> Headers:
    """Headers of somebody who holds every role everywhere."""
    return a_signed_in(*Role).headers


@pytest.fixture
def a_system(writing: Callable[[], AbstractContextManager[None]], config: Config) -> Headers:
    """Headers of another system that may do all that systems may, in a county of its own."""
    with writing():
        agreement = an_agreement(a_county())
    return token_headers(agreement, config)
