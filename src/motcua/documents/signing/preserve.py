"""Keeps a sealed paper provable for decades: a time stamp over paper and validation data (PAdES B-LTA), and its check.

It is an incremental update: the sealed file is the beginning of the longer one, byte for byte, so that its hash stays
the one under which the register knows it. Before a stamp's certificate ends, the next is put over everything.
"""

import asyncio
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import InvisSigSettings
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper, TimestampDSSContentSettings
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko.sign.validation.pdf_embedded import (
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko_certvalidator.errors import PathError, ValidationError

from .acts import CertificateNotGood, PaperNotSignable, TimeStampsSilent
from .check import UNREADABLE, check, kept_inside, why_of_trust
from .report import Why
from .structure import fault_of_range
from .trust import Trust

FIELD = "LuuTru"


@dataclass(frozen=True, slots=True)
class Stamped:
    """One time stamp of the archive: its field, its moment, and until when its certificate lasts."""

    field: str
    at: datetime
    good_until: datetime


@dataclass(frozen=True, slots=True)
class Preserved:
    """What is to be said of a preserved file: ``GOOD``, or the first thing that is wrong; its stamps, oldest first."""

    why: Why
    stamps: tuple[Stamped, ...] = ()


def preserve(pdf: bytes, *, time_stamps: TimeStamper, trust: Trust, now: datetime) -> bytes:
    """Return the file with certificates and revocation lists of this day and a time stamp over all of it.

    Raises ``PaperNotSignable``, ``CertificateNotGood`` and ``TimeStampsSilent``.
    """
    try:
        many = len(PdfFileReader(io.BytesIO(pdf), strict=True).embedded_timestamp_signatures)
        pen = PdfTimeStamper(
            time_stamps,
            field_name=f"{FIELD}{many + 1}",
            invis_settings=InvisSigSettings(box_out_of_bounds=True),
            readable_field_name="Dấu thời gian lưu trữ",
        )
        done = asyncio.run(
            pen.async_timestamp_pdf(
                IncrementalPdfFileWriter(io.BytesIO(pdf)),
                "sha256",
                validation_context=trust.context(roots=(*trust.signers, *trust.time_stamps), at=now),
                # The stamp covers what it is judged by, and nothing follows it.
                dss_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
            )
        )
    except (PathError, ValidationError) as fault:
        raise CertificateNotGood(f"the authority of time stamps: {fault}") from fault
    except TimestampRequestError as fault:
        raise TimeStampsSilent(f"no time stamp: {fault}") from fault
    except (PdfError, SigningError, ValueError, KeyError, TypeError) as fault:
        raise PaperNotSignable(f"the file takes no time stamp: {fault}") from fault
    return bytes(done.getvalue())


def stamps_of(pdf: bytes) -> tuple[Stamped, ...]:
    """Return the archive's time stamps of a file of ours, oldest first, still to be believed or not."""
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    found = sorted(reader.embedded_timestamp_signatures, key=lambda each: int(each.signed_revision))
    return tuple(_stamped(each) for each in found)


def check_preserved(preserved: bytes, *, original: bytes, trust: Trust, at: datetime) -> Preserved:
    """Say whether the file proves, at a moment, that the original was whole and good when it was first stamped.

    Each stamp is judged at the moment of the next, the last one now; the original as it stood at the first. Never
    raises for what the file holds.
    """
    if not preserved.startswith(original) or len(preserved) == len(original):
        return Preserved(Why.CHANGED_AFTER)
    try:
        reader = PdfFileReader(io.BytesIO(preserved), strict=True)
        stamps = sorted(reader.embedded_timestamp_signatures, key=lambda each: int(each.signed_revision))
        told = tuple(_stamped(each) for each in stamps)
        why = _fault_of_tail(preserved, original, reader, stamps)
        if why is Why.GOOD:
            why = asyncio.run(_fault_of_stamps(reader, stamps, told, trust, at))
    except UNREADABLE:
        return Preserved(Why.DAMAGED)
    if why is Why.GOOD:
        why = check(original, trust=trust, at=told[0].at).why
    return Preserved(why, told)


def _fault_of_tail(
    preserved: bytes, original: bytes, reader: PdfFileReader, stamps: Sequence[EmbeddedPdfSignature]
) -> Why:
    """Behind the original stands one revision for each stamp, covered by it to its last byte, and nothing else."""
    if not stamps:
        return Why.NO_TIME_STAMP
    if [each.field_name for each in stamps] != [f"{FIELD}{at}" for at in range(1, len(stamps) + 1)]:
        return Why.STRANGE_SIGNATURE
    before = PdfFileReader(io.BytesIO(original), strict=True).xrefs.total_revisions
    if [each.signed_revision for each in stamps] != list(range(before, before + len(stamps))):
        return Why.CHANGED_AFTER
    if reader.xrefs.total_revisions != before + len(stamps):
        return Why.CHANGED_AFTER
    ranges = [fault_of_range(preserved, each) for each in stamps]
    if any(each is not Why.GOOD for each in ranges):
        return Why.RANGE_WRONG
    last = stamps[-1].byte_range
    return Why.GOOD if int(last[2]) + int(last[3]) == len(preserved) else Why.CHANGED_AFTER


async def _fault_of_stamps(
    reader: PdfFileReader,
    stamps: Sequence[EmbeddedPdfSignature],
    told: Sequence[Stamped],
    trust: Trust,
    at: datetime,
) -> Why:
    lists, others = kept_inside(reader)
    for place, (stamp, seen) in enumerate(zip(stamps, told, strict=True)):
        judged_at = told[place + 1].at if place + 1 < len(told) else at
        if seen.at > judged_at:
            return Why.TIME_STAMP_WRONG
        if seen.good_until < judged_at:
            return Why.TIME_STAMP_TOO_OLD
        context = trust.context(roots=trust.time_stamps, at=judged_at, lists=lists, others=others)
        judged = await async_validate_pdf_timestamp(stamp, validation_context=context)
        if not (judged.intact and judged.valid):
            return Why.TIME_STAMP_WRONG
        why = why_of_trust(judged)
        if why is not Why.GOOD:
            return why if why is Why.NOTHING_ON_REVOCATION else Why.TIME_STAMP_NOT_TRUSTED
    return await _fault_of_changes(reader, told[0].at, trust)


async def _fault_of_changes(reader: PdfFileReader, at: datetime, trust: Trust) -> Why:
    """Say whether what stands behind the seal is validation data and time stamps and nothing that a reader shows."""
    seal = max(reader.embedded_regular_signatures, key=lambda each: int(each.signed_revision))
    lists, others = kept_inside(reader)
    signers, stamps = (
        trust.context(roots=roots, at=at, lists=lists, others=others)
        for roots in (trust.signers, trust.time_stamps)
    )
    judged = await async_validate_pdf_signature(
        seal, signer_validation_context=signers, ts_validation_context=stamps
    )
    return Why.GOOD if judged.docmdp_ok else Why.FORBIDDEN_CHANGE


def _stamped(stamp: EmbeddedPdfSignature) -> Stamped:
    told = stamp.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
    if not isinstance(told, datetime):
        raise TypeError("a time stamp without its moment")
    return Stamped(stamp.field_name, told, stamp.signer_cert.not_valid_after)
