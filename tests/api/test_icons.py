"""Every page names an icon that is there: a browser would ask for one by itself, and find none."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/status", "/integrators", "/verify", "/verify/card", "/verify/gate"]
)
def test_a_page_names_an_icon_that_is_there(client: FlaskClient, path: str) -> None:
    (icon,) = re.findall('<link rel="icon" href="([^"]+)"', client.get(path).get_data(as_text=True))

    with client.get(icon) as response:
        assert (response.status_code, response.mimetype) == (200, "image/svg+xml")
