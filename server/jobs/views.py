"""Addresses of long work (任务接口)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, jsonify

from server import clock
from server.access import identity, signed_in_only
from server.db import transaction
from server.http import PREFIX, Part
from server.jobs import files, services
from server.jobs.errors import JobOver
from server.jobs.models import Job
from server.jobs.schemas import JobOut, JobQuery
from server.paging import Page

views = Part("jobs", "Long work: how far it is, and what came out of it 任务")


#: What the docs say of a reply that is a job instead of what was asked for.
ACCEPTED = "It takes long: a job does it. `Location` says where one sees how far it is."


def accepted(job: Job) -> Response:
    """Reply that a job does what was asked for."""
    reply = jsonify(JobOut().dump(job))
    reply.status_code = HTTPStatus.ACCEPTED
    reply.headers["Location"] = f"{PREFIX}/jobs/{job.id}"
    return reply


@views.route("/jobs")
@signed_in_only
@views.arguments(JobQuery, location="query")
@views.page(JobOut)
def list_jobs(query: dict[str, Any]) -> Page:
    """List one's own jobs, the newest first."""
    return services.listed(by=identity(), **query)


@views.route("/jobs/<uuid:job_id>")
@signed_in_only
@views.response(200, JobOut)
def show_job(job_id: UUID) -> Job:
    """Show how far one's own job is, and what came out of it."""
    return services.get(job_id, by=identity())


@views.route("/jobs/<uuid:job_id>/cancellation", methods=["PUT"])
@signed_in_only
@views.response(200, JobOut)
@views.refuses(JobOver)
def cancel_job(job_id: UUID) -> Job:
    """Stop one's own job: at once where it waits, at its next step where it runs."""
    by, at = identity(), clock.now()
    with transaction():
        return services.cancel(job_id, by=by, at=at)


@views.route("/jobs/<uuid:job_id>/files/<string:name>")
@signed_in_only
@views.response(200, {"type": "string", "format": "binary"}, content_type="*/*")
def fetch_file(job_id: UUID, name: str) -> Response:
    """Fetch a file that came out of one's own job."""
    services.get(job_id, by=identity())
    file = files.kept(job_id, name)
    reply = Response(file.content, mimetype=file.media_type)
    reply.headers.set("Content-Disposition", "attachment", filename=file.name)
    reply.headers["Cache-Control"] = "private, no-store"
    return reply
