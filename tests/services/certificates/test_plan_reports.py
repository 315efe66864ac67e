"""The evaluations of the five plans, from people of their regions, against a slow count."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import uuid4
from zipfile import ZipFile

import openpyxl
import pypdfium2
import pytest
from sqlalchemy import select

from certificates import plans, watching
from certificates.commands import load_rules_and_indicators
from certificates.models import ReportKind
from certificates.services import evaluating, indicators, report_files
from certificates.services.counts import booking, rebuilding
from server.db import db
from server.errors import NotFound
from server.people.models import Post
from server.regions import services as regions
from server.scopes import EVERYWHERE, Scope
from tests.factories.certificates import REGISTRAR
from tests.factories.clerks import Clerk
from tests.factories.rosters import a_region
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def reported(furnished):
    """Issue the evaluation of a plan for people made by lot."""

    def issue(key, *kinds, count=8):
        load_rules_and_indicators()
        plan = plans.every()[key]
        clerk = Clerk(key, regions.get(regions.id_of(plan.division_code)), plan.until_on)
        clerk.fill(count)
        watching.settle(db.session())
        rebuilding.rebuild(at=NOON)
        asked = {"plan": key, "region_id": None, "on": None, "by": REGISTRAR, "at": NOON}
        kinds = kinds or (ReportKind.FINAL,)
        return clerk, *(evaluating.issue(uuid4(), kind=kind, **asked) for kind in kinds)

    return issue


@pytest.mark.parametrize("key", list(plans.every()))
def test_every_figure_of_an_evaluation_is_what_a_slow_count_says(reported, key):
    clerk, *reports = reported(key, *ReportKind, count=24)
    plan = plans.every()[key]
    shipped = {each["key"]: each for each in indicators.shipped() if each["plan"] == key}

    for report, until in zip(reports, (plan.mid_term_on, plan.until_on), strict=True):
        rows = report.content["indicators"]
        found = {one["key"]: (one["required"], one["covered"]) for one in rows}
        clerk.until = until
        assert found == {key: clerk.counts(values) for key, values in shipped.items()}
        assert report.on == until


def test_an_evaluation_runs_again_to_the_byte_and_tells_what_is_known_otherwise_since(reported):
    clerk, report = reported("shanxi")
    paper, sheets = report_files.pdf(report), report_files.workbook(report)
    assert evaluating.revisions(report) == []

    _unlearn(clerk)

    assert evaluating.content_of(report) == report.content
    assert report_files.pdf(report) == paper
    assert report_files.workbook(report) == sheets
    found = {each.indicator: each for each in evaluating.revisions(report)}
    told = found["shanxi-special-operations-certified"]
    assert told.new == "0/0"
    assert set(told.reasons) == {"corrected"}


def _unlearn(clerk):
    """Learn, a day after the report, that nobody ever held a post."""
    for post in db.session.execute(select(Post)).scalars():
        post.until_on = post.from_on
    db.session.flush()
    booking.book({line[0] for line in clerk.posts}, set(), at=NOON + timedelta(days=1))


def test_the_paper_says_it_in_the_words_of_the_plan_and_the_workbook_has_charts(reported):
    _, report = reported("linyi")

    paper = pypdfium2.PdfDocument(report_files.pdf(report))
    text = "".join(page.get_textpage().get_text_range() for page in paper)
    book = openpyxl.load_workbook(io.BytesIO(report_files.workbook(report)))

    assert "所有职工必须经过培训合格后上岗" in text
    assert "终期考核" in text
    words = [cell.value for cell in book["总表"]["A"] if cell.value]
    assert "专职安全管理人员不少于3%" in words
    names = ZipFile(io.BytesIO(report_files.workbook(report))).namelist()
    assert any("charts/chart" in name for name in names)


def test_a_report_of_another_region_is_not_found(reported):
    _, report = reported("zhongwei")
    elsewhere = Scope(region_paths=(a_region(name="他省").path,))

    with pytest.raises(NotFound):
        evaluating.get(report.id, scope=elsewhere)
    assert evaluating.listed(elsewhere).items == []
    assert [each.id for each in evaluating.listed(EVERYWHERE).items] == [report.id]
