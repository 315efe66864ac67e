"""What goes in and out about signing in, accounts and grants (账户的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from server.auth.services.grants import Draft
from server.paging import PageQuery
from server.policy import OWN, Identity, Permission, Role

#: Characters of a password that are read at all; what is longer is refused unread.
_PASSWORD = validate.Length(1, 512)


class SignInIn(Schema):
    """Who wants to sign in, and on which device."""

    sign_in_name = fields.String(
        required=True,
        validate=validate.Length(1, 100),
        metadata={"description": "The sign-in name, or the telephone number of the account."},
    )
    password = fields.String(required=True, load_only=True, validate=_PASSWORD)
    new_password = fields.String(
        load_default=None,
        load_only=True,
        validate=_PASSWORD,
        metadata={"description": "Only after `password_must_be_changed`."},
    )
    device_id = fields.UUID(
        required=True,
        metadata={"description": "Made once by the app, kept on the device, told to nobody."},
    )
    device_name = fields.String(load_default="", validate=validate.Length(0, 80))
    refresh_in_cookie = fields.Boolean(
        load_default=False,
        metadata={
            "description": "For pages in a browser: the refresh token comes as a cookie that no "
            "script can read, and is null in this and every later reply."
        },
    )


class RefreshIn(Schema):
    """The refresh token that is to be replaced."""

    refresh_token = fields.String(
        load_default=None,
        load_only=True,
        validate=validate.Length(1, 200),
        metadata={"description": "Left out where it is in the cookie."},
    )
    device_id = fields.UUID(required=True, metadata={"description": "As at sign-in."})


class TokensOut(Schema):
    """The tokens of a device that is signed in."""

    account_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    sid = fields.UUID(required=True, metadata={"description": "This device, as listed."})
    access_token = fields.String(
        required=True, metadata={"description": "Send it as `Authorization: Bearer …`."}
    )
    access_expires_at = fields.AwareDateTime(required=True)
    refresh_token = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Good for one refresh; keep only the newest. Null where it is in the "
            "cookie."
        },
    )
    refresh_expires_at = fields.AwareDateTime(required=True)
    now = fields.AwareDateTime(required=True, metadata={"description": "The server's clock."})


class PasswordChangeIn(Schema):
    """The old password and the one that shall replace it."""

    password = fields.String(required=True, load_only=True, validate=_PASSWORD)
    new_password = fields.String(required=True, load_only=True, validate=_PASSWORD)


class DeviceOut(Schema):
    """A device on which one is signed in."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    signed_in_at = fields.AwareDateTime(required=True)
    refreshed_at = fields.AwareDateTime(required=True, attribute="rotated_at")
    expires_at = fields.AwareDateTime(required=True)


class ScopeOut(Schema):
    """Where a role or permission holds: everywhere, or beneath the paths."""

    everywhere = fields.Boolean(required=True)
    organisation_paths = fields.List(fields.String(), required=True)
    region_paths = fields.List(fields.String(), required=True)


class HeldGrantOut(Schema):
    """A role that holds now, and where."""

    role = fields.Enum(Role, by_value=True, required=True)
    scope = fields.Nested(ScopeOut, required=True)


class MeOut(Schema):
    """Who is asking, and what they may do."""

    account_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    name = fields.String(required=True)
    sign_in_name = fields.String(required=True)
    grants = fields.List(fields.Nested(HeldGrantOut), required=True)
    permissions = fields.List(fields.Enum(Permission, by_value=True), required=True)


class AccountIn(Schema):
    """An account to create for a person."""

    person_id = fields.UUID(required=True)
    sign_in_name = fields.String(required=True, validate=validate.Length(1, 100))
    phone = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 40),
        metadata={"description": "A number that signs in as well."},
    )


class AccountOut(Schema):
    """An account."""

    id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    name = fields.String(required=True, attribute="person.name")
    sign_in_name = fields.String(required=True)
    has_first_password = fields.Boolean(
        required=True, metadata={"description": "A one-time password has not been replaced yet."}
    )
    created_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class FirstPasswordOut(Schema):
    """An account, and the one-time password that is shown this once."""

    account = fields.Nested(AccountOut, required=True)
    first_password = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Hand it over; null when this request was a repetition."},
    )


class AccountQuery(PageQuery):
    """Which accounts to list."""

    name = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={"description": "The sign-in name or the person's name, whole."},
    )
    closed = fields.Boolean(load_default=None)
    role = fields.Enum(
        Role,
        by_value=True,
        load_default=None,
        metadata={"description": "Only accounts that hold this role today."},
    )


class ReasonIn(Schema):
    """Why something is taken back."""

    reason = fields.String(required=True, validate=validate.Length(1, 500))


class GrantIn(Schema):
    """A role to grant: in a subtree of organisations or of regions, or everywhere."""

    role = fields.Enum(Role, by_value=True, required=True)
    organisation_id = fields.UUID(load_default=None, allow_none=True)
    region_id = fields.UUID(load_default=None, allow_none=True)
    from_on = fields.Date(required=True)
    until_on = fields.Date(
        load_default=None, allow_none=True, metadata={"description": "Not included."}
    )

    @post_load
    def as_draft(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Hand the view what the service asks for."""
        return {"draft": Draft(**values)}


class GrantQuery(PageQuery):
    """Which grants of an account to list."""

    role = fields.Enum(Role, by_value=True, load_default=None)
    in_force = fields.Boolean(
        load_default=None, metadata={"description": "Whether it holds today."}
    )


class GrantOut(Schema):
    """A role that was granted."""

    id = fields.UUID(required=True)
    account_id = fields.UUID(required=True)
    role = fields.Enum(Role, by_value=True, required=True)
    organisation_id = fields.UUID(required=True, allow_none=True)
    region_id = fields.UUID(required=True, allow_none=True)
    from_on = fields.Date(required=True)
    until_on = fields.Date(required=True, allow_none=True)
    granted_by_id = fields.UUID(required=True, allow_none=True)
    granted_at = fields.AwareDateTime(required=True)
    revoked_at = fields.AwareDateTime(required=True, allow_none=True)
    revoked_because = fields.String(required=True, allow_none=True)


def permissions_of(identity: Identity) -> list[Permission]:
    """Return what somebody may do anywhere at all, in the order of the policy."""
    return [one for one in Permission if one in OWN or identity.may(one)]
