"""Checks a signed paper: its shape by our own rules, its signatures and certificates by pyHanko."""

import asyncio
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import crl, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
from pyhanko.sign.general import CMSExtractionError, CMSStructuralError
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import SignatureValidationError, ValidationInfoReadingError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureStatus

from .report import Answer, Report, SignatureSeen, Why, answer_for
from .structure import fault_of_paper, fault_of_range
from .trust import Trust

MOST_BYTES = 10 * 1024 * 1024
# What the parsers raise for bytes that were made to confuse them; anything else is a fault of ours.
UNREADABLE = (
    PdfError,
    CMSExtractionError,
    CMSStructuralError,
    SignatureValidationError,
    ValidationInfoReadingError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    RecursionError,
    OverflowError,
)
_TRUST = {
    AdESFailure.REVOKED: Why.REVOKED,
    AdESIndeterminate.REVOKED_NO_POE: Why.REVOKED,
    AdESIndeterminate.REVOKED_CA_NO_POE: Why.REVOKED,
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: Why.EXPIRED,
    AdESIndeterminate.EXPIRED: Why.EXPIRED,
    AdESIndeterminate.NOT_YET_VALID: Why.EXPIRED,
    AdESFailure.NOT_YET_VALID: Why.EXPIRED,
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: Why.WRONG_USE,
    AdESIndeterminate.TRY_LATER: Why.NOTHING_ON_REVOCATION,
}


def check(pdf: bytes, *, trust: Trust, at: datetime) -> Report:
    """Return what is to be said of the file at a moment; never raises for what the file holds.

    Costs about 0.2 s for a paper with three signatures. Hostile files may cost more: see ``apart``.
    """
    digest = hashlib.sha256(pdf).hexdigest()
    if len(pdf) > MOST_BYTES:
        return Report(Answer.CANNOT_TELL, Why.TOO_LARGE, digest)
    if not pdf.startswith(b"%PDF-"):
        return Report(Answer.NOT_VALID, Why.NOT_A_PDF, digest)
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=True)
        if reader.encrypted:
            return Report(Answer.CANNOT_TELL, Why.ENCRYPTED, digest)
        signatures = list(reader.embedded_regular_signatures)
        shape = fault_of_paper(pdf, reader, signatures)
        judge = _Judge(trust, at, *kept_inside(reader))
    except UNREADABLE:
        return Report(Answer.NOT_VALID, Why.DAMAGED, digest)
    seen = tuple(_seen(pdf, each, judge) for each in signatures)
    why = _foremost(shape, [each.why for each in seen])
    return Report(answer_for(why), why, digest, seen)


def _foremost(shape: Why, whys: Sequence[Why]) -> Why:
    """Return the reason that explains most: a refusal before a doubt, and what was added before what it broke."""
    if Why.RANGE_WRONG in whys:
        return Why.RANGE_WRONG
    if shape in (Why.CHANGED_AFTER, Why.STRANGE_SIGNATURE):
        return shape
    refusals = [each for each in whys if answer_for(each) is Answer.NOT_VALID]
    doubts = [each for each in whys if answer_for(each) is Answer.CANNOT_TELL]
    found = [*refusals, *([shape] if shape is not Why.GOOD else []), *doubts]
    return found[0] if found else Why.GOOD


def kept_inside(
    reader: PdfFileReader,
) -> tuple[tuple[crl.CertificateList, ...], tuple[x509.Certificate, ...]]:
    """Return the revocation lists and certificates that the file brings along."""
    if "/DSS" not in reader.root:
        return (), ()
    store = DocumentSecurityStore.read_dss(reader)
    lists = tuple(crl.CertificateList.load(each.get_object().data, strict=True) for each in store.crls)
    return lists, tuple(store.load_certs())


@dataclass(frozen=True, slots=True)
class _Judge:
    """Whom to believe at which moment, and what the file brings along for it."""

    trust: Trust
    at: datetime
    lists: tuple[crl.CertificateList, ...]
    others: tuple[x509.Certificate, ...]

    async def judge(self, signature: EmbeddedPdfSignature, signed_at: datetime) -> PdfSignatureStatus:
        """Judge the signer's chain, and that of the stamp, as they stood when the stamp was given."""
        signers, stamps = (
            self.trust.context(roots=roots, at=min(signed_at, self.at), lists=self.lists, others=self.others)
            for roots in (self.trust.signers, self.trust.time_stamps)
        )
        return await async_validate_pdf_signature(
            signature, signer_validation_context=signers, ts_validation_context=stamps
        )


def _seen(pdf: bytes, signature: EmbeddedPdfSignature, judge: _Judge) -> SignatureSeen:
    signer, agency = _names(signature)
    whole = False
    stamped_at: datetime | None = None
    try:
        why = fault_of_range(pdf, signature)
        stamped_at = _stamped_at(signature)
        if why is Why.GOOD and not _digest_fits(pdf, signature):
            why = Why.CONTENT_CHANGED
        if why is Why.GOOD:
            judged = asyncio.run(judge.judge(signature, stamped_at or judge.at))
            why = _why(judged, stamped_at, judge.at)
            whole = int(signature.byte_range[2]) + int(signature.byte_range[3]) == len(pdf)
    except UNREADABLE:
        why = Why.SIGNATURE_BROKEN
    return SignatureSeen(
        field=signature.field_name,
        signer=signer,
        agency=agency,
        signed_at=stamped_at,
        answer=answer_for(why),
        why=why,
        covers_whole_file=whole,
    )


def _digest_fits(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Compute ourselves what the signature says of the bytes around it; SHA-1 and older are no digests."""
    if signature.md_algorithm not in ("sha256", "sha384", "sha512"):
        return False
    _, length, behind, rest = (int(each) for each in signature.byte_range)
    digest = hashlib.new(signature.md_algorithm, pdf[:length])
    digest.update(pdf[behind : behind + rest])
    said = [
        each["values"][0].native
        for each in signature.signer_info["signed_attrs"]
        if each["type"].native == "message_digest"
    ]
    return said == [digest.digest()]


def _why(judged: PdfSignatureStatus, stamped_at: datetime | None, at: datetime) -> Why:
    if not judged.intact:
        return Why.CONTENT_CHANGED
    if not judged.valid:
        return Why.SIGNATURE_BROKEN
    stamp = judged.timestamp_validity
    if stamp is None or stamped_at is None:
        return Why.NO_TIME_STAMP
    if not (stamp.intact and stamp.valid):
        return Why.TIME_STAMP_WRONG
    why = why_of_trust(stamp)
    if why is not Why.GOOD:
        return why if why is Why.NOTHING_ON_REVOCATION else Why.TIME_STAMP_NOT_TRUSTED
    if stamped_at > at:
        return Why.TIME_STAMP_WRONG
    if stamp.signing_cert.not_valid_after < at:
        return Why.TIME_STAMP_TOO_OLD
    why = why_of_trust(judged)
    if why is not Why.GOOD:
        return why
    # Everything that pyHanko itself would not call good is refused, whatever the reason.
    return Why.GOOD if judged.bottom_line else Why.FORBIDDEN_CHANGE


def why_of_trust(status: SignatureStatus) -> Why:
    """Return why a chain is not believed, or ``GOOD``."""
    if status.trusted:
        return Why.GOOD
    problem = status.trust_problem_indic
    return Why.NOT_TRUSTED if problem is None else _TRUST.get(problem, Why.NOT_TRUSTED)


def _stamped_at(signature: EmbeddedPdfSignature) -> datetime | None:
    """Return the moment of the time stamp, still to be believed or not; None without exactly one."""
    moments = [
        data["encap_content_info"]["content"].parsed["gen_time"].native
        for data in extract_tst_data_iter(signature.signer_info, signed=False)
    ]
    return moments[0] if len(moments) == 1 and isinstance(moments[0], datetime) else None


def _names(signature: EmbeddedPdfSignature) -> tuple[str, str]:
    try:
        subject = signature.signer_cert.subject.native
    except UNREADABLE:
        return "", ""
    return _text(subject.get("common_name")), _text(subject.get("organization_name"))


def _text(value: object) -> str:
    values: Sequence[object] = value if isinstance(value, list) else [value]
    return ", ".join(each for each in values if isinstance(each, str))
