"""Accounts: finding, creating and closing them (账户服务)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import contains_eager

from server.audit import services as audit
from server.auth import first_passwords, hashing, names
from server.auth.errors import AccountClosed, PersonHasAccount, SignInNameTaken
from server.auth.models import Account, Ending, RoleGrant
from server.auth.services import devices
from server.db import db
from server.errors import IdTaken, Invalid, Message, NotFound
from server.organisations.models import Organisation, within
from server.paging import Page, page
from server.people.models import Person
from server.policy import Identity, Permission, Role
from server.scopes import EVERYWHERE, Scope

NOT_A_NAME = Message(
    en="3 to 40 letters, digits, dots, hyphens or underscores; begins with a letter.",
    zh="3 至 40 位字母、数字、点、连字符或下划线，须以字母开头。",
)
NOT_A_PHONE = Message(en="Not a telephone number.", zh="手机号格式不正确。")


@dataclass(frozen=True, kw_only=True)
class FirstPassword:
    """A fresh one-time password: what is handed out once, and what is stored of it."""

    text: str = field(repr=False)
    digest: str = field(repr=False)


def fresh_password() -> FirstPassword:
    """Return a one-time password. Call it before the transaction: the digest takes long.

    Raises:
        Unavailable: too many digests are being computed.
    """
    text = first_passwords.spell(secrets.token_bytes(first_passwords.BYTES))
    return FirstPassword(text=text, digest=hashing.digest_of(text))


def managed_by(by: Identity | None) -> Scope:
    """Return where somebody manages accounts; the operator at the console does everywhere."""
    return EVERYWHERE if by is None else by.scope(Permission.MANAGE_ACCOUNTS)


def get(account_id: UUID, *, scope: Scope = EVERYWHERE) -> Account:
    """Return the account, with its person.

    Raises:
        NotFound: there is none within the scope.
    """
    statement = _with_person().where(Account.id == account_id, _in(scope))
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def find(typed: str) -> Account | None:
    """Return the account that signs in with this name or telephone number, or None."""
    name = names.typed(typed)
    statement = _with_person().where(or_(Account.sign_in_name == name, Account.phone == name))
    return db.session.execute(statement).scalar_one_or_none()


def find_of(person_id: UUID) -> Account | None:
    """Return the account of a person, or None."""
    statement = _with_person().where(Account.person_id == person_id)
    return db.session.execute(statement).scalar_one_or_none()


def listed(
    scope: Scope,
    *,
    on: date,
    name: str | None = None,
    closed: bool | None = None,
    role: Role | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the accounts within the scope, by sign-in name.

    An account lies where its person is registered. `role` asks for those who hold it on the day.
    """
    statement = _with_person().where(_in(scope))
    if closed is not None:
        statement = statement.where(Account.closed_at.is_not(None) == closed)
    if role is not None:
        statement = statement.where(Account.id.in_(_holders(role, on)))
    if name is not None:
        wanted = (Account.sign_in_name == names.typed(name), Person.name == name)
        statement = statement.where(or_(*wanted))
    return page(statement, [Account.sign_in_name], cursor=cursor, limit=limit)


def create(
    account_id: UUID,
    *,
    person_id: UUID,
    sign_in_name: str,
    phone: str | None,
    first: FirstPassword,
    by: Identity | None,
    at: datetime,
) -> tuple[Account, bool]:
    """Create an account for a person under the id given; say whether it was made just now.

    Repeating it changes nothing, and the password that was handed out first stays.

    Raises:
        NotFound: there is no such person within the asker's scope.
        Invalid: the name cannot be one, or the telephone number is none.
        PersonHasAccount: the person has an account under another id.
        SignInNameTaken: the name or the number signs in another account.
        IdTaken: another account stands under this id.
    """
    _person(person_id, managed_by(by))
    name, number = _checked(sign_in_name, phone)
    known = db.session.get(Account, account_id)
    if known is not None:
        return _repeated(known, person_id, name), False
    _refuse_taken(person_id, name, number)
    made = Account(
        id=account_id,
        person_id=person_id,
        sign_in_name=name,
        phone=number,
        password_digest=first.digest,
        password_checked_for=len(first.text),
        password_set_at=at,
        first_password_until=at + first_passwords.LIFETIME,
        created_at=at,
        created_by_id=by.account_id if by else None,
    )
    db.session.add(made)
    db.session.flush()
    _tell("account_created", made, by=by, at=at, after={"sign_in_name": name})
    return get(account_id), True


def give_first_password(
    account_id: UUID,
    first: FirstPassword,
    *,
    reason: str | None = None,
    by: Identity | None,
    at: datetime,
) -> Account:
    """Replace a forgotten password by a one-time one, and sign the account out everywhere.

    Raises:
        NotFound: there is no such account within the asker's scope.
        AccountClosed: the account does nothing any more.
    """
    account = get(account_id, scope=managed_by(by))
    if account.closed_at is not None:
        raise AccountClosed
    account.password_digest = first.digest
    account.password_checked_for = len(first.text)
    account.password_set_at = at
    account.first_password_until = at + first_passwords.LIFETIME
    db.session.flush()
    devices.end_all(account_id, Ending.PASSWORD_CHANGED, at=at)
    _tell("first_password_given", account, by=by, at=at, reason=reason)
    return account


def close(account_id: UUID, *, reason: str, by: Identity | None, at: datetime) -> Account:
    """Close an account from the moment `at`, on all devices; repeating it changes nothing.

    Raises:
        NotFound: there is no such account within the asker's scope.
    """
    account = get(account_id, scope=managed_by(by))
    if account.closed_at is None:
        account.closed_at = at
        db.session.flush()
        devices.end_all(account_id, Ending.ACCOUNT_CLOSED, at=at)
        _tell("account_closed", account, by=by, at=at, reason=reason)
    return account


def _holders(role: Role, on: date) -> Select[UUID]:
    return select(RoleGrant.account_id).where(
        RoleGrant.role == role,
        RoleGrant.revoked_at.is_(None),
        RoleGrant.from_on <= on,
        or_(RoleGrant.until_on.is_(None), RoleGrant.until_on > on),
    )


def _with_person() -> Select[Account]:
    return (
        select(Account)
        .join(Person, Person.id == Account.person_id)
        .join(Organisation, Organisation.id == Person.registered_under_id)
        .options(contains_eager(Account.person))
    )


def _in(scope: Scope) -> ColumnElement[bool]:
    return true() if scope.everywhere else within(scope)


def _person(person_id: UUID, scope: Scope) -> None:
    statement = (
        select(Person.id)
        .join(Organisation, Organisation.id == Person.registered_under_id)
        .where(Person.id == person_id, within(scope))
    )
    if db.session.execute(statement).one_or_none() is None:
        raise NotFound


def _checked(sign_in_name: str, phone: str | None) -> tuple[str, str | None]:
    name = names.sign_in_name(sign_in_name)
    number = None if phone is None else names.phone(phone)
    errors = {}
    if name is None:
        errors["sign_in_name"] = [NOT_A_NAME]
    if phone is not None and number is None:
        errors["phone"] = [NOT_A_PHONE]
    if name is None or errors:
        raise Invalid(errors)
    return name, number


def _repeated(known: Account, person_id: UUID, name: str) -> Account:
    if (known.person_id, known.sign_in_name) != (person_id, name):
        raise IdTaken
    return get(known.id)


def _refuse_taken(person_id: UUID, name: str, number: str | None) -> None:
    if find_of(person_id) is not None:
        raise PersonHasAccount
    if find(name) is not None or (number is not None and find(number) is not None):
        raise SignInNameTaken


def _tell(
    action: str,
    account: Account,
    *,
    by: Identity | None,
    at: datetime,
    after: dict[str, object] | None = None,
    reason: str | None = None,
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="account",
        subject_id=account.id,
        after=after,
        reason=reason,
        organisation_path=_home(account),
    )


def _home(account: Account) -> str:
    statement = (
        select(Organisation.path)
        .join(Person, Person.registered_under_id == Organisation.id)
        .where(Person.id == account.person_id)
    )
    return db.session.execute(statement).scalar_one()
