"""Commands and background work of certificates: reference data, keys, signed lists (证书命令)."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta
from pathlib import Path

import cbor2
import click
from flask.cli import AppGroup
from sqlalchemy import select

from certificates import producing, receiving, trust, trust_lists, watching
from certificates.errors import SumsBehind, TooMuchDiffers
from certificates.exchange_errors import PackageRefused
from certificates.models import Issuer
from certificates.services import (
    compromising,
    exchanging,
    feeding,
    following_up,
    indicators,
    numbers,
    opening,
    publishing,
    rules,
    trusting,
)
from certificates.services.counts import checking, rebuilding, recounting
from certificates.services.counts.rebuilding import Told
from server import clock
from server.days import civil_day
from server.db import db, transaction
from server.exchange.services import feed
from server.scopes import EVERYWHERE
from server.work import Work

certificates = AppGroup("certificates", help="Rules of validity, number ranges, trust list.")


def load_reference() -> int:
    """Load the shipped rules and indicators in a transaction; return how much changed."""
    with transaction():
        recounting.note_if_nobody(at=clock.now())
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


@certificates.command("draft-trust-list")
@click.argument("file", type=click.Path(path_type=Path))
def draft_trust_list(file: Path) -> None:
    """Write to FILE what the offline root is to sign."""
    made = publishing.draft_trust_list(at=clock.now())
    file.write_bytes(cbor2.dumps(trust_lists.draft(made), canonical=True))
    click.echo(f"Number {made.seq}, {len(made.trust.keys)} keys. Take it to the root.")


@certificates.command("accept-trust-list")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
def accept_trust_list(file: Path) -> None:
    """Publish the trust list in FILE, which a pinned root has signed."""
    with transaction():
        found = publishing.accept_trust_list(file.read_bytes(), at=clock.now())
    click.echo(f"Number {found.seq} is published.")


@certificates.command("rotate-key")
@click.argument("code")
def rotate_key(code: str) -> None:
    """Give the issuer CODE a fresh key; then have the root sign a new trust list."""
    with transaction():
        kid = compromising.rotate(_issuer(code), at=clock.now())
    click.echo(f"{code} signs with {kid} from now on.")
    _say_what_comes_next()


@certificates.command("declare-compromised")
@click.argument("code")
@click.argument("kid")
def declare_compromised(code: str, kid: str) -> None:
    """State that the key KID of the issuer CODE is in wrong hands, and sign anew what it signed."""
    with transaction():
        compromising.declare(_issuer(code), kid, at=clock.now())
    click.echo(f"{kid} is believed no more.")
    total = 0
    while True:
        with transaction():
            done = compromising.sign_again(_issuer(code), kid, at=clock.now())
        total += done
        if not done:
            break
    click.echo(f"{total} certificates were signed again.")
    _say_what_comes_next()


def _issuer(code: str) -> Issuer:
    found = db.session.execute(select(Issuer).where(Issuer.code == code)).scalar_one_or_none()
    if found is None:
        raise click.ClickException(f"There is no issuer {code}.")
    return found


def _say_what_comes_next() -> None:
    with transaction():
        publishing.publish_allow_list(at=clock.now())
        published = publishing.republish_trust_list(at=clock.now())
    if published:
        click.echo("The root of this machine has signed a new trust list.")
    else:
        click.echo("Now: draft-trust-list, sign it with the offline root, accept-trust-list.")


def publish_lists(at: datetime) -> int:
    """Sign the lists anew where something changed; return how many were signed."""
    with transaction():
        signed = int(publishing.republish_trust_list(at=at))
        if publishing.status_list_due(at):
            publishing.publish_status_list(at=at)
            signed += 1
        signed += int(publishing.publish_allow_list(at=at))
    return signed


def watch_sums(at: datetime) -> int:
    """Ask for counting anew after a change of the rules, and for the nightly check otherwise.

    Between the two the sums are what other rules say: a check would find nothing but that.
    """
    with transaction():
        if recounting.is_due():
            return int(recounting.ask_if_due(at=at))
        return int(checking.ask_if_due(at=at))


def publish_progress(at: datetime) -> int:
    """Publish the month's progress against the plans where it is due; return how many editions."""
    with transaction():
        return opening.publish(at=at)


def ask_for_packages(at: datetime) -> int:
    """Ask for the packages of subscriptions that are due; return how many."""
    with transaction():
        return exchanging.ask_due(at=at)


def follow_up_requests(at: datetime) -> int:
    """Remind enterprises, and bureaus, of requests that come due; return how many."""
    with transaction():
        return following_up.remind(on=civil_day(at), at=at)


def number_feed(at: datetime) -> int:
    """Give numbers in the feed for other systems to what was committed; return how many."""
    done = 0
    while True:
        with transaction():
            some = feed.number(feeding.resolve, at=clock.now())
        done += some
        if some < feed.AT_ONCE or clock.now() - at > timedelta(seconds=5):
            return done
        # Who waits to write on SQLite looks again after milliseconds, and must find nobody then.
        time.sleep(watching.BREATH)


#: Numbers the feed: a system that follows it is behind by a second or two.
FEED = Work(
    name="exchange_feed",
    every=timedelta(seconds=1),
    urgent=True,
    run=number_feed,
    waiting=(feed.PENDING,),
)

WORK = (
    FEED,
    # The signed lists follow within a minute what happens to certificates and keys.
    Work(name="signed_lists", every=timedelta(minutes=1), run=publish_lists),
    Work(name="coverage_check", every=timedelta(minutes=5), run=watch_sums),
    Work(name="coverage_packages", every=timedelta(minutes=10), run=ask_for_packages),
    Work(name="coverage_follow_up", every=timedelta(hours=1), run=follow_up_requests),
    Work(name="progress", every=timedelta(seconds=30), run=publish_progress, needed=opening.due),
)

coverage = AppGroup("coverage", help="The sums of coverage: rebuilt, checked, caught up.")


@coverage.command("rebuild")
@click.option(
    "--from-nothing", is_flag=True, help="Begin a new ledger; nobody can write meanwhile."
)
def rebuild_sums(*, from_nothing: bool) -> None:
    """Count everybody anew and mend what differs, beside those who write.

    From nothing, what was known before is not kept, and the lock of writers is held for minutes.
    """

    def told(done: int, total: int) -> None:
        click.echo(f"{done} of {total}", nl=True)

    try:
        counted = _from_nothing(told) if from_nothing else producing.count_anew(clock.now, told)
    except TooMuchDiffers as differs:
        raise click.ClickException(f"{differs} (--from-nothing)") from None
    click.echo(f"{counted} people and organisations counted.")


def _from_nothing(told: Told) -> int:
    with transaction():
        counted = rebuilding.rebuild(at=clock.now(), told=told)
        recounting.note(at=clock.now())
    rebuilding.tidy()
    return counted


@coverage.command("check")
def check_sums() -> None:
    """Count everybody from the facts and name every cell that differs; run it every night."""
    try:
        found = producing.full_check(clock.now)
    except SumsBehind as behind:
        raise click.ClickException(str(behind)) from None
    for each in found.differences:
        click.echo(json.dumps(each, ensure_ascii=False))
    if found.differences:
        raise click.ClickException("The sums differ from the full count.")
    click.echo(f"{found.cell_count} cells, no difference.")


@coverage.command("receive")
@click.argument("package", type=click.Path(exists=True, path_type=Path))
@click.option("--receiver", required=True, help="The id of the organisation that we are.")
@click.option(
    "--keys",
    "jwks",
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help="The sender's keys, fetched once from /v1/coverage-exchange-keys and kept.",
)
@click.option(
    "--into",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where tables go; what was taken in last is remembered there.",
)
def receive(package: Path, receiver: str, jwks: Path, into: Path) -> None:
    """Take in a PACKAGE of another platform: genuine, for us, whole, the next one, never twice."""
    try:
        found = receiving.take(
            package.read_bytes(), json.loads(jwks.read_text("utf-8")), receiver, into, clock.now()
        )
    except PackageRefused as refused:
        raise click.ClickException(f"{refused.code}: {refused}") from None
    click.echo(f"Package {found.taken.seq} lies in {into}.")


@coverage.command("catch-up")
def catch_up() -> None:
    """Book everybody who waits."""
    click.echo(f"{watching.work_off(clock.now())} booked.")
