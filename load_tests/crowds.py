"""How many people are there at which second: crowds of a load test, as plain functions (人流)."""

from __future__ import annotations

from dataclasses import dataclass

#: A crowd at a moment: how many people, and how many of them may arrive in a second.
Crowd = tuple[int, float]


@dataclass(frozen=True, kw_only=True)
class NineOClock:
    """A few are there early; then the doors open and everybody comes at once, and stays.

    The question: does the worst minute of an exam day pass without a refused or lost answer?
    """

    people: int
    #: Seconds before the doors open, and seconds that everybody stays.
    before: int = 30
    stay: int = 300
    #: Share of the people who are there before the doors open.
    early: float = 0.05
    #: Seconds within which all the others arrive.
    within: float = 10.0

    def at(self, second: float) -> Crowd | None:
        """Return the crowd at a second, None when the day is over."""
        if second < self.before:
            few = max(1, round(self.people * self.early))
            return few, max(1.0, few / self.before)
        if second < self.before + self.stay:
            return self.people, max(1.0, self.people / self.within)
        return None


@dataclass(frozen=True, kw_only=True)
class SlowDay:
    """People come in the morning, thin out at noon, come back, and go home.

    The question: what does an ordinary day cost, and does anything grow that should not?
    """

    people: int
    #: Seconds that the compressed day takes.
    length: int = 600

    #: Share of the people who are there in each tenth of the day.
    TENTHS = (0.1, 0.4, 0.8, 1.0, 0.6, 0.3, 0.7, 0.9, 0.5, 0.1)

    def at(self, second: float) -> Crowd | None:
        """Return the crowd at a second, None when the day is over."""
        if second >= self.length:
            return None
        share = self.TENTHS[int(second / self.length * len(self.TENTHS))]
        return max(1, round(self.people * share)), max(1.0, self.people / self.length * 10)


@dataclass(frozen=True, kw_only=True)
class Staircase:
    """Step by step more people, each step held, up to the limit.

    The question: at how many people do the replies become slow, and what fails first?
    """

    people: int
    steps: int = 10
    #: Seconds that each step is held.
    hold: int = 30

    def at(self, second: float) -> Crowd | None:
        """Return the crowd at a second, None above the last step."""
        step = int(second // self.hold) + 1
        if step > self.steps:
            return None
        each = self.people / self.steps
        return max(1, round(each * step)), max(1.0, each / 2)
