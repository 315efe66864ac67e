"""Signing in and out, one's devices, one's password, who one is (登录接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server import clock, days
from server.access import identity, open_to_all, signed_in_only
from server.auth import doorkeeper
from server.auth.doorkeeper import Tokens
from server.auth.errors import (
    FirstPasswordExpired,
    NewPasswordNotAsked,
    PasswordMustBeChanged,
    RefreshRefused,
    RefreshReused,
    TooManyTries,
    WrongCredentials,
)
from server.auth.schemas import (
    DeviceOut,
    MeOut,
    PasswordChangeIn,
    RefreshIn,
    SignInIn,
    TokensOut,
    permissions_of,
)
from server.auth.services import accounts, devices, signing_in
from server.auth.services.devices import Arrival
from server.db import transaction
from server.errors import Unavailable
from server.http import Part
from server.paging import Page, PageQuery

views = Part("signing_in", "Signing in and out, and who one is 登录")


@views.route("/sign-in", methods=["POST"])
@open_to_all
@views.arguments(SignInIn)
@views.response(200, TokensOut)
@views.refuses(WrongCredentials, TooManyTries, PasswordMustBeChanged, FirstPasswordExpired)
@views.refuses(NewPasswordNotAsked, Unavailable)
def sign_in(body: dict[str, Any]) -> Tokens:
    """Sign in on a device. An earlier sign-in of the same device ends, so repeating is harmless."""
    at = clock.now()
    arrival = Arrival(
        device_id=body["device_id"], name=body["device_name"], address=doorkeeper.address()
    )
    with transaction():
        knock = signing_in.knock(
            body["sign_in_name"], arrival=arrival, at=at, on=days.civil_day(at)
        )
    # The password takes long to prove: no transaction is open meanwhile.
    proof = signing_in.prove(knock, body["password"], new_password=body["new_password"], at=at)
    lifetime = doorkeeper.settings().refresh_token_lifetime
    with transaction():
        admission = signing_in.admit(proof, arrival, at=at, lifetime=lifetime)
    given = doorkeeper.tokens_of(admission, at)
    return doorkeeper.in_cookie(given) if body["refresh_in_cookie"] else given


@views.route("/refresh", methods=["POST"])
@open_to_all
@views.arguments(RefreshIn)
@views.response(200, TokensOut)
@views.refuses(RefreshRefused, RefreshReused)
def refresh_tokens(body: dict[str, Any]) -> Tokens:
    """Replace the refresh token. Repeat it within seconds if the reply was lost: same answer."""
    at = clock.now()
    lifetime = doorkeeper.settings().refresh_token_lifetime
    shown = body["refresh_token"] or doorkeeper.cookie() or ""
    with transaction():
        refresh = devices.refresh(shown, device_id=body["device_id"], at=at, lifetime=lifetime)
    # Asked after the commit: that an old token was shown is stored although it is refused.
    given = doorkeeper.tokens_of(refresh.admitted(), at)
    return given if body["refresh_token"] else doorkeeper.in_cookie(given)


@views.route("/me")
@signed_in_only
@views.response(200, MeOut)
def show_me() -> dict[str, Any]:
    """Show who one is, which roles one has where, and what they allow."""
    me = identity()
    account = accounts.get(me.account_id)
    return {
        "account_id": me.account_id,
        "person_id": me.person_id,
        "name": account.person.name,
        "sign_in_name": account.sign_in_name,
        "grants": me.grants,
        "permissions": permissions_of(me),
    }


@views.route("/me/password", methods=["PUT"])
@signed_in_only
@views.arguments(PasswordChangeIn)
@views.response(204)
@views.refuses(WrongCredentials, TooManyTries, Unavailable)
def change_password(body: dict[str, Any]) -> None:
    """Change one's password. All other devices are signed out."""
    me, sid, at = identity(), doorkeeper.sid(), clock.now()
    with transaction():
        knock = signing_in.knock_again(me, sid, at=at, on=days.civil_day(at))
    proof = signing_in.prove_change(knock, body["password"], body["new_password"])
    with transaction():
        signing_in.change_password(proof, by=me, sid=sid, at=at)


@views.route("/me/devices")
@signed_in_only
@views.arguments(PageQuery, location="query")
@views.page(DeviceOut)
def list_my_devices(query: dict[str, Any]) -> Page:
    """List the devices on which one is signed in."""
    return devices.listed(identity().account_id, at=clock.now(), **query)


@views.route("/me/sign-out", methods=["PUT"])
@signed_in_only
@views.response(204)
def sign_out() -> None:
    """Sign out of this device. Its tokens stop counting within five seconds."""
    me, sid = identity(), doorkeeper.sid()
    with transaction():
        devices.sign_out(sid, by=me, at=clock.now())
    doorkeeper.forget_cookie()


@views.route("/me/devices/<uuid:sid>/sign-out", methods=["PUT"])
@signed_in_only
@views.response(204)
def sign_out_device(sid: UUID) -> None:
    """Sign out of one of one's devices, such as a lost phone."""
    me = identity()
    with transaction():
        devices.sign_out(sid, by=me, at=clock.now())


@views.route("/me/devices/sign-out", methods=["PUT"])
@signed_in_only
@views.response(204)
def sign_out_everywhere() -> None:
    """Sign out of all of one's devices, this one as well."""
    me = identity()
    with transaction():
        devices.sign_out_everywhere(by=me, at=clock.now())
