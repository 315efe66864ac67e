"""Options in an order of each learner's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.delivery import as_shown, as_written, keeps_order, shown_options, shown_order
from question_bank.kinds import LABELS, Kind

ONE = Kind.SINGLE_CHOICE


@pytest.mark.parametrize(
    "option",
    [
        "以上都是",
        "以上三项",
        "上述说法都不对",
        "都对",
        "全部正确",
        "A、B两种方法一起使用",
        "A和C",
        "前两项",
    ],
)
def test_options_that_speak_of_others_keep_their_order(option: str) -> None:
    assert keeps_order(ONE, ["甲", "乙", "丙", option])


@pytest.mark.parametrize(
    "option",
    ["24V以上", "10kV及以上", "L1、N、L2", "A相", "两端都是高压", "Y、D接法", "TN-C-S", "150 mA"],
)
def test_options_that_only_look_so_are_shuffled(option: str) -> None:
    assert not keeps_order(ONE, ["甲", "乙", "丙", option])


def test_right_comes_before_wrong_everywhere() -> None:
    assert keeps_order(Kind.TRUE_FALSE, ["正确", "错误"])


def test_the_same_seed_shows_the_same_order() -> None:
    orders = [shown_order("ABCD", seed="learner/version") for _ in range(3)]

    assert orders[0] == orders[1] == orders[2]


def test_the_first_option_written_is_shown_first_to_a_quarter_of_the_learners() -> None:
    firsts = [shown_order("ABCD", seed=f"{learner}/version")[0] for learner in range(4000)]

    for label in "ABCD":
        assert 900 < firsts.count(label) < 1100


def test_an_order_that_is_kept_is_the_written_one() -> None:
    assert shown_order("ABCD", seed="any", keep=True) == ("A", "B", "C", "D")


def test_options_are_labelled_anew_by_their_places() -> None:
    written = [{"label": "A", "text": "甲"}, {"label": "B", "text": "乙"}]

    shown = shown_options(written, ("B", "A"))

    assert shown == ({"label": "A", "text": "乙"}, {"label": "B", "text": "甲"})


def test_a_label_that_was_not_shown_matches_no_key() -> None:
    assert as_written(["C"], ("B", "A")) == {"?C"}


@given(st.integers(2, len(LABELS)), st.text(max_size=20), st.sets(st.integers(0, 9)))
def test_what_is_shown_and_what_is_written_translate_into_each_other(
    count: int, seed: str, places: set[int]
) -> None:
    order = shown_order(LABELS[:count], seed=seed)
    shown = {LABELS[place] for place in places if place < count}

    assert sorted(order) == list(LABELS[:count])
    assert set(as_shown(as_written(shown, order), order)) == shown
