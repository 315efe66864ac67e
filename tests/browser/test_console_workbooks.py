"""Workbooks brought to the console: previewed, explained in themselves, stored when asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from certificates.models import Certificate
from exams.models import Candidature
from question_bank.models import Question
from server.db import db
from server.organisations.models import Organisation
from server.people.models import Post
from server.policy import Role
from server.sheets import workbook
from server.training.models import ClassLearner, ClassMaterial, TrainingFile
from server.web import app_files
from tests.browser.desks import a_desk, choose
from tests.browser.offered import unpressed
from tests.browser.pages import photograph, settle
from tests.browser.phones import lets_sign_in
from tests.factories import sittings as some
from tests.factories import training as taught
from tests.factories.people import a_number
from tests.factories.question_bank import a_workbook as a_question_file
from tests.factories.rosters import a_person
from tests.factories.sitting_days import Day
from tests.factories.sitting_desks import people_of
from tests.factories.workbooks import a_row, a_workbook
from tests.house import ROOT
from tests.moments import NOON

pytestmark = pytest.mark.slow

PICTURES = ROOT / "build" / "screenshots" / "console" / "workbooks"

HEADS = ("姓名", "证件类型", "证件号码")

#: A number whose last digit cannot be.
WRONG = "100000199002300012"

#: A sheet whose heads nobody has seen before, and a question without a key.
STRANGE = [
    ["问", "甲项", "乙项", "对的"],
    ["停电作业前先做哪一步？", "验电", "挂牌", "A"],
    ["发现有人触电先做哪一步？", "拉开触电者", "切断电源", "B"],
    ["高处作业前先做哪一步？", "检查安全带", "直接登高", ""],
]


@pytest.fixture
def desk(phone_browser, built_app, address, demonstrated, writing):
    """Seat somebody with every role, who complains of nothing at the end."""
    if not (app_files.CONSOLE / "index.html").exists():
        pytest.skip("UNPROVED: the console is not built; run make web")
    with writing():
        lets_sign_in(a_person(name="总管").id, "chief", *Role)
    opened = a_desk(phone_browser, address)
    opened.sit("chief")
    yield opened
    opened.context.close()
    assert opened.complaints == []


def _photograph(desk, name):
    settle(desk.page)
    photograph(desk.page, PICTURES / name)


def _count(app, column):
    with app.app_context():
        return db.session.scalar(select(func.count(column)))


def _roster(_writing):
    rows = (a_row(a_number(), 姓名="新员工"), a_row(WRONG, 姓名="错号员工"))
    return "/people/import", {"organisation_id": "青石示范化工"}, a_workbook(*rows)


def _candidates(writing):
    employer_id, (good,) = people_of(writing, "甲某")
    with writing():
        db.session.get_one(Organisation, employer_id).name = "报送单位乙"
        sitting_id = some.a_sitting(some.a_hall()).id
    rows = a_workbook(good, ["查无此人", "护照", "E99999999"], header=HEADS)
    return f"/exams/sittings/{sitting_id}", {"sent_by_id": "报送单位乙"}, rows


def _learners(writing):
    with writing():
        class_id = taught.a_class(taught.a_centre()).id
    rows = ["李新", "居民身份证", a_number()], ["错号", "居民身份证", WRONG]
    return f"/training/classes/{class_id}", {}, a_workbook(*rows, header=HEADS)


@pytest.mark.parametrize(
    ("brought", "stored"),
    [(_roster, Post.id), (_candidates, Candidature.id), (_learners, ClassLearner.id)],
    ids=["roster", "candidates", "learners"],
)
def test_a_workbook_is_previewed_explained_and_stored_only_when_asked(
    desk, demonstrated, writing, tmp_path, brought, stored
):
    place, fields, content = brought(writing)
    file = tmp_path / "名单.xlsx"
    file.write_bytes(content)
    before = _count(demonstrated, stored)
    page = desk.page

    desk.go(place)
    form = page.locator("form.inline", has_text="选择工作簿")
    for name, words in fields.items():
        choose(form.locator(f"[name={name}]"), words)
    form.locator("input[type=file]").set_input_files(file)
    form.get_by_role("button", name="预览", exact=True).click()
    page.locator(".figure.bad", has_text="未通过").wait_for()
    _photograph(desk, brought.__name__.strip("_"))
    previewed = _count(demonstrated, stored)
    with page.expect_download() as given:
        page.get_by_role("button", name="下载批注后的工作簿").click()
    page.get_by_role("button", name="写入 1 行").click()
    page.locator(".tag.good", has_text="已写入").wait_for()

    assert previewed == before
    assert _count(demonstrated, stored) == before + 1
    assert given.value.suggested_filename == "名单-checked.xlsx"
    assert [one[:3] for one in _verdicts(given.value.path())] == ["可导入", "未通过"]
    assert unpressed(demonstrated, brought.__name__.strip("_"), desk.asked) == []


def _verdicts(path: Path) -> list[str]:
    """Return what the workbook says of each of its rows."""
    rows = workbook.first_sheet(path.read_bytes())
    head = next(row for row in rows if "导入结果" in row)
    at = list(head).index("导入结果")
    return [str(row[at]) for row in rows[list(rows).index(head) + 1 :]]


def test_columns_that_nobody_knows_are_pointed_out_and_only_good_rows_are_stored(
    desk, demonstrated, run_jobs, tmp_path
):
    file = tmp_path / "老题库.xlsx"
    file.write_bytes(a_question_file(STRANGE))
    before = _count(demonstrated, Question.id)
    page = desk.page

    desk.go("/bank/import")
    choose(page.locator("[name=bank_id]"), "示范题库")
    page.get_by_label("主要负责人", exact=True).check()
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="上传并预览").click()
    page.wait_for_url("**/bank/import/*-*")
    run_jobs()
    page.locator("details[open] [name=stem]").wait_for()
    _photograph(desk, "unknown-columns")
    choose(page.locator("[name=stem]"), "问")
    choose(page.locator("[name=key]"), "对的")
    page.fill("[name=option_columns]", "2,3")
    page.get_by_role("button", name="按此重新读取").click()
    run_jobs()
    page.get_by_role("button", name="写入 2 题").wait_for()
    _photograph(desk, "columns-pointed-out")
    with page.expect_download() as given:
        page.get_by_role("button", name="下载批注后的工作簿").click()
    previewed = _count(demonstrated, Question.id)
    desk.move("写入 2 题")
    run_jobs()
    page.get_by_role("button", name="全部送审").wait_for()

    assert previewed == before
    assert _count(demonstrated, Question.id) == before + 2
    assert "高处作业前先做哪一步？" in str(workbook.first_sheet(given.value.path().read_bytes()))
    assert unpressed(demonstrated, "questions", desk.asked) == []


def test_materials_of_a_class_are_put_up_and_what_is_none_is_refused_in_words(
    desk, demonstrated, writing, tmp_path
):
    with writing():
        class_id = taught.a_class(taught.a_centre()).id
    files = {"演示.exe": b"MZ", "案例分析.pdf": b"%PDF-1.7", "过大.pdf": bytes(21_000_000)}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    page = desk.page
    desk.go(f"/training/classes/{class_id}")
    form = page.locator("form.inline", has_text="选择课件")

    form.locator("input[type=file]").set_input_files(tmp_path / "演示.exe")
    page.locator(".failure", has_text="不能上传“演示.exe”").wait_for()
    refused = form.get_by_role("button", name="上传", exact=True).is_disabled()
    form.locator("input[type=file]").set_input_files(tmp_path / "过大.pdf")
    form.get_by_role("button", name="上传", exact=True).click()
    page.locator(".failure", has_text="20000000 字节").wait_for()
    form.locator("input[type=file]").set_input_files(tmp_path / "案例分析.pdf")
    form.locator("[name=title]").fill("案例")
    form.get_by_role("button", name="上传", exact=True).click()
    page.locator("[role=status]", has_text="已上传：案例.pdf").wait_for()
    _photograph(desk, "materials")
    with page.expect_download() as given:
        page.locator(".lines li", has_text="案例").get_by_role("button", name="下载").click()

    assert refused
    assert given.value.suggested_filename == "案例.pdf"
    assert given.value.path().read_bytes() == files["案例分析.pdf"]
    assert unpressed(demonstrated, "materials", desk.asked) == []


def _offering(writing):
    """Store what files come from; return pages and buttons."""
    with writing():
        sitting_id = Day(count=2).sitting.id
        learnt = taught.a_class(taught.a_centre()).id
        taught.stored(TrainingFile(hash="0" * 64, content=b"%PDF-1.7"))
        handed = {"title": "讲义.pdf", "media_type": "application/pdf", "size": 8, "hash": "0" * 64}
        taught.stored(ClassMaterial(class_id=learnt, added_at=NOON, **handed))
        certificate_id = db.session.scalars(select(Certificate.id)).first()
        authority = select(Organisation.region_id).where(Organisation.name == "示范区应急管理局")
        region_id = db.session.scalars(authority).one()
    return [
        (f"/exams/sittings/{sitting_id}", "打印座位图"),
        (f"/exams/sittings/{sitting_id}", "打印签到表"),
        (f"/training/classes/{learnt}", "一期一档 PDF"),
        (f"/training/classes/{learnt}", "下载"),
        (f"/certificates/register/{certificate_id}", "打印证书"),
        (f"/certificates/register/{certificate_id}", "打印卡证"),
        ("/training/quality?since=2026-01-01", "导出工作簿"),
        (f"/coverage-admissions?region_id={region_id}", "导出清单"),
    ]


def test_every_file_that_the_console_offers_comes(desk, demonstrated, writing):
    wanted = {"pdf": b"%PDF", "xlsx": b"PK", "csv": "\ufeff".encode()}
    wrong = []

    for place, button in _offering(writing):
        desk.go(place)
        with desk.page.expect_download(timeout=30_000) as given:
            desk.page.get_by_role("button", name=button, exact=True).first.click()
        name = given.value.suggested_filename
        content = given.value.path().read_bytes()
        if not content.startswith(wanted[name.rpartition(".")[2]]):
            wrong.append((button, name, content[:20]))

    assert wrong == []
    assert unpressed(demonstrated, "files", desk.asked) == []
