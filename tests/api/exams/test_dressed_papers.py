"""Papers with images, raised and lowered signs and formulas: what a candidate sees of them."""

from __future__ import annotations

import base64
import hashlib
from uuid import uuid4

import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import select

from exams import sealing
from exams.models import Paper
from exams.services import packages, papers, planning
from question_bank import pictures
from question_bank.models import QuestionVersion
from question_bank.services import images
from server.db import db
from server.people.models import Person
from server.policy import Role
from tests.factories import exams as a
from tests.factories.question_files import a_picture
from tests.moments import NOON

PICTURE = a_picture()
NAME = hashlib.sha256(PICTURE).hexdigest()
STEM = rf'图中 <b>电阻</b><br><img src="image:{NAME}"> \(\frac{{U}}{{I}}\)？'
OPTIONS = [f"10<sup>{n}</sup> Ω" for n in range(1, 5)]
#: Everything a place of a paper says; no word about what is right.
SAID = {
    "slot",
    "section",
    "kind",
    "points",
    "stem",
    "options",
    "stem_html",
    "options_html",
}


@pytest.fixture
def exam(writing):
    """Store a published exam in which every single choice is dressed, and no other question."""
    with writing():
        scene = a.an_exam(published=False)
        seen = pictures.read(PICTURE)
        kept = images.Seen(
            sha256=NAME, media_type=seen.media_type, width=40, height=30, content=PICTURE
        )
        images.keep([kept], at=NOON)
        for version in db.session.query(QuestionVersion).filter_by(kind="single_choice"):
            version.stem_html = STEM
            version.options = [
                {**option, "html": html}
                for option, html in zip(version.options, OPTIONS, strict=True)
            ]
        planning.publish(scene.exam.id, seed=a.SEED, by=a.SOMEBODY, at=NOON)
        return scene.exam.id, scene.centre.id, {}


@pytest.fixture
def opened(client, phone, exam):
    """Return a phone that has started, its package opened, and the paper as it is asked for."""
    candidate = phone()
    package = candidate.enrol(exam[0]).json["package"]
    sealed = client.get(f"/v1/packages/{package['hash']}").data
    key = base64.b64decode(candidate.start().json["package"]["opens_with"])
    paper = sealing.unseal(sealed, key=key)
    return candidate, sealed, paper


def test_a_candidate_sees_images_formulas_and_raised_signs(opened):
    candidate, _sealed, paper = opened

    assert paper == {"format": 1} | candidate.get(f"/attempts/{candidate.attempt_id}/paper").json
    assert all(set(one) == SAID for one in paper["questions"])
    [dressed, *_] = [one for one in paper["questions"] if one["kind"] == "single_choice"]
    assert f'<img src="/v1/question-images/{NAME}">' in dressed["stem_html"]
    assert "<mfrac>" in dressed["stem_html"]
    assert sorted(dressed["options_html"]) == OPTIONS
    for text, html in zip(dressed["options"], dressed["options_html"], strict=True):
        # Dressed and plain stand in the same order, that of the form.
        assert "选项 " + "ABCD"[OPTIONS.index(html)] in text


def test_what_is_plain_has_no_dress(opened):
    _candidate, _sealed, paper = opened

    plain = [one for one in paper["questions"] if one["kind"] != "single_choice"]
    assert len(plain) == 70
    assert {(one["stem_html"], one["options_html"]) for one in plain} == {(None, None)}


def test_the_images_of_a_paper_are_named_and_fetched_by_their_content(client, opened):
    candidate, _sealed, paper = opened

    assert paper["images"] == [NAME]
    fetched = candidate.get(f"/question-images/{NAME}")
    assert hashlib.sha256(fetched.data).hexdigest() == NAME
    assert {"private", "immutable"} <= set(fetched.headers["Cache-Control"].split(", "))
    assert client.get(f"/v1/question-images/{NAME}").status_code == 401


def test_thirty_dressed_questions_keep_a_package_small(opened):
    _candidate, sealed, _paper = opened

    assert len(sealed) < 30_000


def test_the_same_paper_has_the_same_words_whenever_it_is_shown(inside, exam):
    paper_id = db.session.execute(select(Paper.id)).scalar_one()

    one, other = papers.shown(paper_id), papers.shown(paper_id)

    assert sealing.canonical(packages.content(one)) == sealing.canonical(packages.content(other))
    assert one.images == (NAME,)


def printed(client, a_signed_in, exam, run_jobs):
    """Ask for the papers of the candidates on paper; return the reply and, in the end, the PDF."""
    planner = a_signed_in(Role.PLANNER, organisation_id=exam[1]).headers
    job_id, body = uuid4(), {"copies_for": "candidates", "reason": "停电"}
    reply = client.put(f"/v1/exams/{exam[0]}/paper-prints/{job_id}", json=body, headers=planner)
    if reply.status_code != 200:
        return reply, None
    run_jobs()
    return reply, client.get(f"/v1/jobs/{job_id}/files/papers-0001.pdf", headers=planner).data


def test_images_and_formulas_are_printed_and_the_answer_sheet_names_its_paper(
    client, phone, exam, a_signed_in, run_jobs, writing
):
    candidate = phone()
    candidate.enrol(exam[0])
    with writing():
        name = db.session.get_one(Person, candidate.signed_in.person_id).name

    _reply, content = printed(client, a_signed_in, exam, run_jobs)

    pages = list(pypdfium2.PdfDocument(content))
    words = "".join(page.get_textpage().get_text_range() for page in pages)
    assert "frac" not in words
    assert "102 Ω" in words.replace("\r\n", "")
    pictures = sum(
        len(list(page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))) for page in pages
    )
    assert pictures == 30
    (code,) = zxingcpp.read_barcodes(
        pages[-1].render(scale=3).to_pil(), zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
    assert code.text.endswith(f":1-{candidate.enrolment_id.hex[:8]}")
    assert name in pages[-1].get_textpage().get_text_range().replace(" ", "")


def test_what_cannot_be_printed_is_refused_and_named(client, exam, a_signed_in, run_jobs, writing):
    with writing():
        version = db.session.query(QuestionVersion).filter_by(kind="single_choice").first()
        assert version is not None
        version.stem_html = r"\(\ce{H2O}\)"
        question_id = str(version.question_id)

    reply, _content = printed(client, a_signed_in, exam, run_jobs)

    assert (reply.status_code, reply.json["code"]) == (409, "unprintable")
    assert question_id in reply.json["detail"]
