"""The candidate's own order of questions and options, on its edges."""

import pytest

from exams import permutation
from exams.permutation import Place

SEED = b"0123456789abcdef"


@pytest.mark.parametrize(
    "option",
    [
        "以上都对",
        "以上都是",
        "以上都不对",
        "以上均不正确",
        "以上三项都是",
        "以上全部",
        "上述说法都正确",
        "都是",
        "均不正确",
        "三项都对",
        "全部正确",
    ],
)
def test_an_option_that_speaks_of_the_others_stays_last(option):
    assert permutation.stays_last(option)


@pytest.mark.parametrize(
    "option", ["2米以上", "切断电源", "都市电网", "对地电压250V以上", "全面停电"]
)
def test_an_option_that_speaks_for_itself_may_move(option):
    assert not permutation.stays_last(option)
    assert not permutation.fixes_all(option)


@pytest.mark.parametrize("option", ["A和B", "A、B两种方法一起使用", "前两项都对", "选 A 或 C"])
def test_an_option_that_names_others_by_letter_fixes_all(option):
    assert permutation.fixes_all(option)


def test_true_or_false_is_never_shuffled():
    for slot in range(1, 50):
        assert permutation.form_order("true_false", ["正确", "错误"], seed=SEED, slot=slot) == (
            [0, 1],
            0,
        )


def test_the_form_puts_the_option_about_the_others_behind_them():
    options = ["以上都对", "切断电源", "验电", "挂接地线"]

    for slot in range(1, 50):
        order, movable = permutation.form_order("single_choice", options, seed=SEED, slot=slot)

        assert order[-1] == 0
        assert movable == 3
        assert sorted(order) == [0, 1, 2, 3]


def test_the_right_option_of_the_form_is_not_always_the_first():
    options = ["切断电源", "验电", "挂接地线", "悬挂标示牌"]

    firsts = {
        permutation.form_order("single_choice", options, seed=SEED, slot=slot)[0][0]
        for slot in range(1, 60)
    }

    assert firsts == {0, 1, 2, 3}


def test_options_that_name_each_other_by_letter_keep_their_places():
    options = ["断电", "验电", "A和B"]

    assert permutation.form_order("single_choice", options, seed=SEED, slot=1) == ([0, 1, 2], 0)


def test_two_candidates_see_different_orders_of_one_form():
    places = [
        Place(slot=slot, section=0, option_count=4, movable_count=4) for slot in range(1, 101)
    ]

    one = permutation.order(places, seed=SEED)
    other = permutation.order(places, seed=b"another candidate")

    assert one.slots != other.slots
    assert one.options != other.options


def test_the_order_of_an_attempt_is_the_same_in_ten_years():
    """The exact order of one seed is written down: it may never change, or appeals break."""
    places = [Place(slot=slot, section=0, option_count=4, movable_count=3) for slot in range(1, 6)]

    order = permutation.order(places, seed=SEED)

    assert order.slots == FROZEN_SLOTS
    assert order.options == FROZEN_OPTIONS


FROZEN_SLOTS = (3, 2, 4, 1, 5)
FROZEN_OPTIONS = {
    1: (0, 1, 2, 3),
    2: (1, 2, 0, 3),
    3: (2, 0, 1, 3),
    4: (2, 0, 1, 3),
    5: (2, 0, 1, 3),
}
