"""The text of a VietQR is the one of NAPAS' own examples, read back whole and refused when changed."""

import io

import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from motcua.fees.vietqr import LONGEST_PURPOSE, NotAVietQr, Transfer, checksum, read_vietqr, write_vietqr

# The two examples of the specification of NAPAS for transfers to an account.
DYNAMIC = (
    "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN"
    "62340107NPS68690819thanh toan don hang63042E2E"
)
STATIC = "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F"
ASKED = Transfer("970436", "0011001234567", 150_000, "H17202611200000123")


@pytest.mark.parametrize("text", [DYNAMIC, STATIC])
def test_checksum_is_that_of_the_examples_of_napas(text: str) -> None:
    assert checksum(text[:-4]) == text[-4:]


def test_examples_of_napas_are_read() -> None:
    assert read_vietqr(DYNAMIC) == Transfer("970403", "0011012345678", 180_000, "thanh toan don hang")
    assert read_vietqr(STATIC) == Transfer("970403", "0011012345678")


def test_static_code_is_written_as_napas_writes_it() -> None:
    assert write_vietqr(Transfer("970403", "0011012345678")) == STATIC


def test_image_is_read_by_another_program_with_amount_and_number_of_the_case() -> None:
    picture = io.BytesIO()
    segno.make(write_vietqr(ASKED), error="m", micro=False).save(picture, kind="png", scale=6, border=4)

    (read,) = zxingcpp.read_barcodes(Image.open(picture))

    assert read_vietqr(read.text) == ASKED
    assert "5406150000" in read.text
    assert "0818H17202611200000123" in read.text


@pytest.mark.parametrize(
    ("transfer", "why"),
    [
        (Transfer("97043", "1", 1), "six digits"),
        (Transfer("970436", "1" * 20, 1), "19 letters or digits"),
        (Transfer("970436", "", 1), "19 letters or digits"),
        (Transfer("970436", "1", 0), "amount"),
        (Transfer("970436", "1", -5), "amount"),
        (Transfer("970436", "1", 10**13), "amount"),
        (Transfer("970436", "1", 1, "x" * (LONGEST_PURPOSE + 1)), "25 characters"),
        (Transfer("970436", "1", 1, "Lệ phí"), "without accents"),
    ],
)
def test_what_the_standard_has_no_room_for_is_refused(transfer: Transfer, why: str) -> None:
    with pytest.raises(NotAVietQr, match=why):
        write_vietqr(transfer)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "checksum"),
        ("https://example.org/", "checksum"),
        (DYNAMIC[:-1] + "0", "does not fit"),
        (DYNAMIC.replace("180000", "980000"), "does not fit"),
        (DYNAMIC[:60], "checksum"),
    ],
)
def test_changed_or_cut_text_is_refused(text: str, why: str) -> None:
    with pytest.raises(NotAVietQr, match=why):
        read_vietqr(text)


@pytest.mark.parametrize(
    "body",
    [
        "000202" + STATIC[6:-8],
        STATIC[:-8].replace("A000000727", "A000000728"),
        STATIC[:-8].replace("5303704", "5303840"),
        STATIC[:-8] + "540512.50",
        STATIC[:-8] + "5802VN",
        STATIC[:-8] + "99",
    ],
)
def test_well_summed_text_of_another_kind_is_refused(body: str) -> None:
    with pytest.raises(NotAVietQr):
        read_vietqr(f"{body}6304{checksum(body + '6304')}")


@given(
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.from_regex(r"[0-9A-Za-z]{1,19}", fullmatch=True),
    st.integers(min_value=1, max_value=9_999_999_999_999),
    st.text("ABCxyz019 -./", max_size=25),
)
def test_what_is_written_is_read_back(bank: str, account: str, amount: int, purpose: str) -> None:
    transfer = Transfer(bank, account, amount, purpose)

    assert read_vietqr(write_vietqr(transfer)) == transfer


@given(st.integers(min_value=0, max_value=len(DYNAMIC) - 1), st.sampled_from("0123456789AZ"))
def test_one_changed_character_is_noticed(at: int, sign: str) -> None:
    changed = DYNAMIC[:at] + sign + DYNAMIC[at + 1 :]

    if changed != DYNAMIC:
        with pytest.raises(NotAVietQr):
            read_vietqr(changed)
