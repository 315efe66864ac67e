"""The command that makes accounts without an account: the first one, and in need (账户命令)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import click
from flask.cli import with_appcontext

from server import clock, days
from server.auth.services import accounts, grants, opening
from server.auth.services.grants import Draft
from server.auth.services.opening import Newcomer
from server.db import transaction
from server.errors import DomainError
from server.people.documents import DocumentType
from server.policy import Role


@click.command()
@click.argument("sign_in_name")
@click.option(
    "--person", "person_id", type=click.UUID, help="已登记人员的编号 The person, if registered."
)
@click.option("--name", help="待登记人员的姓名 Name of a person to register.")
@click.option(
    "--document-type",
    type=click.Choice([one.value for one in DocumentType]),
    default=DocumentType.RESIDENT_IDENTITY_CARD.value,
    show_default=True,
    help="证件类型 Kind of document.",
)
@click.option(
    "--authority",
    help="所属主管部门，没有则新建 Authority they belong to; made if there is none.",
)
@click.option(
    "--region",
    "region_code",
    help="主管部门所在区划代码 Division code of the authority's region, such as 371300.",
)
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([one.value for one in Role]),
    help="角色，可重复 A role; repeatable.",
)
@click.option(
    "--in-organisation",
    "organisation_id",
    type=click.UUID,
    help="角色生效的单位 Organisation in whose subtree the roles hold.",
)
@click.option(
    "--in-region",
    "region_id",
    type=click.UUID,
    help="角色生效的区划 Region in whose subtree the roles hold.",
)
@with_appcontext
def create_account(
    sign_in_name: str,
    person_id: UUID | None,
    name: str | None,
    document_type: str,
    authority: str | None,
    region_code: str | None,
    roles: tuple[str, ...],
    organisation_id: UUID | None,
    region_id: UUID | None,
) -> None:
    """创建账户并显示一次性密码 Create an account, and print its one-time password.

    For a person who is registered (--person), or for one who is not yet (--name, --authority,
    --region; the document number is asked for, so that it stands in no history of commands).
    Roles hold everywhere unless a place is named.
    """
    who = person_id or _newcomer(name, document_type, authority, region_code)
    first, at = accounts.fresh_password(), clock.now()
    drafts = [
        Draft(
            role=Role(role),
            organisation_id=organisation_id,
            region_id=region_id,
            from_on=days.civil_day(at),
        )
        for role in roles
    ]
    try:
        with transaction():
            person = opening.register(who, at=at) if isinstance(who, Newcomer) else who
            _create(person, sign_in_name, first, drafts, at=at)
    except DomainError as refusal:
        said = refusal.message
        raise click.ClickException(f"{refusal.code}: {said.zh} {said.en}") from None
    click.echo("一次性密码，首次登录时须更换 One-time password, to be replaced at first sign-in:")
    click.echo(f"{sign_in_name}: {first.text}")


def _newcomer(
    name: str | None, document_type: str, authority: str | None, region_code: str | None
) -> Newcomer:
    if name is None or authority is None or region_code is None:
        raise click.UsageError(
            "请给出 --person，或 --name、--authority 和 --region。"
            " Give --person, or --name with --authority and --region."
        )
    number = click.prompt("证件号码 Document number", hide_input=True)
    return Newcomer(
        name=name,
        document_type=DocumentType(document_type),
        document_number=number,
        authority=authority,
        region_code=region_code,
    )


def _create(
    person_id: UUID,
    sign_in_name: str,
    first: accounts.FirstPassword,
    drafts: list[Draft],
    *,
    at: datetime,
) -> None:
    account_id = uuid4()
    accounts.create(
        account_id,
        person_id=person_id,
        sign_in_name=sign_in_name,
        phone=None,
        first=first,
        by=None,
        at=at,
    )
    for draft in drafts:
        grants.grant(uuid4(), account_id, draft, by=None, at=at)
