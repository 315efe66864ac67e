"""Loading the reference data of certificates: rules of validity, indicators (证书命令)."""

from __future__ import annotations

import json

import click
from flask.cli import AppGroup

from certificates import trust
from certificates.services import indicators, numbers, rules, trusting
from server.db import transaction
from server.policy import EVERYWHERE

certificates = AppGroup("certificates", help="Rules of validity, number ranges, trust list.")


def load_reference() -> int:
    """Load the shipped rules and indicators in a transaction; return how much changed."""
    with transaction():
        return load_rules_and_indicators()


def load_rules_and_indicators() -> int:
    """Load the shipped rules and indicators in the transaction that is open."""
    return rules.load_reference() + indicators.load_reference()


@certificates.command("load")
def load() -> None:
    """Load the rules of validity and the indicators that come with the platform."""
    click.echo(f"{load_reference()} rules and indicators added or changed.")


@certificates.command("trust-list")
def print_trust_list() -> None:
    """Print the trust list that verifiers pin."""
    click.echo(json.dumps(trust.to_json(trusting.trust_list()), ensure_ascii=False, indent=1))


@certificates.command("audit-numbers")
def audit_numbers() -> None:
    """Name every number that was skipped; none may be."""
    found = numbers.audited(EVERYWHERE)
    gaps = {f"{each.letters} {each.year}": each.missing for each in found if each.missing}
    if gaps:
        raise click.ClickException(f"Numbers are missing: {gaps}")
    click.echo(f"{len(found)} ranges, no gaps.")
