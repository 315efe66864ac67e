"""The whole platform on one page: its parts, and what follows from what."""

from __future__ import annotations

import sys

import click
from flask import Flask

import certificates.commands
import certificates.competence.commands
import certificates.competence.demonstration
import certificates.competence.views
import certificates.demonstration
import certificates.services.fitness
import certificates.services.gauges
import certificates.views
import exams.commands
import exams.contests.commands
import exams.contests.demonstration
import exams.contests.views
import exams.demonstration
import exams.keys
import exams.services.gauges
import exams.services.resealing
import exams.views
import question_bank.commands
import question_bank.demonstration
import question_bank.views
import server.exchange.commands
import server.exchange.demonstration
import server.exchange.views
import server.federation.commands
import server.federation.views
import server.messages.commands
import server.messages.services.gauges
import server.messages.views
import server.notices.views
import server.people.commands
import server.people.demonstration
import server.people.views
import server.records.commands
import server.records.demonstration
import server.records.views
import server.training.demonstration
import server.training.views
from certificates import keys, producing, reminding, stating, watching
from certificates.services import following, issuing, merits
from certificates.views import own_lane, verification
from exams.contests.events import MeritEarned
from exams.contests.services import names as contest_names
from exams.events import (
    AttemptVoided,
    BarImposed,
    OutcomeCorrected,
    PracticalVoided,
    QualificationAttained,
)
from exams.services import bars, joining
from exams.views import lanes
from exams.views.results import OPEN_LANES as RESULT_LANES
from question_bank import folding
from question_bank.services import import_following
from server import durability, observing, processes, rekeying, replica, serving, tracing
from server.app import Parts, build_app
from server.audit import commands as audit_commands
from server.audit import views as audit_views
from server.auth import commands as auth_commands
from server.auth import demonstration as auth_demonstration
from server.auth import doorkeeper, sweeping
from server.auth.views import accounts, signing_in
from server.backups import commands as backup_commands
from server.catalogue import views as catalogue_views
from server.config import Config, UnsafeSettings
from server.doctor import commands as doctor_commands
from server.doctor import growing
from server.events import Reactions
from server.front import Front
from server.jobs import commands as job_commands
from server.jobs import running as jobs
from server.jobs import views as job_views
from server.jobs.events import JobGivenUp
from server.organisations import views as organisation_views
from server.people import ciphers
from server.people.events import PeopleMerged, PeopleMerging, PostAssigned
from server.regions import commands as region_commands
from server.regions import views as region_views
from server.training.events import LearnerEntering
from server.working import Worker

#: What follows from what: who reacts to a fact, in the same transaction.
REACTIONS: Reactions = {
    QualificationAttained: (issuing.issue_on_pass,),
    MeritEarned: (merits.issue_on_merit,),
    LearnerEntering: (bars.refuse_barred,),
    BarImposed: (following.suspend_on_bar,),
    AttemptVoided: (following.suspend_on_void,),
    PeopleMerging: (joining.refuse_while_sitting,),
    PeopleMerged: (watching.book_merged,),
    JobGivenUp: (import_following.follow_given_up,),
    PracticalVoided: (following.suspend_on_void,),
    OutcomeCorrected: (following.suspend_on_correction,),
    PostAssigned: (joining.refuse_barred,),
}


def parts() -> Parts:
    """Return the parts of the platform, the lowest floor first."""
    return Parts(
        finder=doorkeeper.find,
        preparations=(doorkeeper.prepare, ciphers.install, exams.keys.prepare, keys.prepare),
        views=(
            signing_in.views,
            accounts.views,
            audit_views.views,
            job_views.views,
            region_views.views,
            organisation_views.views,
            catalogue_views.views,
            *server.people.views.VIEWS,
            server.records.views.views,
            *server.training.views.VIEWS,
            server.messages.views.views,
            *server.notices.views.VIEWS,
            *server.exchange.views.VIEWS,
            server.federation.views.views,
            *question_bank.views.PARTS,
            *exams.views.PARTS,
            *exams.contests.views.PARTS,
            *certificates.views.PARTS,
            *certificates.competence.views.PARTS,
        ),
        lanes=(
            *lanes.LANES,
            *exams.contests.views.LANES,
            *server.training.views.LANES,
            *own_lane.LANES,
        ),
        open_lanes=(
            *verification.LANES,
            *exams.contests.views.OPEN_LANES,
            *RESULT_LANES,
        ),
        reactions=REACTIONS,
        work=(
            replica.HEARTBEAT,
            sweeping.SWEEP,
            server.federation.commands.SWEEP,
            jobs.SWEEP,
            watching.BOOK,
            reminding.REMINDERS,
            reminding.ENDINGS,
            *server.people.commands.WORK,
            *server.records.commands.WORK,
            *server.messages.commands.WORK,
            *server.exchange.commands.WORK,
            stating.STATEMENTS,
            folding.WORK,
            *question_bank.commands.WORK,
            *exams.commands.WORK,
            *exams.contests.commands.WORK,
            *certificates.commands.WORK,
        ),
        jobs=(
            *server.records.commands.JOBS,
            *server.exchange.commands.JOBS,
            *question_bank.commands.JOBS,
            *exams.commands.JOBS,
            *producing.JOBS,
        ),
        commands=(
            *serving.COMMANDS,
            *rekeying.COMMANDS,
            *job_commands.COMMANDS,
            auth_commands.create_account,
            audit_commands.audit,
            backup_commands.backup,
            doctor_commands.doctor,
            growing.show,
            region_commands.regions,
            server.people.commands.people,
            *exams.commands.COMMANDS,
            *exams.contests.commands.COMMANDS,
            certificates.commands.certificates,
            certificates.commands.coverage,
        ),
        sealed=(*rekeying.SEALED, *exams.services.resealing.SEALED),
        rekeys=(*rekeying.REKEYS, ("names of participants", contest_names.rekey)),
        holds=(exams.services.gauges.going_on,),
        checks=certificates.services.fitness.CHECKS,
        gauges=(
            *server.messages.services.gauges.GAUGES,
            *exams.services.gauges.GAUGES,
            *certificates.services.gauges.GAUGES,
        ),
        reference=(
            region_commands.load_reference,
            question_bank.commands.load_reference,
            exams.commands.load_reference,
            certificates.commands.load_reference,
            certificates.competence.commands.load_reference,
        ),
        demonstration=(
            server.people.demonstration.load,
            auth_demonstration.load,
            server.records.demonstration.load,
            server.training.demonstration.load,
            question_bank.demonstration.load,
            exams.demonstration.load,
            exams.contests.demonstration.load,
            certificates.demonstration.load,
            server.exchange.demonstration.load,
            certificates.competence.demonstration.load,
        ),
    )


def create_app(config: Config | None = None) -> Flask:
    """Return the application: for the settings given, or for those of the environment."""
    if config is not None:
        return build_app(config, parts())
    observing.configure_logs()
    try:
        # Whoever brings a lost database back finds none that answers.
        gone = "backup" in sys.argv
        return build_app(Config.from_environment(), parts(), may_be_gone=gone)
    except UnsafeSettings as unsafe:
        # Said in one sentence each; a stack of frames would only hide them.
        raise click.ClickException("\n".join(unsafe.problems)) from None


def create_front() -> Front:
    """Return what a process of the platform's own server asks, with the work beside it."""
    app = create_app()
    config: Config = app.extensions["config"]
    if config.background_work:
        apart = durability.several_may_write(config)
        Worker(
            app, app.extensions["parts"].work, mine=lambda work: work.urgent or not apart
        ).start()
        if not apart:
            jobs.work_beside(app)
    tracing.install(app, config)
    front = Front(app, config.threads)
    processes.settle()
    return front
