"""Typesets passes and letters as PDF/A-2a with PDF/UA-1 tags, from templates shipped here.

Values reach Typst as JSON, never as markup, so nothing a citizen or a pack writes can be code.
"""

import io
import json
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

import segno
import typst
from pydantic import ValidationError

from .coverage import drawable, drawn
from .values import (
    DecisionLetter,
    FeeReceiptPage,
    PassPage,
    QrSheets,
    RecordPage,
    RequestReceipt,
    ResultPaper,
    SealStamp,
    SignatureStamp,
    Values,
    day_in_words,
    moment_in_words,
    moment_of_signing,
)

PDFStandard = Literal["a-2a", "a-2b", "ua-1"]
FOLDER = Path(__file__).parent
FONTS = FOLDER / "fonts"
TEMPLATES: dict[str, type[Values]] = {
    "pass": PassPage,
    "letter": DecisionLetter,
    "sheets": QrSheets,
    "result": ResultPaper,
    "fee_receipt": FeeReceiptPage,
    "receipt": RequestReceipt,
    "record": RecordPage,
}
# A compiler is not shared by two threads at once; one page takes a few milliseconds.
_turn = threading.Lock()


class TemplateUnknown(LookupError):
    """No template of that name is shipped."""


class ValuesDoNotFit(ValueError):
    """The values are not those of the template; the message names each one that is wrong."""


def render_pdf(template: str, values: Values | Mapping[str, object], *, made_at: datetime) -> bytes:
    """Typeset ``template`` (``pass``, ``letter`` or ``sheets``) with ``values`` and return the PDF.

    The same values and moment give the same bytes. Raises ``TemplateUnknown`` and ``ValuesDoNotFit``.
    """
    if template not in TEMPLATES:
        raise TemplateUnknown(f"{template}: choose one of {', '.join(sorted(TEMPLATES))}")
    checked = _checked(TEMPLATES[template], values)
    # Both: an archive keeps the look, a screen reader gets the order and the words.
    return _typeset(template, _shown(checked), made_at=made_at, standards=["a-2a", "ua-1"])


def render_stamp(values: SignatureStamp | SealStamp) -> bytes:
    """Typeset what a signature shows of itself: one page of the size of its field, without tags of its own."""
    return _typeset("stamp", _shown(values), made_at=values.signed_at, standards=["a-2b"], tags=False)


def _shown(checked: Values) -> dict[str, object]:
    """Return the values as the template reads them, with what is drawn or put into words."""
    shown = checked.model_dump(mode="json")
    match checked:
        case PassPage():
            shown |= {
                "valid_from": moment_in_words(checked.valid_from),
                "valid_to": moment_in_words(checked.valid_to),
                "qr": _qr_drawing(checked.qr_text),
            }
        case QrSheets():
            for card, drawn_card in zip(checked.cards, shown["cards"], strict=True):
                drawn_card |= {
                    "valid_from": moment_in_words(card.valid_from),
                    "valid_to": moment_in_words(card.valid_to),
                    "qr": _quick_qr_drawing(card.qr_text),
                }
        case DecisionLetter():
            shown |= {"day": day_in_words(checked.decided_at, checked.language)}
        case ResultPaper():
            shown |= {"qr": _qr_drawing(checked.verify_address)}
        case RecordPage():
            shown |= {"day": day_in_words(checked.made_at, "vi")}
        case RequestReceipt():
            shown |= {
                "day": day_in_words(checked.made_at, checked.language),
                "qr": _qr_drawing(checked.status_address),
            }
        case SignatureStamp():
            shown |= {"time": moment_of_signing(checked.signed_at)}
        case SealStamp():
            shown |= {
                "time": moment_of_signing(checked.signed_at),
                "day": day_in_words(checked.signed_at, "vi"),
            }
    return shown


def _typeset(
    template: str,
    shown: dict[str, object],
    *,
    made_at: datetime,
    standards: list[PDFStandard],
    tags: bool = True,
) -> bytes:
    payload = json.dumps(_drawable_only(shown), ensure_ascii=False, sort_keys=True)
    with _turn:
        pdf = _compiler(template).compile(
            format="pdf",
            sys_inputs={"values": payload},
            pdf_standards=[*standards],
            pdf_tags=tags,
            timestamp=int(made_at.timestamp()),
        )
    if not isinstance(pdf, bytes):
        raise TypeError(f"Typst returned {type(pdf).__name__} for {template} instead of one PDF")
    return pdf


def _checked(model: type[Values], values: Values | Mapping[str, object]) -> Values:
    if isinstance(values, model):
        return values
    try:
        return model.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise ValuesDoNotFit(faults) from None


def _drawable_only(value: object) -> object:
    match value:
        case str():
            return drawn(value, drawable(FONTS / "BeVietnamPro-Regular.ttf"))
        case dict():
            return {name: _drawable_only(each) for name, each in value.items()}
        case list():
            return [_drawable_only(each) for each in value]
        case _:
            return value


def _qr_drawing(text: str) -> str:
    """Return the QR image as SVG; error level M, because paper at a checkpoint gets wet and creased."""
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="svg", xmldecl=False, border=4)
    return picture.getvalue().decode()


def _quick_qr_drawing(text: str) -> str:
    """Return the QR image as SVG, five times as fast: with one mask instead of the best of eight.

    What a pass holds is compressed and signed, so that its modules are as good as random under any mask.
    """
    picture = io.BytesIO()
    code = segno.make(text, error="m", micro=False, mask=2, boost_error=False)
    code.save(picture, kind="svg", xmldecl=False, border=4)
    return picture.getvalue().decode()


@lru_cache(maxsize=8)
def _compiler(template: str) -> typst.Compiler:
    # The root keeps Typst inside our templates; without system fonts a page looks the same everywhere.
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    folder = FOLDER / "templates"
    return typst.Compiler(
        input=str(folder / f"{template}.typ"),
        root=str(folder),
        font_paths=fonts,
        ignore_system_fonts=True,
        package_path=str(folder / "no_packages"),
        package_cache_path=str(folder / "no_packages"),
    )
