"""Pages, cards and pictures: set from what was frozen, signed, and read by other programs."""

from __future__ import annotations

import io
import os
import random
import zipfile
from uuid import uuid4

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from certificates import keys, printouts, seals
from certificates.batch_errors import SealMissing
from certificates.models import Issuer
from certificates.services import prints
from certificates.signing import KeySigner
from server.db import db
from server.people.models import DocumentDisclosure, Photo
from server.people.services import numbers
from server.policy import Role
from tests.factories.certificates import a_certificate, an_issuer
from tests.factories.issue_batches import Bureau
from tests.factories.people import a_person as a_citizen
from tests.factories.photos import a_jpeg, a_png
from tests.factories.rosters import a_person, stored
from tests.factories.tokens import OTHER_KEY
from tests.moments import NOON

#: Whether every byte of a page is changed, and every digit of its signature to several others.
THOROUGH = bool(os.environ.get("THOROUGH"))

#: The kind of code that is looked for: other kinds are seen in the noise of a large picture.
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


@pytest.fixture
def certificate(inside):
    """Issue a certificate to somebody with a photo."""
    content = a_png()
    stored(Photo(hash="a" * 64, media_type="image/png", content=content))
    person = a_person(name="欧阳建国")
    person.photo_hash = "a" * 64
    return a_certificate(person, an_issuer())


def _decoded(picture: Image.Image) -> list[str]:
    return [each.text for each in zxingcpp.read_barcodes(picture, _QR)]


def _pages(document: bytes, *, scale: float = 3) -> list[Image.Image]:
    with pypdfium2.PdfDocument(document) as opened:
        return [page.render(scale=scale).to_pil() for page in opened]


def _words(document: bytes) -> str:
    with pypdfium2.PdfDocument(document) as opened:
        pages = [page.get_textpage() for page in opened]
        found = "".join(page.get_text_range() for page in pages)
        for page in pages:
            page.close()
        return found


def _roots():
    chain = keys.ring().seal_chain()
    assert chain is not None
    return seals.certificates_of(chain)


def test_the_page_says_what_was_frozen_and_its_code_is_read_by_another_program(certificate):
    page = prints.page_of(certificate)

    said = _words(page).replace(" ", "")
    for what in ("特种作业操作证", "欧阳建国", "低压电工作业", "2026.06.15至2032.06.14"):
        assert what in said
    assert certificate.issuer.organisation.name in said
    assert _decoded(_pages(page)[0]) == [certificate.token]
    assert b"/FontFile" in page, "the type is embedded"


def test_the_page_is_signed_by_the_seal_and_by_nobody_else(certificate):
    page = prints.page_of(certificate)

    signed_by = seals.check(page, _roots(), at=NOON)

    assert "Try-out" in signed_by.subject.native["common_name"]
    with pytest.raises(seals.SealBroken):
        seals.check(page, [], at=NOON)
    with pytest.raises(seals.SealBroken):
        seals.check(printouts.certificate(prints.printable([certificate])[0], at=NOON), [], at=NOON)


def test_a_page_signed_with_another_key_is_refused(certificate):
    bare = printouts.certificate(prints.printable([certificate])[0], at=NOON)

    forged = seals.sealed(bare, KeySigner(OTHER_KEY), _roots(), name="局", reason="证书")

    with pytest.raises(seals.SealBroken):
        seals.check(forged, _roots(), at=NOON)


def test_no_mutant_of_a_page_is_believed(certificate):
    page, roots = prints.page_of(certificate), _roots()
    begin = page.index(b"/Contents <308") + len("/Contents <")
    dice = random.Random(20_260_615)
    places = list(range(len(page))) if THOROUGH else [dice.randrange(len(page)) for _ in range(900)]
    # Most of them where nothing is signed: in the signature itself, as digits it could be made of.
    places += [begin + dice.randrange(2_200) for _ in range(1_500 if THOROUGH else 120)]

    believed = []
    for place in places:
        mutant = bytearray(page)
        mutant[place] = dice.choice(
            [each for each in b"0123456789ABCDEFabc <>" if each != page[place]]
        )
        try:
            seals.check(bytes(mutant), roots, at=NOON)
        except seals.SealBroken:
            continue
        believed.append(place)

    print(f"{len(places)} mutants of a page of {len(page)} bytes, {len(believed)} believed")
    assert believed == []


@pytest.mark.parametrize(
    "change",
    [
        lambda page: page + b"\n",
        lambda page: page[:-2],
        lambda page: page + page,
        lambda page: page + b"\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n",
        lambda _page: b"",
        lambda _page: b"%PDF-1.7",
    ],
)
def test_a_page_with_something_more_or_less_is_refused(certificate, change):
    with pytest.raises(seals.SealBroken):
        seals.check(change(prints.page_of(certificate)), _roots(), at=NOON)


def test_a_photo_that_cannot_be_opened_is_left_out():
    assert printouts.shown(a_jpeg()) is None
    assert printouts.shown(None) is None
    assert (printouts.shown(a_png()) or b"").startswith(b"\xff\xd8")


def test_a_card_has_two_faces_of_the_size_of_cards(certificate):
    card = prints.card_of(certificate)

    with pypdfium2.PdfDocument(card) as opened:
        sizes = [tuple(round(side / 72 * 25.4, 1) for side in page.get_size()) for page in opened]
    assert sizes == [(85.6, 54.0)] * 2
    front, back = _pages(card, scale=300 / 72)
    assert (_decoded(front), _decoded(back)) == ([], [certificate.token])


def test_ten_cards_are_laid_on_a_sheet_and_their_backs_meet_them(inside):
    issuer = an_issuer()
    made = [a_certificate(a_person(name=f"工人{number}"), issuer) for number in range(3)]

    fronts, backs = _pages(printouts.sheets(prints.printable(made), at=NOON))

    found = {each.text: each.position.top_left.x for each in zxingcpp.read_barcodes(backs, _QR)}
    assert found.keys() == {each.token for each in made}
    assert found[made[0].token] > found[made[1].token], "the first card's back is on the right"
    assert _decoded(fronts) == []


def test_the_picture_for_a_phone_is_read_by_another_program(certificate):
    picture = Image.open(io.BytesIO(prints.picture_of(certificate)))

    assert picture.size == (1080, 1920)
    assert _decoded(picture) == [certificate.token]


def test_without_a_seal_nothing_is_printed_as_signed(certificate, monkeypatch, tmp_path):
    monkeypatch.setattr(keys.ring(), "folder", tmp_path)

    with pytest.raises(SealMissing):
        prints.page_of(certificate)


@pytest.mark.parametrize(
    ("form", "name", "count"),
    [
        ("pages", "pages-0001.zip", 3),
        ("cards", "cards-0001.pdf", 6),
        ("sheets", "sheets-0001.pdf", 2),
    ],
)
def test_a_batch_is_printed_by_a_job(client, writing, a_signed_in, run_jobs, form, name, count):
    bureau = Bureau(client, writing, a_signed_in, people=4)
    bureau.propose()
    nothing = bureau.put(f"prints/{uuid4()}", form=form)
    bureau.look_at_all()
    bureau.put("approval", reason="抽样合格")
    run_jobs()

    asked = bureau.put(f"prints/{uuid4()}", form=form, first=2)
    run_jobs()

    assert (nothing.status_code, nothing.json["code"]) == (409, "nothing_to_print")
    address = f"/v1/jobs/{asked.json['id']}"
    job = client.get(address, headers=bureau.approver.headers).json
    assert (job["state"], [each["name"] for each in job["files"]]) == ("done", [name])
    content = client.get(f"{address}/files/{name}", headers=bureau.approver.headers).data
    if form == "pages":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert len(archive.namelist()) == count
    else:
        assert len(_pages(content, scale=0.2)) == count


def test_holders_and_issuers_print_and_nobody_else(client, writing, a_signed_in):
    bureau = Bureau(client, writing, a_signed_in, people=1)
    with writing():
        made = a_certificate(a_person(), db.session.get_one(Issuer, bureau.issuer_id))
        certificate_id, person_id = made.id, made.person_id
    holder, stranger = a_signed_in(person_id=person_id).headers, a_signed_in().headers
    mine = f"/v1/me/certificates/{certificate_id}"
    issued = f"/v1/certificates/{certificate_id}"

    for address, headers in (
        (f"{mine}/page.pdf", holder),
        (f"{mine}/picture.png", holder),
        (f"{issued}/page.pdf", bureau.proposer.headers),
        (f"{issued}/card.pdf", bureau.proposer.headers),
    ):
        reply = client.get(address, headers=headers)
        assert (reply.status_code, reply.headers["Cache-Control"]) == (200, "private, no-store")
    assert client.get(f"{mine}/page.pdf", headers=stranger).status_code == 404
    assert client.get(f"{issued}/page.pdf", headers=holder).status_code == 403


def test_a_whole_number_is_printed_one_by_one_for_a_reason_that_is_written_down(
    client, writing, a_signed_in
):
    bureau = Bureau(client, writing, a_signed_in, people=1)
    with writing():
        person = a_citizen()
        number = numbers.opened(person)
        made = a_certificate(person, db.session.get_one(Issuer, bureau.issuer_id))
        certificate_id, person_id = made.id, made.person_id
    officer = a_signed_in(Role.ISSUER).headers
    address = f"/v1/certificates/{certificate_id}"

    masked = client.get(f"{address}/page.pdf", headers=officer).data
    for form in ("pages", "cards"):
        body = {"form": form, "reason": "投标须附完整编号"}
        printed = client.put(f"{address}/whole-prints/{uuid4()}", json=body, headers=officer)
        assert printed.status_code == 200, printed.json
        assert f"T{number}" in _words(printed.data).replace(" ", "")
        assert number not in "".join(_decoded(_pages(printed.data)[-1]))

    assert number not in _words(masked).replace(" ", "")
    with client.application.app_context():
        seen = db.session.query(DocumentDisclosure).filter_by(person_id=person_id).all()
        assert [each.reason for each in seen] == ["投标须附完整编号"] * 2
    holder = a_signed_in(person_id=person_id).headers
    refused = client.put(f"{address}/whole-prints/{uuid4()}", json=body, headers=holder)
    assert refused.status_code == 403
