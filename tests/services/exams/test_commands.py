"""The work beside the requests takes a bounded number at a time, until none is left."""

from __future__ import annotations

import pytest

from exams import commands


@pytest.mark.parametrize(("waiting", "transactions"), [(0, 1), (49, 1), (50, 2), (51, 2), (120, 3)])
def test_work_goes_on_until_nothing_waits(app, waiting, transactions):
    left, done = waiting, []

    def some():
        nonlocal left
        taken = min(left, 50)
        left -= taken
        done.append(taken)
        return taken

    with app.app_context():
        total = commands._until_done(some)

    assert (total, len(done)) == (waiting, transactions)
