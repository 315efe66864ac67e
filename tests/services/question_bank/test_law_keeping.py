"""The law library: who keeps it, what it refuses, how it is found and loaded."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from question_bank.commands import load_reference
from question_bank.errors import EndBeforeBeginning, ReplacedByItself
from question_bank.models import LawKind
from question_bank.services import law_reference, laws
from question_bank.services.laws import End, LawDraft
from server.days import civil_day
from server.errors import IdTaken, NotAllowed, NotFound
from server.policy import Role
from tests.factories.laws import a_law
from tests.factories.question_bank import a_desk, an_identity
from tests.moments import NOON

TODAY = civil_day(NOON)
OLD, NEW = "special_operations_order_30", "special_operations_order_19"


@pytest.fixture
def keeper():
    """Somebody who keeps laws everywhere."""
    return an_identity(Role.REVIEWER)


@pytest.fixture
def library():
    law_reference.load(at=NOON)


@pytest.mark.usefixtures("inside")
def test_laws_of_the_country_are_kept_only_by_who_keeps_laws_everywhere() -> None:
    desk = a_desk()
    draft = LawDraft(
        code="local",
        kind=LawKind.LOCAL_REGULATION,
        title="某市条例",
        number="",
        issuer="某市",
        source="公报",
    )

    with pytest.raises(NotAllowed):
        laws.write(uuid4(), draft, by=desk.reviewer, at=NOON)
    local = LawDraft(**{**draft.__dict__, "owner_id": desk.owner.id})
    law = laws.write(uuid4(), local, by=desk.reviewer, at=NOON)
    assert laws.write(law.id, local, by=desk.reviewer, at=NOON) is law
    with pytest.raises(NotFound):
        laws.end(law.id, End(valid_until=TODAY), by=a_desk().reviewer, at=NOON)
    with pytest.raises(IdTaken):
        laws.write(uuid4(), local, by=desk.reviewer, at=NOON)


@pytest.mark.usefixtures("inside")
def test_days_and_successors_make_sense(keeper) -> None:
    law = a_law(keeper)

    with pytest.raises(EndBeforeBeginning):
        laws.end(law.id, End(valid_until=date(2019, 12, 31)), by=keeper, at=NOON)
    with pytest.raises(ReplacedByItself):
        laws.end(law.id, End(valid_until=TODAY, replaced_by_id=law.id), by=keeper, at=NOON)
    with pytest.raises(NotFound):
        laws.end(law.id, End(valid_until=TODAY, replaced_by_id=uuid4()), by=keeper, at=NOON)
    with pytest.raises(NotFound):
        laws.article(uuid4())


@pytest.mark.usefixtures("inside")
def test_the_library_is_found_by_words_kind_and_day(library) -> None:
    def titles(**filters):
        return [(one.code, one.title) for one in laws.listed(**filters).items]

    assert [code for code, _ in titles(text="特种作业人员", in_force_on=TODAY)] == [NEW]
    before = titles(text="特种作业人员", in_force_on=date(2026, 5, 31))
    assert [code for code, _ in before] == [OLD]
    assert [code for code, _ in titles(kind=LawKind.STANDARD)] == ["aq_8011_2023"]
    assert laws.articles_of(law_reference.law_id(NEW))[0].ordinal == 0


@pytest.mark.usefixtures("inside")
def test_loading_the_library_twice_changes_nothing_and_mends_what_was_changed(keeper) -> None:
    assert law_reference.load(at=NOON) > 20
    assert law_reference.load(at=NOON) == 0

    law = laws.get(law_reference.law_id("work_safety_law"))
    law.title = "改动"
    laws.end(law.id, End(valid_until=date(2026, 10, 1)), by=keeper, at=NOON)

    assert law_reference.load(at=NOON) == 1
    assert (law.title, law.valid_until) == ("中华人民共和国安全生产法", date(2026, 10, 1))


def test_the_library_is_reference_data(app) -> None:
    with app.app_context():
        assert load_reference() > 20
        assert load_reference() == 0
