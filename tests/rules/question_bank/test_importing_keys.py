"""Keys of one cell."""

from __future__ import annotations

import pytest

from question_bank.importing.keys import resolve
from question_bank.importing.reasons import RowRefused

OPTIONS = [("A", "甲方"), ("B", "乙方"), ("C", "丙、丁"), ("D", "5")]


@pytest.mark.parametrize(
    ("cell", "labels", "codes"),
    [
        ("C", "C", []),
        ("ACD", "ACD", []),
        ("ABC  ", "ABC", ["key_tidied"]),
        ("b", "B", ["key_tidied"]),
        ("ＡＢ", "AB", ["key_tidied"]),
        ("A,B、C", "ABC", ["key_tidied"]),
        ("A和B", "AB", ["key_tidied"]),
        ("A**C", "AC", ["key_tidied"]),
        ("CA", "AC", []),
        ("AAB", "AB", ["key_tidied"]),
        ("正确答案：B", "B", ["key_tidied"]),
        ("答案:B", "B", ["key_tidied"]),
        (["A", "C"], "AC", []),
        ("甲方", "A", ["key_in_words"]),
        ("丙、丁", "C", ["key_in_words"]),
        ("甲方；乙方", "AB", ["key_in_words"]),
        (["甲方", "丙、丁"], "AC", ["key_in_words"]),
        ("5", "D", ["key_in_words"]),
    ],
)
def test_a_key_is_understood(cell: object, labels: str, codes: list[str]) -> None:
    resolved = resolve(cell, OPTIONS)

    assert "".join(resolved.labels) == labels
    assert [repair.code for repair in resolved.repairs] == codes


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "key_missing"),
        ("  ", "key_missing"),
        ("答案：", "key_missing"),
        (None, "key_missing"),
        ("E", "key_names_no_option"),
        ("ABE", "key_names_no_option"),
        ("甲方、戊方", "key_names_no_option"),
        ("丙", "key_names_no_option"),
        ("2", "key_is_a_number"),
        ("1,3", "key_is_a_number"),
    ],
)
def test_a_key_that_means_nothing_sure_is_refused(cell: object, code: str) -> None:
    with pytest.raises(RowRefused) as refused:
        resolve(cell, OPTIONS)

    assert refused.value.because.code == code


def test_labels_of_the_sheet_lead_to_the_places_of_the_options() -> None:
    skipped = [("A", "甲"), ("B", "乙"), ("D", "丁")]

    assert resolve("D", skipped).labels == ("C",)


def test_an_option_without_a_label_has_that_of_its_place() -> None:
    assert resolve("B", [("", "甲"), ("", "乙")]).labels == ("B",)
