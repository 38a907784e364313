"""What an archived dossier holds of what its applicant was sent: the letter that stood, and receipts of fees."""

from collections.abc import Iterator
from datetime import datetime

from motcua.archives.bag import Part
from motcua.cases.queries import CasePage
from motcua.fees.queries import ReceiptNotFound, demands_of_case, receipt_of
from motcua.web.portal.fees import receipt_pdf
from motcua.web.portal.letters import letter_pdf

PDF = "application/pdf"


def letters_of_case(page: CasePage, made_at: datetime) -> Iterator[Part]:
    """Yield the letter as the applicant could print it, and the receipt of each fee that was paid."""
    letter = letter_pdf(page, "vi", made_at=made_at)
    if letter is not None:
        yield Part("letters/letter.pdf", "Thư gửi người nộp", PDF, letter)
    for place, demand in enumerate(demands_of_case(page.case.number), start=1):
        try:
            receipt = receipt_of(page.case.number, demand.id)
        except ReceiptNotFound:
            continue
        yield Part(f"fees/receipt-{place}.pdf", "Biên lai thu phí, lệ phí", PDF, receipt_pdf(page, receipt))
