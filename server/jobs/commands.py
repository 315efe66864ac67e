"""Commands: what long work waits and runs, and stopping it when the machine is needed (任务)."""

from __future__ import annotations

from uuid import UUID

import click
from flask.cli import AppGroup

from server import clock
from server.db import db, transaction
from server.jobs import services
from server.jobs.errors import JobOver
from server.jobs.models import Job

jobs = AppGroup("jobs", help="Long work that waits or runs, whoever asked for it.")


@jobs.command("list")
def list_unfinished() -> None:
    """List the jobs that wait or run: id, kind, state, when asked for, how far."""
    for job in services.unfinished():
        asked = job.asked_at.isoformat(timespec="seconds")
        click.echo(f"{job.id} {job.kind} {job.state} {asked} {job.done}/{job.total}")


@jobs.command("cancel")
@click.argument("job_id", type=click.UUID)
def cancel(job_id: UUID) -> None:
    """Stop the job JOB_ID: at once where it waits, at its next step where it runs."""
    try:
        with transaction():
            job = db.session.get(Job, job_id)
            if job is None:
                raise click.ClickException(f"There is no job {job_id}.")
            services.stop(job, at=clock.now())
    except JobOver:
        raise click.ClickException(f"The job {job_id} has ended.") from None
    click.echo(f"{job_id} is stopped, or will be at its next step.")


#: For wsgi.py.
COMMANDS = (jobs,)
