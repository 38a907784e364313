"""Puts one signature on a paper: PAdES with a time stamp and the data to validate it, as an incremental update."""

import asyncio
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, LayoutError, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from .fields import prepare_record
from .parts import ORDER, Part
from .trust import Trust


class NotItsTurn(RuntimeError):
    """The paper waits for another signature than the one offered."""


class PaperNotSignable(ValueError):
    """The bytes are not a paper prepared for signatures."""


class CertificateNotGood(RuntimeError):
    """The signer's certificate, or that of the time stamps, is not one that a check would believe."""


class TimeStampsSilent(RuntimeError):
    """The authority of time stamps gave no stamp."""


def sign(
    pdf: bytes,
    *,
    part: Part,
    signer: Signer,
    stamp: bytes,
    time_stamps: TimeStamper,
    trust: Trust,
    now: datetime,
    reason: str = "",
) -> bytes:
    """Return the paper with one more signature; ``stamp`` is a page of the size of the field.

    Raises ``PaperNotSignable``, ``NotItsTurn``, ``CertificateNotGood`` and ``TimeStampsSilent``. Asks the authority
    of time stamps twice: for its certificate, and for the stamp.
    """
    refuse_out_of_turn(pdf, part)
    with _refusals(certificate=part, paper=part):
        pen = PdfSigner(
            _terms(part, reason, trust.context(roots=(*trust.signers, *trust.time_stamps), at=now)),
            signer,
            timestamper=time_stamps,
            stamp_style=_drawn(stamp),
        )
        return asyncio.run(_sign(pdf, pen, now))


def seal_record(
    pdf: bytes, *, signer: Signer, time_stamps: TimeStamper, trust: Trust, now: datetime, reason: str = ""
) -> bytes:
    """Return a record, which nobody signs in person, with the seal of the agency alone: nothing may follow it.

    Raises ``PaperNotSignable``, ``CertificateNotGood`` and ``TimeStampsSilent``.
    """
    with _refusals(certificate="the seal", paper="the record"):
        pen = PdfSigner(
            _terms(
                Part.AGENCY,
                reason,
                trust.context(roots=(*trust.signers, *trust.time_stamps), at=now),
                certify=True,
            ),
            signer,
            timestamper=time_stamps,
        )
        return asyncio.run(_sign(prepare_record(pdf), pen, now))


@contextmanager
def _refusals(*, certificate: str, paper: str) -> Iterator[None]:
    """Raise what the library finds wrong as a refusal of ours, which names the certificate or the paper."""
    try:
        yield
    except (PathError, ValidationError) as fault:
        raise CertificateNotGood(f"{certificate}: {fault}") from fault
    except TimestampRequestError as fault:
        raise TimeStampsSilent(f"no time stamp: {fault}") from fault
    except (PdfError, SigningError, LayoutError) as fault:
        if isinstance(fault.__cause__, PathError | ValidationError):
            raise CertificateNotGood(f"{certificate}: {fault.__cause__}") from fault
        raise PaperNotSignable(f"{paper}: {fault}") from fault


def refuse_out_of_turn(pdf: bytes, part: Part) -> None:
    """Raise ``NotItsTurn`` unless exactly the signatures before this one are on the paper."""
    signed = _signed(pdf)
    wanted = ORDER[: ORDER.index(part)]
    if signed != wanted:
        missing = next((each for each in ORDER if each not in signed), None)
        waits = f"it waits for {missing}" if missing else "it is sealed, and nothing may follow"
        raise NotItsTurn(f"{part} cannot sign now: {waits}")


def _signed(pdf: bytes) -> tuple[Part, ...]:
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=True)
        fields = {each.get_object()["/T"]: each.get_object() for each in reader.root["/AcroForm"]["/Fields"]}
        return tuple(part for part in ORDER if "/V" in fields[part.value])
    except (PdfError, KeyError, TypeError, ValueError) as fault:
        raise PaperNotSignable(f"this is not a paper prepared for signatures: {fault}") from fault


class _PageOfBytes(ImportedPdfPage):
    """A page to be drawn in the field, from memory instead of a file."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__("")  # type: ignore[no-untyped-call]  # the base class has no types
        self._pdf = pdf

    def render(self) -> bytes:
        """Import the page and return the command that draws it, unscaled: it has the size of the field."""
        drawing = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._pdf)))
        self.resources.xobject["/Stamp"] = drawing
        return b"/Stamp Do"


def _terms(
    part: Part, reason: str, context: ValidationContext, *, certify: bool = False
) -> PdfSignatureMetadata:
    return PdfSignatureMetadata(
        field_name=part.value,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason or None,
        # The first signature certifies: from then on fields may be signed, and nothing else may change.
        certify=certify or part is ORDER[0],
        docmdp_permissions=MDPPerm.NO_CHANGES if part is ORDER[-1] else MDPPerm.FILL_FORMS,
        embed_validation_info=True,
        validation_context=context,
        # In the same revision, so that each signature covers all there is and nothing needs to follow the seal.
        dss_settings=DSSContentSettings(
            include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
        ),
    )


def _drawn(stamp: bytes) -> StaticStampStyle:
    middle = AxisAlignment.ALIGN_MID
    return StaticStampStyle(
        border_width=0,
        background=_PageOfBytes(stamp),
        background_layout=SimpleBoxLayoutRule(x_align=middle, y_align=middle, margins=Margins.uniform(0)),
        background_opacity=1.0,
    )


async def _sign(pdf: bytes, pen: PdfSigner, now: datetime) -> bytes:
    """Go through the steps of pyHanko one by one, because the one that does them all reads the clock itself."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    session = pen.init_signing_session(writer, existing_fields_only=True)
    session.system_time = now
    known = await session.perform_presign_validation(writer)
    room = await session.estimate_signature_container_size(known)
    document = session.prepare_tbs_document(known, room)
    output = io.BytesIO()
    digest, _ = document.digest_tbs_document(output=output)
    await document.perform_signature(
        document_digest=digest.document_digest,
        pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=now),
    )
    return output.getvalue()
