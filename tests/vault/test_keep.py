"""Keeping papers: good ones pass, photographs are drawn anew, PDFs stay as they are, the same is kept once."""

import io
from datetime import date, datetime

import pikepdf
import pytest
from papers import pdf, photograph, signed_pdf
from PIL import Image

from motcua.events.models import LedgerEntry
from motcua.identity.models import Account
from motcua.vault.checking.faults import PaperRefused
from motcua.vault.models import Paper, PaperFile
from motcua.vault.queries import papers_of
from motcua.vault.services import KeptPaper, delete_paper, keep_result, keep_upload, read_own
from motcua.vault.services import keep as keeping
from motcua.vault.states import kinds

pytestmark = pytest.mark.django_db


def keep(account: Account, content: bytes, now: datetime, **changes: str) -> KeptPaper:
    wanted = {"kind": "birth_certificate", "title": "", "file_name": "giay.pdf", **changes}
    person_id = account.person_id
    assert person_id is not None
    return keep_upload(person_id=person_id, content=content, now=now, today=now.date(), **wanted)


def content_of(account: Account, kept: KeptPaper) -> bytes:
    assert account.person_id is not None
    return read_own(paper_id=kept.id, person_id=account.person_id).content


def test_photograph_is_kept_upright_without_place_time_and_device(binh: Account, now: datetime) -> None:
    sent = photograph(exif=True)
    assert b"MotcuaPhone" in sent

    kept = keep(binh, sent, now, file_name="IMG_2026.jpg")

    with Image.open(io.BytesIO(content_of(binh, kept))) as image:
        assert image.format == "JPEG"
        # It lay on its side: 900 by 1200 as sent.
        assert image.size == (1200, 900)
        assert not image.getexif()
        assert b"MotcuaPhone" not in content_of(binh, kept)


@pytest.mark.parametrize(("form", "media_type"), [("PNG", "image/png"), ("WEBP", "image/jpeg")])
def test_other_images_become_what_every_office_opens(
    binh: Account, now: datetime, form: str, media_type: str
) -> None:
    keep(binh, photograph(form=form), now)

    assert papers_of(binh.person_id or 0)[0].media_type == media_type


def test_large_photograph_is_made_smaller(binh: Account, now: datetime) -> None:
    kept = keep(binh, photograph((6000, 4000)), now)

    with Image.open(io.BytesIO(content_of(binh, kept))) as image:
        assert max(image.size) == 4700


def test_pdf_of_several_pages_is_kept_byte_for_byte(binh: Account, now: datetime) -> None:
    sent = pdf(pages=7)

    kept = keep(binh, sent, now)

    assert content_of(binh, kept) == sent
    assert papers_of(binh.person_id or 0)[0].pages == 7


def test_signed_pdf_with_a_later_revision_is_kept_byte_for_byte(binh: Account, now: datetime) -> None:
    sent = signed_pdf()

    kept = keep(binh, sent, now)

    assert content_of(binh, kept) == sent


def test_links_to_pages_of_the_web_and_a_first_page_are_no_danger(binh: Account, now: datetime) -> None:
    def change(made: pikepdf.Pdf) -> None:
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Link,
            Rect=[0, 0, 9, 9],
            A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://dichvucong.example"),
        )
        made.pages[0].Annots = pikepdf.Array([made.make_indirect(link)])
        made.Root.OpenAction = pikepdf.Array([made.pages[0].obj, pikepdf.Name.Fit])

    kept = keep(binh, pdf(change), now)

    assert not kept.again


def test_the_name_does_not_say_what_a_file_is(binh: Account, now: datetime) -> None:
    keep(binh, photograph(), now, file_name="giay.pdf")

    assert papers_of(binh.person_id or 0)[0].media_type == "image/jpeg"


def test_same_content_twice_is_one_paper(binh: Account, now: datetime) -> None:
    first = keep(binh, photograph(exif=True), now)
    # Sent again under another name; and once more as it was drawn.
    second = keep(binh, photograph(exif=True), now, file_name="copy.jpg")

    assert second == KeptPaper(first.id, first.title, again=True)
    assert Paper.objects.count() == 1


def test_file_with_several_papers_is_one_of_each_kind_and_stored_once(binh: Account, now: datetime) -> None:
    first, other, *_ = kinds()
    kept = [keep(binh, pdf(pages=3), now, kind=kind) for kind in (first, other, first)]

    assert [paper.again for paper in kept] == [False, False, True]
    assert kept[0].id == kept[2].id != kept[1].id
    assert PaperFile.objects.count() == 1
    delete_paper(paper_id=kept[0].id, person_id=binh.person_id or 0, now=now)
    assert content_of(binh, kept[1]) == pdf(pages=3)


def test_result_handed_in_as_something_else_stays_the_result(binh: Account, now: datetime) -> None:
    result, other, *_ = kinds()
    given = keep_result(
        person_id=binh.person_id or 0,
        case_number="GL-1",
        kind=result,
        title="Kết quả",
        content=pdf(),
        as_of=now.date(),
        now=now,
    )

    again = keep(binh, pdf(), now, kind=other)

    assert again == KeptPaper(given.id, "Kết quả", again=True)


def test_same_content_of_two_people_is_stored_once(binh: Account, an: Account, now: datetime) -> None:
    keep(binh, pdf(), now)
    keep(an, pdf(), now)

    assert Paper.objects.count() == 2
    assert PaperFile.objects.count() == 1


def test_content_is_sealed_in_the_database(binh: Account, now: datetime) -> None:
    keep(binh, pdf(), now)

    assert b"%PDF" not in bytes(PaperFile.objects.get().content_sealed)


def test_paper_says_whether_a_scanner_looked(binh: Account, now: datetime) -> None:
    keep(binh, pdf(), now)

    assert not papers_of(binh.person_id or 0)[0].scanned
    assert LedgerEntry.objects.get(name="PaperKept").body["scanned"] is False


def test_full_vault_takes_no_more(binh: Account, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_PAPERS", 1)
    keep(binh, pdf(), now)

    with pytest.raises(PaperRefused) as refusal:
        keep(binh, pdf(pages=3), now)

    assert refusal.value.fault == "vault_full"
    assert (Paper.objects.count(), PaperFile.objects.count()) == (1, 1)


def test_result_of_a_case_is_kept_as_issued(binh: Account, now: datetime) -> None:
    issued = signed_pdf()
    for _ in range(2):
        keep_result(
            person_id=binh.person_id or 0,
            case_number="H17-20261120-0000001",
            kind="marital_status_certificate",
            title="Giấy xác nhận tình trạng hôn nhân",
            content=issued,
            as_of=date(2026, 11, 20),
            now=now,
        )

    (paper,) = papers_of(binh.person_id or 0)
    assert (paper.source, paper.case_number, paper.as_of) == (
        "result",
        "H17-20261120-0000001",
        date(2026, 11, 20),
    )


def test_unknown_kind_is_refused(binh: Account, now: datetime) -> None:
    with pytest.raises(keeping.KindNotKnown, match="birth_certificate"):
        keep(binh, pdf(), now, kind="passprot")
