"""A preserved paper begins with the sealed one, byte for byte, and is provable as long as its stamps are renewed in time."""

import io
from datetime import datetime, timedelta
from functools import lru_cache

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from motcua.documents.signing.acts import TimeStampsSilent
from motcua.documents.signing.authority import Revoked, Use, issue
from motcua.documents.signing.check import check
from motcua.documents.signing.parts import Part
from motcua.documents.signing.preserve import Preserved, check_preserved, preserve, stamps_of
from motcua.documents.signing.report import Why
from motcua.documents.signing.time_stamps import OwnTimeStamps, time_stamps_at
from motcua.documents.signing.trust import Trust

from .signed_papers import AGENCY, NOW, signed_to, town

# The certificate of the first stamps, as that of the signatures, ends three years after a month before they signed.
ARCHIVED, ENDS = NOW + timedelta(days=200), NOW + timedelta(days=1065)
RENEWED = ENDS - timedelta(days=30)
DECADES = NOW + timedelta(days=1800)


def trust(at: datetime, *revoked: Revoked) -> Trust:
    return town().trust(*revoked, published_at=at - timedelta(days=1), number=int(at.timestamp()))


def sealed() -> bytes:
    return signed_to(Part.AGENCY)


@lru_cache(maxsize=1)
def first() -> bytes:
    return preserve(
        sealed(), time_stamps=OwnTimeStamps(town().stamps, ARCHIVED), trust=trust(ARCHIVED), now=ARCHIVED
    )


@lru_cache(maxsize=1)
def renewed() -> bytes:
    later = issue(
        town().root,
        name="Dấu thời gian sau",
        agency=AGENCY,
        use=Use.TIME_STAMPS,
        now=RENEWED - timedelta(days=9),
    )
    return preserve(first(), time_stamps=OwnTimeStamps(later, RENEWED), trust=trust(RENEWED), now=RENEWED)


def said(pdf: bytes, at: datetime, original: bytes | None = None) -> Preserved:
    return check_preserved(pdf, original=original or sealed(), trust=trust(at), at=at)


def test_sealed_file_is_the_beginning_and_each_stamp_outlives_the_one_before() -> None:
    assert first().startswith(sealed())
    assert renewed().startswith(first())
    assert len(renewed()) - len(sealed()) < 60_000

    assert [(each.field, each.at) for each in stamps_of(renewed())] == [
        ("LuuTru1", ARCHIVED),
        ("LuuTru2", RENEWED),
    ]
    assert stamps_of(first())[0].good_until == ENDS


@pytest.mark.parametrize(
    ("at", "alone", "once", "twice"),
    [
        (ARCHIVED + timedelta(days=1), Why.GOOD, Why.GOOD, None),
        (RENEWED + timedelta(days=1), Why.GOOD, Why.GOOD, Why.GOOD),
        (ENDS + timedelta(days=1), Why.TIME_STAMP_TOO_OLD, Why.TIME_STAMP_TOO_OLD, Why.GOOD),
        (DECADES, Why.TIME_STAMP_TOO_OLD, Why.TIME_STAMP_TOO_OLD, Why.GOOD),
    ],
    ids=["archived", "renewed", "first-ended", "years-after"],
)
def test_paper_stays_provable_beyond_the_certificates_that_signed_it(
    at: datetime, alone: Why, once: Why, twice: Why | None
) -> None:
    assert check(sealed(), trust=trust(at), at=at).why is alone
    assert said(first(), at).why is once
    if twice is not None:
        assert said(renewed(), at).why is twice


def test_key_of_stamps_that_is_lost_later_takes_nothing_from_what_it_stamped_before() -> None:
    serial, at = town().stamps.certificate.serial_number, RENEWED + timedelta(days=5)
    lost = Revoked(serial, RENEWED + timedelta(days=2))

    found = check_preserved(renewed(), original=sealed(), trust=trust(at, lost), at=at)

    assert found.why is Why.GOOD
    # Without a second stamp nobody knows any more whether the first was made before or after.
    alone = check_preserved(first(), original=sealed(), trust=trust(at, lost), at=at)
    assert alone.why is Why.TIME_STAMP_NOT_TRUSTED


@pytest.mark.parametrize("where", [0.1, 0.5, 0.93, 0.96, 0.99])
def test_a_changed_byte_is_seen_wherever_it_stands(where: float) -> None:
    place = int(len(first()) * where)
    changed = first()[:place] + bytes([first()[place] ^ 1]) + first()[place + 1 :]

    assert said(changed, ARCHIVED + timedelta(days=1)).why is not Why.GOOD


def with_more(pdf: bytes) -> bytes:
    """Append a revision that puts another page in the place of the first, as an attacker would."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page[generic.NameObject("/Rotate")] = generic.NumberObject(180)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_nothing_hides_between_seal_and_stamp_or_behind_the_last_stamp() -> None:
    at = ARCHIVED + timedelta(days=1)
    between = preserve(
        with_more(sealed()),
        time_stamps=OwnTimeStamps(town().stamps, ARCHIVED),
        trust=trust(ARCHIVED),
        now=ARCHIVED,
    )

    assert said(between, at).why is Why.CHANGED_AFTER
    assert said(with_more(first()), at).why is Why.CHANGED_AFTER
    assert said(first() + b"\n%more", at).why is not Why.GOOD
    assert said(sealed(), at).why is Why.CHANGED_AFTER
    assert said(first(), at, original=signed_to(Part.LEADER)).why is not Why.GOOD
    assert said(b"%PDF-1.7", at, original=b"%").why is Why.DAMAGED


def test_silent_authority_leaves_no_half_file() -> None:
    with pytest.raises(TimeStampsSilent):
        preserve(
            sealed(), time_stamps=time_stamps_at("http://127.0.0.1:9/"), trust=trust(ARCHIVED), now=ARCHIVED
        )
