"""Form and papers side by side: pictures drawn here, one note for an opening, and nothing without it."""

import io
import re
import uuid
from html import unescape

import pytest
from garden import Cite
from garden_desk import MEMBER, SignIn
from papers import pdf
from PIL import Image

from motcua.procedures.queries import ProcedureView
from motcua.registers.queries import accesses_of
from motcua.vault.pages import PageNotShown, page_as_picture

from .test_case_papers import filed

__all__ = ["filed"]


def test_page_of_a_pdf_is_drawn_and_what_cannot_be_is_refused() -> None:
    picture = Image.open(io.BytesIO(page_as_picture(pdf(), media_type="application/pdf", page=1)))

    assert picture.format == "PNG"
    assert picture.width > 400
    for broken, page in ((pdf(), 99), (b"%PDF-1.7 nonsense", 1)):
        with pytest.raises(PageNotShown):
            page_as_picture(broken, media_type="application/pdf", page=page)


def test_picture_is_drawn_anew_without_what_came_with_it() -> None:
    given = io.BytesIO()
    Image.new("RGB", (2400, 30), "red").save(given, "JPEG", comment=b"<script>alert(1)</script>")

    drawn = page_as_picture(given.getvalue(), media_type="image/jpeg", page=1)

    assert b"script" not in drawn
    assert Image.open(io.BytesIO(drawn)).width == 1800
    with pytest.raises(PageNotShown):
        page_as_picture(given.getvalue(), media_type="image/jpeg", page=2)


@pytest.mark.django_db
@pytest.mark.usefixtures("clock")
def test_opening_is_noted_once_and_its_pages_are_pictures(
    filed: tuple[str, uuid.UUID], sign_in: SignIn, citizen: Cite, procedure: ProcedureView
) -> None:
    number, paper = filed
    officer, key = sign_in(), citizen(MEMBER).person.key

    shown = unescape(officer.get(f"/desk/{number}/side/").content.decode())
    address = re.findall(r'<img src="([^"]+)"', shown)[0]
    picture = officer.get(address)
    larger = officer.get(
        f"/desk/{number}/side/?zoom=2&paper={paper}&opened={address.partition('opened=')[2]}"
    )

    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/png")
    assert picture.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert larger.status_code == 200
    assert len([each for each in accesses_of(key) if each.register == "papers"]) == 1
    for without in (f"/desk/{number}/papers/{paper}/pages/1/", address.replace("opened=", "opened=x")):
        assert officer.get(without).status_code == 404
