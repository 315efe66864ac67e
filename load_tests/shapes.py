"""Load shapes for Locust: the nine-o'clock rush, the slow day, the staircase to the limit.

Locust takes the shape that the locustfile names; `SHAPE=rush|day|staircase` chooses one, and
`--users` says how many people the whole crowd has.
"""

from __future__ import annotations

from typing import Any, Protocol

from locust import LoadTestShape

from load_tests.crowds import Crowd, NineOClock, SlowDay, Staircase


class Growing(Protocol):
    """Anything that knows how many people there are at a second."""

    def at(self, second: float) -> Crowd | None:
        """Return the crowd at a second, None at the end."""
        ...


class _Shape(LoadTestShape):
    """A crowd in the form in which Locust asks for it."""

    abstract = True
    #: People of the whole crowd when `--users` does not say.
    usual_people = 200

    def crowd(self, people: int) -> Growing:
        """Return the crowd of so many people."""
        raise NotImplementedError

    def tick(self) -> Crowd | None:
        """Say how many people there should be now; Locust asks once a second."""
        options: Any = getattr(getattr(self.runner, "environment", None), "parsed_options", None)
        people = getattr(options, "num_users", None) or self.usual_people
        second: float = self.get_run_time()  # type: ignore[no-untyped-call]  # ships partial types
        return self.crowd(people).at(second)


class Rush(_Shape):
    """Everybody comes at nine o'clock."""

    def crowd(self, people: int) -> Growing:
        """Return the nine-o'clock rush."""
        return NineOClock(people=people)


class Day(_Shape):
    """An ordinary day, compressed."""

    def crowd(self, people: int) -> Growing:
        """Return the slow day."""
        return SlowDay(people=people)


class Steps(_Shape):
    """More and more people, until something gives."""

    def crowd(self, people: int) -> Growing:
        """Return the staircase."""
        return Staircase(people=people)


#: The shapes by the word that chooses them.
SHAPES: dict[str, type[_Shape]] = {"rush": Rush, "day": Day, "staircase": Steps}
