"""Who has an account elsewhere signs in with it, by the button of either app."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from server import clock
from server.auth.models import Account
from server.db import db
from server.federation import talking
from server.federation.models import OutsideIdentity
from server.people.documents import DocumentType
from server.people.models import Person
from server.people.services import numbers
from server.policy import Role
from tests.browser.pages import COUNTING, photograph, serious, settle
from tests.browser.phones import SCREEN, lets_sign_in, moved_clock
from tests.factories.people import a_number
from tests.factories.rosters import a_person
from tests.house import ROOT
from tests.identity_provider import CLIENT_ID, CLIENT_SECRET, Provider

pytestmark = pytest.mark.slow

PICTURES = ROOT / "build" / "screenshots" / "sign-in"

NAME = "某省统一身份认证平台"

#: What is there once somebody is signed in, by the folder of the app.
APPS = {"app": "nav.tabs", "console": ".frame"}


@pytest.fixture
def provider(app, config, address, client, a_signed_in, monkeypatch):
    """Serve a provider that the platform believes; return it."""
    talking.KEPT.forget()
    reaching = config.replaced(webhook_networks=("127.0.0.0/8",), public_url=address)
    monkeypatch.setitem(app.extensions, "config", reaching)
    with Provider(now=clock.now) as serving:
        trust = {
            "issuer": serving.issuer,
            "name_zh": NAME,
            "name_en": "Identity platform of a province",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "scope": "profile identity",
            "number_claim": "document_number",
            "verified_claim": "document_number_verified",
            "document": "某协〔2026〕3号",
        }
        headers = a_signed_in(*Role).headers
        made = client.put(f"/v1/identity-providers/{uuid4()}", json=trust, headers=headers)
        assert made.status_code == 200, made.get_json()
        yield serving


@pytest.fixture
def number(writing):
    """Store somebody with an account and a resident identity card; return their number."""
    found = a_number()
    with writing():
        person = a_person(name="王小明")
        lets_sign_in(person.id, "wang")
        held = db.session.get_one(Person, person.id)
        kind = held.document_type = DocumentType.RESIDENT_IDENTITY_CARD
        for column, value in numbers.closed(held.id, kind, found).items():
            setattr(held, column, value)
    return found


def test_both_apps_offer_the_door_of_another_place_and_let_in_who_comes_back(
    phone_browser, built_app, app, address, provider, number
):
    def there(route):
        """Sign somebody in elsewhere, and send the browser back."""
        claims = {"document_number": number, "document_number_verified": True}
        query = provider.signed_in(route.request.url, **claims)
        back = provider.codes[query["code"]]["redirect_uri"]
        words = "&".join(f"{name}={value}" for name, value in query.items())
        page = f'<meta http-equiv="refresh" content="0;url={back}?{words}">'
        route.fulfill(content_type="text/html", body=page)

    for folder, inside in APPS.items():
        context = phone_browser.new_context(viewport=SCREEN, locale="zh-CN")
        context.add_init_script(moved_clock())
        context.add_init_script(COUNTING)
        context.route(f"{provider.issuer}/auth*", there)
        page = context.new_page()
        page.goto(f"{address}/{folder}/")
        page.locator("[data-outside] button").wait_for()
        settle(page)
        photograph(page, PICTURES / folder)
        assert serious(page) == []
        page.get_by_role("button", name=f"用{NAME}登录").click()
        page.wait_for_selector(inside)
        assert "signed-in" not in page.url
        context.close()

    with app.app_context():
        account = db.session.scalars(select(Account).where(Account.sign_in_name == "wang")).one()
        (link,) = db.session.scalars(select(OutsideIdentity))
        assert link.account_id == account.id
