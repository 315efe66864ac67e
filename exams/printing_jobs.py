"""The job that prints papers and keys (打印任务)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.jobs.work import Kind, Running


def run(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Print what was asked for. Doing it again gives the same pages."""
    from exams.services import paper_prints

    # It only reads; the compiler of pages is loaded where pages are made.
    return paper_prints.run(wanted, told=running.told, keep=running.keep, at=running.at())


#: For wsgi.py.
KIND = Kind(name="paper_print", run=run)
