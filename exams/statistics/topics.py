"""How a group did on each topic, beside what all candidates earn there (知识点掌握情况).

Each response is set beside what everybody earns on the very same question, so that a group whose
papers were harder is not blamed for it. What one candidate responds hangs together, so that the
interval is reckoned from candidates and not from responses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from exams.statistics.responses import Figures, Numbers, Responses, totals

#: Candidates below which nothing is said: chance speaks, and single people would show.
FEWEST: Final = 10

#: Standard deviations of an interval that holds in 95 of 100 cases.
_Z: Final = 1.96


@dataclass(frozen=True, kw_only=True)
class TopicFigures:
    """What a group earned on one topic."""

    #: Which topic, from 0.
    topic: int
    candidate_count: int
    response_count: int
    #: Mean share of the points, and what all candidates earn on the same questions.
    share: float
    expected: float
    #: The 95 % interval of the difference.
    low: float
    high: float

    @property
    def differs(self) -> bool:
        """Whether the group differs from all by more than chance explains."""
        return self.low > 0 or self.high < 0


def by_topic(
    responses: Responses, topic_of: Numbers, expected_of: Figures
) -> Iterator[TopicFigures]:
    """Yield the topics on which enough candidates responded.

    Args:
        responses: of the group.
        topic_of: the topic of each question, from 0; below 0 where it has none.
        expected_of: the mean share of each question among all candidates.
    """
    topic = topic_of[responses.item]
    for number in np.unique(topic[topic >= 0]).tolist():
        at = topic == number
        beside = responses.share[at] - expected_of[responses.item[at]]
        asked = totals(responses.person[at], np.ones(len(beside)), responses.person_count)
        met = asked > 0
        if int(met.sum()) < FEWEST:
            continue
        mean = float(beside.mean())
        own = totals(responses.person[at], beside, responses.person_count)
        stray = _stray((own - mean * asked)[met], len(beside))
        yield TopicFigures(
            topic=number,
            candidate_count=int(met.sum()),
            response_count=len(beside),
            share=float(responses.share[at].mean()),
            expected=float(responses.share[at].mean()) - mean,
            low=mean - _Z * stray,
            high=mean + _Z * stray,
        )


def _stray(residuals: Figures, response_count: int) -> float:
    """Return the standard error of a mean over responses that come in clusters, one a candidate."""
    count = len(residuals)
    return float(np.sqrt(count / (count - 1) * (residuals @ residuals)) / response_count)
