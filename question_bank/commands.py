"""What the question bank loads at start and does beside the requests (题库命令)."""

from __future__ import annotations

from question_bank.searching import DUPLICATES, UNPRINTED
from question_bank.services import law_reference
from server import clock
from server.db import transaction


def load_reference() -> int:
    """Load the shipped law library in a transaction of its own; return how much it changed."""
    with transaction():
        return law_reference.load(at=clock.now())


#: What comes back by itself, and what is done on demand; for wsgi.py.
WORK = (UNPRINTED,)
JOBS = (DUPLICATES,)
