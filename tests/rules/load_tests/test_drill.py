"""A drill judges fairly: what phones remember, what a server carries, what the page says."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from load_tests.drill import report
from load_tests.drill.charts import Band, Chart, Line
from load_tests.drill.gauges import Reading
from load_tests.drill.ledger import Judgement, Ledger
from load_tests.drill.report import Material
from load_tests.drill.samples import Sample, Samples, sliced
from load_tests.drill.timetable import FULL, SHORT, Scene, Timetable
from load_tests.drill.verdict import OF_SCENE, OPERATIONS, Drilled, Played, rounded

ACCEPTED, REFUSED = "accepted", "refused"


def told(ledger: Ledger, verdict: str = ACCEPTED) -> None:
    """Let the server answer all that waits with the same verdict."""
    sent = list(ledger.waiting)
    ledger.acknowledge(sent, [{**entry, "verdict": verdict} for entry in sent])


def spoken() -> Ledger:
    """Return a ledger of two slots, one of them changed; all of it acknowledged."""
    ledger = Ledger()
    for slot, chosen in ((1, [0]), (2, [3]), (1, [2])):
        ledger.say(slot, chosen)
    told(ledger)
    return ledger


RIGHT = [
    {"slot": 1, "chosen": [2], "sequence": 3, "epoch": 1},
    {"slot": 2, "chosen": [3], "sequence": 2, "epoch": 1},
]


@pytest.mark.parametrize(
    ("shown", "wanted"),
    [
        (RIGHT, (0, 0, 0)),
        (RIGHT[:1], (1, 0, 0)),
        ([{"slot": 1, "chosen": [0], "sequence": 1}, RIGHT[1]], (1, 0, 0)),
        ([*RIGHT, RIGHT[1]], (0, 1, 0)),
        ([*RIGHT, {"slot": 9, "chosen": [1], "sequence": 4}], (0, 0, 1)),
        ([RIGHT[0], {"slot": 2, "chosen": [1], "sequence": 2}], (0, 0, 1)),
        ([], (2, 0, 0)),
    ],
)
def test_a_ledger_sees_what_is_lost_doubled_or_invented(shown, wanted):
    lost, doubled, invented = wanted

    assert spoken().judge(shown) == Judgement(
        acknowledged=3, lost=lost, doubled=doubled, invented=invented
    )


def test_what_was_not_acknowledged_may_be_there_or_not():
    ledger = spoken()
    ledger.say(2, [0])

    newer = {"slot": 2, "chosen": [0], "sequence": 4}
    assert ledger.judge(RIGHT).lost == ledger.judge([RIGHT[0], newer]).lost == 0
    assert ledger.slots == 2


def test_a_refused_entry_is_not_sent_again_and_was_never_promised():
    ledger = Ledger()
    ledger.say(1, [0])

    told(ledger, REFUSED)

    assert (ledger.waiting, ledger.slots, ledger.acknowledged) == ([], 0, 0)


def test_scenes_follow_one_another_without_a_gap():
    for table in (FULL, SHORT):
        scenes = list(table.scenes())
        assert [scene for scene, _, _ in scenes] == list(Scene)
        assert all(a[2] == b[1] for a, b in itertools.pairwise(scenes))
        assert table.at(table.begin(Scene.DAY)) is Scene.DAY
        assert table.at(table.seconds + 1) is Scene.RESULTS
        assert Timetable.read(table.written()) == table


def played(scene: Scene, cpu_seconds: float, *, count: int = 1000) -> Played:
    """Return a scene of a thousand candidates."""
    return Played(
        scene=scene,
        candidates=1000,
        count=count,
        cpu_seconds=cpu_seconds,
        phones_cpu_seconds=1,
        seconds=10,
    )


def drilled(**changes) -> Drilled:
    """Return a drill of a thousand candidates in which everything held."""
    values = {
        "wanted": 1000,
        "finished": 1000,
        "cores": 2,
        "scenes": [played(Scene.RUSH, 2), played(Scene.DAY, 5, count=10_000)],
        "p99_ms": {"start": 50.0, "save": 20.0},
        "counts": Counter(judged=1000),
        "asked": 20_000,
        "bad": 10,
    }
    return Drilled(**{**values, **changes})


def test_the_safe_number_is_that_of_the_tightest_scene():
    found = drilled()

    # 1.4 cores for a minute, at 2 ms each; and 1.4 cores at 0.5 ms once a minute.
    assert found.limits == {Scene.RUSH: 42_000, Scene.DAY: 168_000}
    assert (found.bottleneck, found.safe, found.go) == (Scene.RUSH, 42_000, True)


def test_what_an_idle_server_spends_is_not_there_for_candidates():
    assert drilled(idle_cores=0.7).limits[Scene.RUSH] == 21_000
    assert drilled(idle_cores=9).safe == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"counts": Counter(lost=1)},
        {"counts": Counter(doubled=1)},
        {"counts": Counter(invented=1)},
        {"counts": Counter(refused=1)},
        {"counts": Counter(given_up=1)},
        {"finished": 999},
        {"bad": 201},
        {"asked": 0},
        {"p99_ms": {"start": 2001.0}},
        {"p99_ms": {"save": 1001.0}},
    ],
)
def test_no_number_is_safe_where_one_condition_fails(changes):
    found = drilled(**changes)

    assert (found.safe, found.go) == (0, False)
    assert sum(not check.holds for check in found.checks()) == 2


def test_more_candidates_than_are_safe_is_no_go():
    assert not drilled(wanted=50_000, finished=50_000).go
    assert drilled(scenes=[]).safe == 1000
    assert "could not be read" in drilled(scenes=[]).checks()[-1].en
    assert drilled().checks()[-1].en == "candidates at 70% of the CPU"


@pytest.mark.parametrize(
    ("count", "wanted"),
    [(0, 0), (7, 7), (99, 99), (101, 100), (12_345, 12_000), (168_999, 160_000)],
)
def test_a_safe_number_promises_two_digits(count, wanted):
    assert rounded(count) == wanted


def chart(**changes) -> Chart:
    """Return a chart of one line."""
    points = [(0.0, 5.0), (1.0, 900.0), (60.0, 20.0), (61.0, 20.0)]
    line = Line(name="99 %", colour="red", points=points)
    bands = [Band(name="开考 <1>", begin=0, end=50), Band(name="作答", begin=50, end=100)]
    return Chart(title="应答", unit="ms", lines=[line], bands=bands, **changes)


@pytest.mark.parametrize("changes", [{}, {"tenfold": True}, {"mark": (2000, "2 s")}])
def test_a_chart_is_a_picture_whose_line_pauses_where_nothing_was_measured(changes):
    picture = ElementTree.fromstring(chart(**changes).svg())  # noqa: S314  # our own text

    (line,) = [one for one in picture if one.get("class") == "line red"]
    assert (line.get("d") or "").count("M") == 2
    assert "开考 <1>" in {one.text for one in picture}


@pytest.mark.parametrize(("highest", "top"), [(0.5, 1), (900, 1000), (1000, 1000), (1600, 2000)])
def test_the_scale_ends_at_a_round_number(highest, top):
    line = Line(name="x", colour="red", points=[(0, highest)])

    assert Chart(title="", unit="", lines=[line], bands=[]).top == top


def material() -> Material:
    """Return what a drill of two seconds a scene would leave behind."""
    table = Timetable(**{scene.value: 2 for scene in Scene}, pause=1, within=1)
    samples = Samples(began=1000.0, counts=Counter(handed_in=9, judged=9, acknowledged=90))
    for scene, operations in OF_SCENE.items():
        at = 1000.0 + table.begin(scene) + 0.5
        samples.replies += [Sample(at, name, 5.0, 200) for name in operations for _ in range(9)]
    samples.replies.append(Sample(1003.0, "start", 9.0, 503))
    second = [
        Reading(1000 + s, {"server": s / 10, "database": s / 20, "phones": s, "machine": 2 * s}, 80)
        for s in range(17)
    ]
    return Material(
        table=table,
        samples=samples,
        readings=second,
        wanted=9,
        cores=2,
        usable_cores=2,
        facts={"处理器": "2 <核>"},
        at=datetime(2026, 11, 22, 9, tzinfo=UTC),
    )


def test_the_page_says_the_verdict_and_asks_nothing_of_other_hosts(tmp_path):
    path, found = report.write(material(), tmp_path)

    page = path.read_text("utf-8")
    assert "不可开考" in page
    assert not found.go  # one start in ten was sent again
    assert "2 &lt;核&gt;" in page
    assert all(OPERATIONS[name][0] in page for names in OF_SCENE.values() for name in names)
    assert not [word for word in ("http:", "https:", "src=", "@import", "<script") if word in page]


def test_a_slice_tells_how_many_replies_were_not_good():
    first, second = sliced(material().samples, seconds=4, each=2)

    assert (first.per_second, first.bad_per_second) == (0, 0)
    assert (second.per_second, second.bad_per_second, second.p99_ms) == (5, 0.5, 9.0)


def test_phones_that_left_nothing_behind_are_a_no_go_with_a_page(tmp_path):
    nothing = replace(material(), samples=Samples.gathered(tmp_path))

    path, found = report.write(nothing, tmp_path)

    assert not found.go
    assert found.safe == 0
    assert "不可开考" in path.read_text("utf-8")
