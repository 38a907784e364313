"""The credential of a granted case on screen and on paper."""

from dataclasses import dataclass
from datetime import datetime

import segno
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from motcua.agencies.queries import AgencyNotKnown, agency
from motcua.cases.queries import CasePage
from motcua.credentials.queries import standing_credential
from motcua.documents.services import render_pdf
from motcua.documents.values import PassPage, PassRow, Words
from motcua.web.ui.claims import answered
from motcua.web.ui.components import Row
from motcua.web.ui.words import Bilingual

OWN_PLACE = {"holder", "birth_year"}


@dataclass(frozen=True, slots=True)
class PassCard:
    """A pass as its holder shows it: the picture, what it says, and how long it holds."""

    title: object
    issuer: Bilingual
    number: str
    picture: SafeString
    rows: tuple[Row, ...]
    valid_from: datetime
    valid_to: datetime
    ended: bool


def pass_card(page: CasePage, now: datetime) -> PassCard | None:
    """Return the card of the case's standing credential, or None if it has none, or it is held back for a fee."""
    credential = standing_credential(page.case.number) if not page.held_vnd else None
    layout = page.case.procedure.content.credential
    if credential is None or layout is None:
        return None
    claims = answered(credential.claims)
    return PassCard(
        title=layout.title,
        issuer=issuer_of(page),
        number=page.case.number,
        picture=qr_picture(credential.text),
        rows=tuple(
            Row(key=claim.label, value=claims[claim.key]) for claim in layout.claims if claim.key in claims
        ),
        valid_from=credential.valid_from,
        valid_to=credential.valid_to,
        ended=now > credential.valid_to,
    )


def qr_picture(text: str) -> SafeString:
    """Return the QR code as SVG without size, so that styles decide; level M survives creased paper."""
    picture = segno.make(text, error="m", micro=False)
    drawing = picture.svg_inline(
        omitsize=True, border=4, svgclass="mc-qr", lineclass=None, dark="#000", light="#fff"
    )
    return mark_safe(drawing)  # noqa: S308  drawn by segno from a text of the Base45 alphabet


def pass_pdf(page: CasePage, *, made_at: datetime) -> bytes | None:
    """Typeset the case's standing credential for printing; None if it has none, or it is held back for a fee."""
    credential = standing_credential(page.case.number) if not page.held_vnd else None
    layout = page.case.procedure.content.credential
    if credential is None or layout is None:
        return None
    issuer, claims = issuer_of(page), answered(credential.claims)
    values = PassPage(
        agency=Words(vi=issuer.vi, en=issuer.en),
        title=Words(vi=layout.title.vi, en=layout.title.en),
        number=page.case.number,
        holder=page.applicant.name,
        birth_year=page.applicant.born_on.year if page.applicant.born_on else None,
        rows=tuple(
            PassRow(label=Words(vi=claim.label.vi, en=claim.label.en), value=claims[claim.key])
            for claim in layout.claims
            if claim.key in claims and claim.name not in OWN_PLACE
        ),
        valid_from=credential.valid_from,
        valid_to=credential.valid_to,
        qr_text=credential.text,
        check_address=f"{settings.SITE_URL}/verify/",
        legal_basis=tuple(
            f"{law.title.vi} số {law.number}" for law in page.case.procedure.content.manifest.legal_basis
        ),
    )
    return render_pdf("pass", values, made_at=made_at)


def file_name(credential_number: str) -> str:
    """Return the name under which a browser saves the printed pass."""
    return f"giay-{credential_number}.pdf"


def issuer_of(page: CasePage) -> Bilingual:
    """Return the name of the agency that handles the case."""
    try:
        office = agency(page.case.procedure.content.manifest.agency)
    except AgencyNotKnown:
        return Bilingual("Thành phố Đà Nẵng", "City of Đà Nẵng")
    return Bilingual(office.name, office.name_en or office.name)
