"""The demonstration bank: its shape, its balance, and that no wording leaks the key."""

import json
import re
import unicodedata
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

BANK = Path(__file__).parents[3] / "question_bank" / "demonstration_bank"

#: Each file, the role that it examines, and the item of the catalogue of special operations.
FILES = {
    "principal.json": ("principal", None),
    "safety_manager.json": ("safety_manager", None),
    "low_voltage_electrician.json": ("special_operations_worker", "1.2"),
}

#: The fewest questions of each kind that a file holds: enough for a paper of 20 + 20 + 10.
FEWEST = {"true_false": 30, "single_choice": 26, "multiple_choice": 10}

LETTERS = "ABCDE"
FIELDS = {"kind", "stem", "key", "topic", "difficulty", "explanation", "law_citation"}

#: What a reader of real workbooks leaves at the head of a stem: 12. 12、 (12) 第12题 ①
RUNNING_NUMBER = re.compile(r"^\s*(?:[(（]?\d{1,4}\s*[.．、)）]|第\s*\d+\s*题|[①-⑳])")

#: An option label: A. A、 (A) at the head of a text, or after a space or full stop within it.
OPTION_LABEL = re.compile(r"(?:^|[\s。；])[(（]?[A-Ea-e]\s*[.．、)）]")

#: Options are shuffled at delivery, so nothing may speak of their places.
PLACE = re.compile(r"以上[都均全皆]|以上选项|上述选项|[前后]两项|[前后]三项|最后一项|选项[A-E]")


def read(name: str) -> dict[str, Any]:
    """Return one file of the bank."""
    bank: dict[str, Any] = json.loads((BANK / name).read_text(encoding="utf-8"))
    return bank


def normalised(text: str) -> str:
    """Return the text without width, spaces and punctuation, so that near copies meet."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LN")


def all_questions() -> list[tuple[str, dict[str, Any]]]:
    """Return every question with the file that holds it."""
    return [(name, question) for name in FILES for question in read(name)["questions"]]


@pytest.fixture(params=FILES)
def bank(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return one file of the bank after another."""
    return read(request.param)


def of_kind(bank: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """Return the questions of one kind."""
    return [question for question in bank["questions"] if question["kind"] == kind]


@pytest.mark.parametrize(("name", "role_and_item"), FILES.items())
def test_each_file_names_its_role_and_operation_item(name, role_and_item):
    bank = read(name)

    assert set(bank) == {"role", "operation_item", "title", "questions"}
    assert (bank["role"], bank["operation_item"]) == role_and_item
    assert bank["title"].strip()


def test_the_folder_holds_these_files_and_no_other():
    assert {path.name for path in BANK.glob("*.json")} == set(FILES)


def test_each_file_holds_enough_questions_of_each_kind(bank):
    counts = Counter(question["kind"] for question in bank["questions"])

    assert set(counts) == set(FEWEST)
    assert all(counts[kind] >= fewest for kind, fewest in FEWEST.items())
    assert counts.total() >= 66


def test_each_role_has_five_to_seven_topics_and_every_topic_every_kind(bank):
    topics = Counter(question["topic"] for question in bank["questions"])
    pairs = Counter((question["topic"], question["kind"]) for question in bank["questions"])

    assert 5 <= len(topics) <= 7
    assert min(topics.values()) >= 8
    assert all(pairs[topic, "true_false"] >= 4 for topic in topics)
    assert all(pairs[topic, "single_choice"] >= 4 for topic in topics)
    assert all(pairs[topic, "multiple_choice"] >= 2 for topic in topics)


def test_every_question_is_complete(bank):
    for question in bank["questions"]:
        choices = {"options"} if question["kind"] != "true_false" else set()

        assert set(question) == FIELDS | choices, question["stem"]
        for field in FIELDS - {"key"}:
            assert question[field].strip() == question[field] != "", question["stem"]


def test_every_difficulty_is_an_expected_facility_with_two_places(bank):
    for question in bank["questions"]:
        assert re.fullmatch(r"0\.\d\d", question["difficulty"]), question["stem"]
        assert Decimal("0.30") <= Decimal(question["difficulty"]) <= Decimal("0.95")


def test_every_key_points_at_options_that_exist(bank):
    for question in bank["questions"]:
        key = question["key"]
        places = len(question.get("options", ("正确", "错误")))

        assert key == sorted(set(key)), question["stem"]
        assert set(key) <= set(LETTERS[:places]), question["stem"]


def test_true_or_false_and_single_choice_have_one_right_answer(bank):
    for question in of_kind(bank, "true_false") + of_kind(bank, "single_choice"):
        assert len(question["key"]) == 1, question["stem"]


def test_a_multiple_choice_has_at_least_two_right_answers_and_one_wrong(bank):
    for question in of_kind(bank, "multiple_choice"):
        assert 4 <= len(question["options"]) <= 5, question["stem"]
        assert 2 <= len(question["key"]) < len(question["options"]), question["stem"]


def test_a_single_choice_has_four_options(bank):
    assert all(len(question["options"]) == 4 for question in of_kind(bank, "single_choice"))


def test_the_options_of_a_question_differ(bank):
    for question in bank["questions"]:
        options = [option.strip() for option in question.get("options", ())]

        assert all(options), question["stem"]
        assert len({option.casefold() for option in options}) == len(options), question["stem"]


def test_the_keys_of_single_choices_are_spread_over_the_places(bank):
    questions = of_kind(bank, "single_choice")
    places = Counter(question["key"][0] for question in questions)

    for letter in "ABCD":
        assert 0.15 <= places[letter] / len(questions) <= 0.35, (letter, places)


def test_true_and_false_are_near_half_and_half(bank):
    questions = of_kind(bank, "true_false")
    true_count = sum(question["key"] == ["A"] for question in questions)

    assert 0.40 <= true_count / len(questions) <= 0.60


def test_the_longest_option_is_not_the_key_more_often_than_chance(bank):
    questions = of_kind(bank, "single_choice")
    given_away = 0
    for question in questions:
        lengths = [len(option) for option in question["options"]]
        key_length = lengths.pop(LETTERS.index(question["key"][0]))
        given_away += key_length > max(lengths)

    assert given_away / len(questions) <= 0.25


def test_no_question_is_asked_twice_in_the_whole_bank():
    stems = Counter(normalised(question["stem"]) for _, question in all_questions())

    assert [stem for stem, count in stems.items() if count > 1] == []


def test_no_stem_carries_a_running_number_or_option_labels():
    for _, question in all_questions():
        assert not RUNNING_NUMBER.search(question["stem"]), question["stem"]
        assert not OPTION_LABEL.search(question["stem"]), question["stem"]


def test_no_option_carries_its_label():
    for _, question in all_questions():
        for option in question.get("options", ()):
            assert not OPTION_LABEL.match(option), option


def test_nothing_speaks_of_the_places_of_options():
    for _, question in all_questions():
        for text in (question["stem"], question["explanation"], *question.get("options", ())):
            assert not PLACE.search(text), text


def test_a_question_that_asks_for_a_choice_shows_the_gap():
    for _, question in all_questions():
        assert ("（　）" in question["stem"]) is (question["kind"] != "true_false"), question[
            "stem"
        ]


@pytest.mark.parametrize(
    "stem",
    ["12. 触电急救", "12、触电急救", "（12）触电急救", "第12题 触电急救", "①触电急救"],
)
def test_a_running_number_would_be_noticed(stem):
    assert RUNNING_NUMBER.search(stem)


@pytest.mark.parametrize("stem", ["方针是。A.安全第一 B.预防为主", "正确的是 A、停电", "（A）停电"])
def test_an_option_label_would_be_noticed(stem):
    assert OPTION_LABEL.search(stem)


@pytest.mark.parametrize("stem", ["10 kV线路停电", "2026年6月1日起施行", "按照LEC法，L取3、E取6"])
def test_a_figure_or_a_factor_is_no_label(stem):
    assert not RUNNING_NUMBER.search(stem)
    assert not OPTION_LABEL.search(stem)
