"""Which questions ask the same, which nearly do, which contradict each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank import likeness
from question_bank.kinds import Kind
from question_bank.likeness import Alike, Print, Relation

STEM = "触电者心跳停止、呼吸存在，应采用（　）进行现场急救。"
OPTIONS = ["口对口人工呼吸法", "胸外心脏按压法", "口对鼻人工呼吸法"]


def printed(stem: str = STEM, options: list[str] = OPTIONS, right: str = OPTIONS[1]) -> Print:
    return likeness.print_of(Kind.SINGLE_CHOICE, stem, options, [right])


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("约（___）V。", "约v"),
        ("Ｒ×1档， 50%", "r×1档50%"),
        ("0.5 m、1/6倍( )。", "0.5m1/6倍"),
        ("GB/T 3608-2008", "gb/t3608-2008"),
        ("……《规定》：“是”！", "规定是"),
    ],
)
def test_of_a_text_the_signs_that_matter_are_kept(text: str, kept: str) -> None:
    assert likeness.essence(text) == kept


def test_the_same_question_with_its_options_in_another_order_is_a_duplicate() -> None:
    other = printed("触电者心跳停止,呼吸存在,应采用( )进行现场急救", OPTIONS[::-1])

    assert likeness.compared(printed(), other) == Alike(Relation.EXACT, 1000)


def test_the_same_question_with_another_key_is_a_conflict() -> None:
    other = printed(right=OPTIONS[0])

    assert likeness.compared(printed(), other) == Alike(Relation.CONFLICT, 1000)


def test_a_statement_that_is_right_here_and_wrong_there_is_a_conflict() -> None:
    one, other = (
        likeness.print_of(Kind.TRUE_FALSE, "钢丝绳可以打结使用。", ["正确", "错误"], [right])
        for right in ("正确", "错误")
    )

    alike = likeness.compared(one, other)
    assert alike is not None
    assert alike.relation is Relation.CONFLICT


def test_a_word_more_is_a_near_duplicate_and_another_question_is_none() -> None:
    near = likeness.compared(printed(), printed(STEM.replace("现场", "")))

    assert near is not None
    assert near.relation is Relation.NEAR
    assert likeness.NEAR <= near.similarity < 1000
    assert (
        likeness.compared(printed(), printed("灭火器应多久检查一次？", ["一月", "一年"], "一月"))
        is None
    )


def test_numbers_that_differ_only_by_their_point_are_not_the_same() -> None:
    assert printed("安全电压0.5倍").asked != printed("安全电压05倍").asked


signs = st.text(
    alphabet="安全生产电压流高低检查年度防护用品作业人员培训考核甲乙丙丁", min_size=25, max_size=60
)


@given(st.lists(signs, min_size=2, max_size=30, unique=True), st.data())
def test_whatever_is_near_shares_a_band_with_its_twin(
    bodies: list[str], data: st.DataObject
) -> None:
    """One sign is put in anywhere: at least 25 others keep the pair above 90 %."""
    place = data.draw(st.integers(0, len(bodies[0])))
    twin = bodies[0][:place] + "变" + bodies[0][place:]
    signatures = likeness.bands([*bodies, twin])

    found = set(likeness.shared(signatures, [len(bodies)]))

    assert (0, len(bodies)) in found
    everything = set(likeness.shared(signatures, range(len(bodies) + 1)))
    assert found == {pair for pair in everything if len(bodies) in pair}


def test_many_that_are_nearly_the_same_are_compared_with_some_and_stay_one_group() -> None:
    count = 400
    signatures = likeness.bands(["同一道题目反复出现" for _ in range(count)])

    pairs = list(likeness.shared(signatures, range(count)))

    assert len(pairs) < count * 61
    assert set(likeness.groups(range(count), pairs).values()) == {0}


def test_rows_are_paired_alike_by_one_and_by_all() -> None:
    bodies = [
        "".join(chr(0x4E00 + one % 150 * 97 + k * 11) for k in range(9)) for one in range(300)
    ]
    signatures = likeness.bands(bodies)

    fresh = list(range(201))
    by_all = {pair for pair in likeness.shared(signatures, fresh)}
    by_one = {pair for row in fresh for pair in likeness.shared(signatures, [row])}

    assert by_all == by_one
    assert (0, 150) in by_all


def test_without_questions_there_are_no_pairs() -> None:
    assert list(likeness.shared(likeness.bands([]), [])) == []


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20))))
def test_a_group_is_everything_that_is_joined(edges: list[tuple[int, int]]) -> None:
    found = likeness.groups(range(15), edges)

    inside = [(one, other) for one, other in edges if one < 15 and other < 15]
    assert all(found[one] == found[other] for one, other in inside)
    assert all(found[group] == group <= member for member, group in found.items())
    assert len(set(found.values())) >= 15 - len(inside)
