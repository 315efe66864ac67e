"""The public page of progress on a narrow phone: readable by everybody, nothing from elsewhere."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from certificates import watching
from certificates.commands import load_rules_and_indicators, publish_progress
from server import clock
from server.people.roster import PostRole
from server.regions import services as regions
from server.regions.models import Region
from tests.factories.rosters import a_person, a_post, a_region, an_organisation, stored


@pytest.fixture
def published(app, writing):
    """Publish the month for a province of three cities."""
    with writing():
        load_rules_and_indicators()
        one = regions.id_of("140000")
        province = stored(Region(id=one, code="140000", name="山西省", level=1, path=f"/{one}/"))
        for number, name in enumerate(("太原市", "大同市", "长治市"), start=1):
            works = an_organisation(a_region(province, name=name))
            for _ in range(8 * number):
                a_post(
                    a_person(works), works, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=("1.2",)
                )
    with app.app_context():
        watching.work_off(clock.now())
        publish_progress(clock.now())


def test_the_page_fits_a_narrow_phone_and_anybody_can_read_it(published, page, address):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 360, "height": 740})

    page.goto(f"{address}/progress")
    for summary in page.locator("summary").all():
        summary.click()

    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    assert page.get_by_role("rowheader", name="太原市").first.is_visible()
    assert all(url.startswith(address) for url in asked)
    assert Axe().run(page).response["violations"] == []
