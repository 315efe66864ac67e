"""People and enterprises of the load tests look like life, and are always the same."""

from __future__ import annotations

from datetime import date

import pytest
from stdnum.cn import ric, uscc

from load_tests import people
from load_tests.people import firms, id_check, some

ON = date(2026, 11, 22)


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_the_check_of_known_numbers_is_their_last_character(number):
    assert id_check(number[:17]) == number[17]


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91440300708461136T", "91330100799655058B"])
def test_the_check_of_known_credit_codes_is_their_last_character(code):
    assert people.credit_code_check(code[:17]) == code[17]


@pytest.mark.parametrize("own", ["708461136", "799655058"])
def test_the_check_of_known_own_codes_is_their_last_character(own):
    assert people.own_code_check(own[:8]) == own[8]


def test_an_independent_reader_accepts_every_number():
    for somebody in some(500, seed=1, on=ON):
        assert ric.validate(somebody.document_number) == somebody.document_number
        assert ric.get_birth_date(somebody.document_number) == somebody.birth_on


def test_an_independent_reader_accepts_every_credit_code():
    codes = {firm.credit_code for firm, _ in zip(firms(1), range(500), strict=False)}

    assert len(codes) == 500
    assert all(uscc.validate(code) == code for code in codes)


def test_everybody_is_of_age_and_not_yet_retired():
    for somebody in some(2000, seed=3, on=ON):
        birth = somebody.birth_on
        had_birthday = (birth.month, birth.day) <= (ON.month, ON.day)
        age = ON.year - birth.year - (not had_birthday)
        assert 18 <= age < 60


def test_the_number_tells_the_sex():
    for somebody in some(500, seed=4, on=ON):
        assert (int(somebody.document_number[16]) % 2 == 1) == (somebody.sex == "male")


def test_no_two_people_share_a_number():
    numbers = [somebody.document_number for somebody in some(5000, seed=5, on=ON)]

    assert len(set(numbers)) == len(numbers)


def test_the_same_seed_gives_the_same_people_and_another_seed_others():
    assert some(20, seed=6, on=ON) == some(20, seed=6, on=ON)
    assert some(20, seed=6, on=ON) != some(20, seed=7, on=ON)
