"""The figures of a benchmark say what was measured."""

from __future__ import annotations

import pytest

from load_tests.figures import (
    Timings,
    figures,
    flattened,
    percentile,
    read_counters,
    with_shares,
)
from load_tests.messages import name_of

METRICS = """\
# TYPE platform_requests counter
platform_requests_total{{address="/v1/x/<uuid:x_id>",method="PUT",status="200"}} {fine}
platform_requests_total{{address="/v1/x/<uuid:x_id>",method="PUT",status="409"}} {refused}
# TYPE platform_request_cpu_seconds counter
platform_request_cpu_seconds_total{{address="/v1/x/<uuid:x_id>",method="PUT"}} {cpu}
# TYPE platform_request_statements counter
platform_request_statements_total{{address="/v1/x/<uuid:x_id>",method="PUT"}} {statements}
"""


@pytest.mark.parametrize(
    ("share", "wanted"), [(0.5, 50), (0.95, 95), (0.99, 99), (1, 100), (0.001, 1)]
)
def test_a_percentile_is_a_value_that_was_measured(share, wanted):
    assert percentile(range(100, 0, -1), share) == wanted


def test_the_percentile_of_one_value_is_that_value():
    assert percentile([7.5], 0.99) == 7.5


def test_an_operation_has_one_name_however_its_places_are_called():
    assert name_of("PUT", "/v1/x/<uuid:x_id>/y") == name_of("PUT", "/v1/x/{thing}/y")


def test_the_share_of_a_request_is_what_was_counted_between_two_readings():
    before = read_counters(METRICS.format(fine=10, refused=0, cpu=1.0, statements=50))
    after = read_counters(METRICS.format(fine=28, refused=2, cpu=1.5, statements=130))

    assert after.since(before) == {"PUT /v1/x/{}": (25.0, 4.0)}


def test_an_operation_nobody_asked_for_has_no_share():
    counters = read_counters(METRICS.format(fine=10, refused=0, cpu=1.0, statements=50))

    assert counters.since(counters) == {}


def test_figures_count_refusals_and_divide_by_the_seconds():
    timings = Timings()
    for ms in (1.0, 2.0, 3.0, 4.0):
        timings.add("GET /v1/x", ms, fine=ms < 4)

    rows = with_shares(figures(timings, seconds=2), {"GET /v1/x": (0.5, 3.0)})

    assert rows == {
        "GET /v1/x": {
            "count": 4,
            "failed": 1,
            "per_second": 2.0,
            "p50_ms": 2.0,
            "p95_ms": 4.0,
            "p99_ms": 4.0,
            "cpu_ms": 0.5,
            "statements": 3.0,
        }
    }


def test_nested_figures_become_rows_named_by_their_keys():
    nested = {"sqlite": {"save": {"per_second": 1}}, "whole": {"seconds": 2}, "note": "text"}

    assert flattened(nested) == {"sqlite · save": {"per_second": 1}, "whole": {"seconds": 2}}
