"""Whom a check believes: authorities, time stamps and revocation lists, at the moment of the signature and later."""

import io
from datetime import timedelta

from asn1crypto import crl
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from motcua.documents.signing.authority import Revoked, Use, issue, make_root, revocation_list
from motcua.documents.signing.check import check
from motcua.documents.signing.parts import Part
from motcua.documents.signing.report import Answer, Why
from motcua.documents.signing.time_stamps import OwnTimeStamps
from motcua.documents.signing.trust import Trust

from .signed_papers import LATER, NOW, pyhanko_accepts, signed_by, signed_to, signer_of, town


def sealed() -> bytes:
    return signed_to(Part.AGENCY)


def both_believed() -> Trust:
    """Trust the town and a stranger's authority, so that one can be made to sign for the other."""
    ours, theirs = town().trust(), town("Gốc của người lạ").trust()
    return Trust(
        ours.signers + theirs.signers, ours.time_stamps + theirs.time_stamps, ours.lists + theirs.lists
    )


def sealed_with(**changes: object) -> bytes:
    return signed_by(signed_to(Part.LEADER), Part.AGENCY, **changes)


def test_seal_by_a_certificate_of_another_authority_is_refused() -> None:
    stranger = town("Gốc của người lạ")
    pdf = sealed_with(signer=signer_of(stranger.keys[Part.AGENCY]), trust=both_believed())
    assert check(pdf, trust=both_believed(), at=LATER).answer is Answer.VALID

    report = check(pdf, trust=town().trust(), at=LATER)

    assert (report.answer, report.why) == (Answer.NOT_VALID, Why.NOT_TRUSTED)
    assert not pyhanko_accepts(pdf)


def test_time_stamp_of_an_unknown_authority_is_refused() -> None:
    stranger = town("Gốc của người lạ")
    pdf = sealed_with(time_stamps=OwnTimeStamps(stranger.stamps, NOW), trust=both_believed())
    assert check(pdf, trust=both_believed(), at=LATER).answer is Answer.VALID

    report = check(pdf, trust=town().trust(), at=LATER)

    assert (report.answer, report.why) == (Answer.NOT_VALID, Why.TIME_STAMP_NOT_TRUSTED)
    assert not pyhanko_accepts(pdf)


def test_certificate_that_was_not_in_force_when_it_signed_is_refused() -> None:
    """The signer's clock was wrong; the time stamp tells the true moment."""
    short = issue(
        town().root,
        name="Nguyễn Văn An",
        agency="",
        use=Use.AGENCY,
        now=NOW - timedelta(days=20),
        lifetime=timedelta(days=15),
    )
    then = NOW - timedelta(days=10)
    pdf = sealed_with(
        signer=signer_of(short), now=then, trust=town().trust(published_at=then - timedelta(days=1))
    )

    report = check(pdf, trust=town().trust(), at=LATER)

    assert (report.answer, report.why) == (Answer.NOT_VALID, Why.EXPIRED)
    assert not pyhanko_accepts(pdf)


def test_certificate_revoked_before_it_signed_is_refused_once_the_list_says_so() -> None:
    key = town().keys[Part.AGENCY]
    told = town().trust(
        Revoked(key.certificate.serial_number, NOW - timedelta(hours=1)), published_at=LATER, number=2
    )

    report = check(sealed(), trust=told, at=LATER + timedelta(hours=1))

    assert (report.answer, report.why) == (Answer.NOT_VALID, Why.REVOKED)
    assert not pyhanko_accepts(sealed(), told)


def test_certificate_revoked_after_it_signed_leaves_the_paper_valid() -> None:
    key = town().keys[Part.AGENCY]
    told = town().trust(
        Revoked(key.certificate.serial_number, NOW + timedelta(hours=1)), published_at=LATER, number=2
    )

    assert check(sealed(), trust=told, at=LATER + timedelta(hours=1)).answer is Answer.VALID


def test_signature_without_a_time_stamp_is_refused() -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed_to(Part.LEADER)))
    terms = PdfSignatureMetadata(
        field_name=str(Part.AGENCY), subfilter=SigSeedSubFilter.PADES, docmdp_permissions=MDPPerm.NO_CHANGES
    )
    pdf = PdfSigner(terms, signer_of(town().keys[Part.AGENCY])).sign_pdf(writer).getvalue()

    report = check(pdf, trust=town().trust(), at=LATER)

    assert (report.answer, report.why) == (Answer.NOT_VALID, Why.NO_TIME_STAMP)
    assert not pyhanko_accepts(pdf)


def test_paper_is_still_valid_years_later_by_what_it_carries() -> None:
    bare = Trust(town().trust().signers, town().trust().time_stamps)

    assert check(sealed(), trust=bare, at=NOW + timedelta(days=900)).answer is Answer.VALID


def test_when_the_certificate_of_the_time_stamp_has_expired_nobody_can_tell() -> None:
    report = check(sealed(), trust=town().trust(), at=NOW + timedelta(days=1200))

    assert (report.answer, report.why) == (Answer.CANNOT_TELL, Why.TIME_STAMP_TOO_OLD)


def test_time_stamp_from_the_future_is_refused() -> None:
    assert check(sealed(), trust=town().trust(), at=NOW - timedelta(hours=1)).answer is Answer.NOT_VALID


def test_forged_list_of_a_later_date_does_not_hide_a_revocation() -> None:
    key = town().keys[Part.AGENCY]
    told = town().trust(
        Revoked(key.certificate.serial_number, NOW - timedelta(hours=1)), published_at=LATER, number=2
    )
    namesake = make_root(name="Gốc thử nghiệm", now=NOW - timedelta(days=300))
    forged = crl.CertificateList.load(
        revocation_list(namesake, (), now=LATER + timedelta(minutes=10), number=3)
    )

    report = check(
        sealed(),
        trust=Trust(told.signers, told.time_stamps, (*told.lists, forged)),
        at=LATER + timedelta(hours=1),
    )

    assert report.answer is not Answer.VALID
