"""The signature of a printed certificate: PAdES baseline B-B, made and checked (电子签章).

The key is asked to sign and never seen: it may lie in a file, in a device or behind a command, as
those of the tokens do. Reading accepts a document only in the one form that writing gives: a single
signature over every byte but its own.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from asn1crypto import cms, pem, x509
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates.signing import Signer

#: The name of the field that holds the signature.
FIELD = "Issuer"

#: Where the signature stands in the document: two spans around the hexadecimal digits.
_CONTENTS = re.compile(rb"/Contents <([0-9A-F]+)>")
_RANGE = re.compile(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]")

#: The signed attribute that names the certificate by its hash (ESS, RFC 5035).
_NAMED_CERTIFICATE = "signing_certificate_v2"


class SealBroken(ValueError):
    """The document is not signed by who is believed, or not as it was signed."""


class _HeldElsewhere(signers.Signer):
    """Lets whoever holds the key sign what pyHanko prepares."""

    def __init__(self, signer: Signer, chain: Sequence[x509.Certificate]) -> None:
        self._held = signer
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # of the library
        store.register_multiple(chain[1:])
        super().__init__(signing_cert=chain[0], cert_registry=store)

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        """Return the signature of the attributes, in DER; of a fixed length while it is planned."""
        if digest_algorithm != "sha256":
            raise ValueError("The key signs SHA-256 only.")
        if dry_run:
            return bytes(72)
        raw = self._held.sign(data)
        r, s = (int.from_bytes(half, "big") for half in (raw[:32], raw[32:]))
        return encode_dss_signature(r, s)


def certificates_of(text: bytes) -> list[x509.Certificate]:
    """Return the X.509 certificates of a PEM file, in their order."""
    return [x509.Certificate.load(der) for _, _, der in pem.unarmor(text, multiple=True)]


def sealed(
    document: bytes, signer: Signer, chain: Sequence[x509.Certificate], *, name: str, reason: str
) -> bytes:
    """Return a PDF with the signature appended.

    Args:
        document: the PDF.
        signer: who holds the key of the first certificate.
        chain: the certificate of the key, and those above it.
        name: who signs, in words.
        reason: why.
    """
    told = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=name,
        reason=reason,
        # Certified: no later change is allowed at all.
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    output = io.BytesIO()
    signers.PdfSigner(told, signer=_HeldElsewhere(signer, chain)).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(document)), output=output
    )
    return output.getvalue()


def check(document: bytes, roots: Sequence[x509.Certificate], *, at: datetime) -> x509.Certificate:
    """Return the certificate of who signed a PDF that is exactly as it was signed.

    Args:
        document: the PDF.
        roots: the certificates that are believed.
        at: the moment at which they must count.

    Raises:
        SealBroken: for whatever is wrong with it.
    """
    try:
        return _checked(document, roots, at=at)
    except SealBroken:
        raise
    except Exception as error:  # Hostile bytes raise whatever a reader of PDF can raise.
        raise SealBroken("It cannot be read.") from error


def _checked(
    document: bytes, roots: Sequence[x509.Certificate], *, at: datetime
) -> x509.Certificate:
    _check_bytes(document, _check_form(document))
    # Nothing of a document is read that is not, byte by byte, what somebody signed.
    reader = PdfFileReader(io.BytesIO(document), strict=True)
    found = reader.embedded_signatures
    if len(found) != 1 or found[0].field_name != FIELD:
        raise SealBroken("It does not hold the one signature it must have.")
    _check_message(bytes(found[0].pkcs7_content))
    context = ValidationContext(trust_roots=list(roots), moment=at, allow_fetching=False)
    status = validate_pdf_signature(found[0], context)
    if not status.bottom_line or status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        raise SealBroken("The signature does not fit the document, or nobody believed made it.")
    signed_by: x509.Certificate = status.signing_cert
    return signed_by


def _check_form(document: bytes) -> slice:
    """Make sure that the signature covers all but its own digits, and says so only once.

    Returns:
        Where the digits stand.
    """
    digits, spans = _CONTENTS.findall(document), _RANGE.findall(document)
    if len(digits) != 1 or len(spans) != 1 or document.count(b"/ByteRange") != 1:
        raise SealBroken("It does not hold the one signature it must have.")
    before, begin, length = (int(number) for number in spans[0])
    whole = begin + length == len(document) and document[before : before + 1] == b"<"
    if not whole or document[before + 1 : begin - 1] != digits[0]:
        raise SealBroken("The signature does not cover the whole document.")
    return slice(before + 1, begin - 1)


def _check_bytes(document: bytes, digits: slice) -> None:
    """Make sure that the bytes are those whose digest was signed; by whom is open yet."""
    covered = sha256(document[: digits.start - 1])
    covered.update(document[digits.stop + 1 :])
    if covered.digest() != _digest_in(document[digits]):
        raise SealBroken("The document is not as it was signed.")


@lru_cache(64)
def _digest_in(digits: bytes) -> bytes:
    """Return the digest of the document that a signature holds."""
    told = cms.ContentInfo.load(bytes.fromhex(digits.decode("ascii")))["content"]
    (signed_by,) = told["signer_infos"]
    (found,) = (
        each["values"][0].native
        for each in signed_by["signed_attrs"]
        if each["type"].native == "message_digest"
    )
    digest: bytes = found
    return digest


def _check_message(message: bytes) -> None:
    """Make sure that what no signature covers is as it is written here, and nothing stands behind.

    The frame of a CMS message (version, names of algorithms) is not signed; a reader forgives
    changes there, which would make one certificate have many forms.
    """
    told = cms.ContentInfo.load(message)["content"]
    (signed_by,) = told["signer_infos"]
    shown = _certificate_shown(told["certificates"], signed_by["signed_attrs"])
    named = {"issuer": shown.issuer, "serial_number": shown.serial_number}
    signer = cms.SignerInfo(
        {
            "version": "v1",
            # Names are compared forgivingly: as the certificate writes it, and not otherwise.
            "sid": cms.SignerIdentifier(
                name="issuer_and_serial_number", value=cms.IssuerAndSerialNumber(named)
            ),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": signed_by["signed_attrs"],
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": signed_by["signature"],
        }
    )
    frame = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "data"},
            "certificates": told["certificates"],
            "signer_infos": [signer],
        }
    )
    whole = cms.ContentInfo({"content_type": "signed_data", "content": frame}).dump()
    if message[: len(whole)] != whole or any(message[len(whole) :]):
        raise SealBroken("The frame of the signature is not the one it must have.")


def _certificate_shown(
    shown: cms.CertificateSet, attributes: cms.CMSAttributes
) -> x509.Certificate:
    """Return the certificate shown that is, byte by byte, the one that the signature names.

    Where it is believed itself, nobody reads its own signature, which could be anything.
    """
    (named,) = (
        each["values"][0] for each in attributes if each["type"].native == _NAMED_CERTIFICATE
    )
    wanted = named["certs"][0]["cert_hash"].native
    for each in shown:
        if sha256(each.chosen.dump()).digest() == wanted:
            return each.chosen
    raise SealBroken("The certificate shown is not the one that the signature names.")
