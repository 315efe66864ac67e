"""The table of sizes and the steady crowd tell what they measured."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections import Counter

import pytest

from load_tests import minutes, sizes
from load_tests.proc import Meter
from load_tests.rush import Rush, Rushed


@pytest.mark.parametrize(
    ("costs", "wanted"),
    [
        ({100: 200.0, 1_000: 200.0, 10_000: 200.0}, 0.0),
        ({100: 200.0, 1_000: 210.0, 10_000: 220.0, 100_000: 230.0}, 0.05),
        ({100: 200.0, 10_000: 160.0}, -0.1),
        ({100: 200.0}, 0.0),
    ],
)
def test_a_slope_is_the_growth_for_each_tenfold(costs, wanted):
    assert sizes.slope(costs) == pytest.approx(wanted)


def test_what_disturbs_a_round_disturbs_no_size():
    machine = (1.0, 1.5, 0.9, 1.0, 3.0)
    costs = sizes.settled(
        {
            100: [200.0 * disturbed for disturbed in machine],
            10_000: [220.0 * disturbed for disturbed in machine],
        }
    )

    assert costs == pytest.approx({100: 200.0, 10_000: 220.0})


def test_the_turn_in_which_a_database_tidies_up_belongs_to_the_cost():
    costs = sizes.settled({100: [200.0] * 10, 10_000: [200.0] * 9 + [400.0]})

    assert costs[10_000] / costs[100] == pytest.approx(1.1, abs=0.03)


def test_slices_tell_of_every_ten_seconds_and_leave_the_rest_out():
    rushed = Rushed(
        seconds=21.5,
        client_cpu_seconds=1,
        ms=[1.0, 2.0, 3.0, 50.0, 70.0],
        statuses=Counter({200: 5}),
        seconds_of=[0.1, 5, 9.9, 12, 21.2],
    )

    assert minutes.slices(rushed) == {
        "second_000": {"count": 3, "p50_ms": 2.0, "p95_ms": 3.0, "p99_ms": 3.0},
        "second_010": {"count": 1, "p50_ms": 50.0, "p95_ms": 50.0, "p99_ms": 50.0},
    }


def test_a_timetable_is_kept_and_lateness_counts_from_when_a_request_was_due():
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = threading.Thread(target=_answer_slowly, args=(door,))
        server.start()
        rush = Rush(f"http://127.0.0.1:{door.getsockname()[1]}", connections=1)
        # The second is due while the only connection waits for the first.
        rushed = rush.keep_to([(0.0, b"first"), (0.05, b"second"), (0.4, b"third")])
        rush.close()
        server.join()

    first, second, third = rushed.ms
    assert rushed.statuses == {200: 3}
    assert min(first, third) >= 100
    assert second >= 140
    assert rushed.seconds_of[2] >= 0.5


def _answer_slowly(door: socket.socket) -> None:
    """Answer each request of one connection after a tenth of a second."""
    phone, _ = door.accept()
    with phone:
        while phone.recv(1000):
            time.sleep(0.1)
            phone.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


@pytest.mark.skipif(not os.path.exists("/proc/self/schedstat"), reason="tells of Linux")
def test_a_meter_reads_the_processor_time_between_two_looks():
    meter = Meter(lambda: [os.getpid()])
    began = time.process_time()
    while time.process_time() - began < 0.05:
        pass

    spent = meter.spent()

    assert 0.03 < spent < 5
    assert meter.spent() < spent
