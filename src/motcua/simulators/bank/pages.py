"""The pages of the simulated bank: scan or paste a code, pay, see what was told, take the statement."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape

from motcua.fees.vietqr import Transfer
from motcua.simulators.bank.bank import MANNERS, PAYERS, SPOILINGS, Bank, Made, Receiver

STYLE = """
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;font:18px/1.5 "Be Vietnam Pro",system-ui,sans-serif;color:#1c1c1e;background:#eef3f1}
header{background:#0d4a3a;color:#fff;padding:1rem}header p{margin:0}
main{max-width:48rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}
.notice{border-left:.4rem solid #b8860b;background:#fff8e1;padding:.75rem 1rem;margin:1rem 0}
h1{font-size:1.6rem;line-height:1.25;margin:1.5rem 0 .5rem}h2{font-size:1.25rem;margin:1.5rem 0 .5rem}
label{display:block;font-weight:600;margin:.75rem 0 .25rem}
input,select,textarea{font:inherit;width:100%;padding:.5rem;border:2px solid #566;border-radius:.25rem;background:#fff}
button{font:inherit;font-weight:600;margin:1rem 0;padding:.6rem 1.2rem;background:#0d4a3a;color:#fff;border:0;
border-radius:.3rem;cursor:pointer}
button:focus-visible,input:focus-visible,select:focus-visible,textarea:focus-visible,a:focus-visible{
outline:.25rem solid #f0b400;outline-offset:.1rem}
ul{padding-left:1.2rem}li{margin:0 0 .8rem}a{color:#0d4a3a}
"""
STYLE_DIGEST = b64encode(sha256(STYLE.encode()).digest()).decode()

_MANNERS = {
    "at_once": "Báo có ngay",
    "late": "Báo có muộn",
    "twice": "Báo có hai lần",
    "never": "Không báo; chỉ có trong sao kê",
}
_SPOILINGS = {
    "as_asked": "Giữ nguyên nội dung",
    "spaces": "Chèn dấu cách",
    "lower": "Viết thường, thêm chữ trước",
    "accents": "Thêm chữ có dấu",
    "prefix": "Ngân hàng thêm phần đầu và phần cuối",
    "cut": "Ngân hàng cắt phần cuối",
    "letters": "Viết chữ O thay số 0",
    "nothing": "Nội dung không có mã",
}


def front_page(bank: Bank) -> str:
    """Return the page on which one begins: paste a code; what was done before; the statements."""
    links = "".join(
        f'<li><a href="/statement/{escape(each.code)}.csv">Sao kê {escape(each.number)} – '
        f"{escape(each.holder)}</a></li>"
        for each in bank.receivers
    )
    return _page(
        "Chuyển khoản",
        f"""<h1>Chuyển khoản bằng VietQR</h1>
<form method="post" action="/scan"><label for="qr">Nội dung mã VietQR (quét rồi dán vào đây)</label>
<textarea id="qr" name="qr" rows="4" required></textarea><button>Tiếp tục</button></form>
<h2>Đã chuyển</h2>{_list(bank)}<h2>Sao kê (CSV)</h2><ul>{links}</ul>""",
    )


def pay_page(transfer: Transfer, receiver: Receiver, balances: Mapping[str, int]) -> str:
    """Return the page on which a scanned transfer is confirmed, with the mishaps to choose from."""
    payers = [(each.number, f"{each.name} – số dư {_dong(balances[each.number])}") for each in PAYERS]
    return _page(
        "Xác nhận",
        f"""<h1>Xác nhận chuyển khoản</h1>
<p>Đến <strong>{escape(receiver.holder)}</strong>, tài khoản {escape(receiver.number)}.</p>
<form method="post" action="/pay"><input type="hidden" name="bin" value="{escape(transfer.bank_bin)}">
<input type="hidden" name="account" value="{escape(transfer.account)}">
{_select("payer", "Từ tài khoản", payers)}
<label for="amount">Số tiền (sửa để thử nộp thiếu, nộp thừa)</label>
<input id="amount" name="amount" inputmode="numeric" value="{transfer.amount_vnd or ""}">
<label for="purpose">Nội dung (sửa để thử viết sai)</label>
<input id="purpose" name="purpose" value="{escape(transfer.purpose)}">
{_select("spoiling", "Ngân hàng hoặc người chuyển làm sai nội dung", [(each, _SPOILINGS[each]) for each in SPOILINGS])}
{_select("manner", "Cách ngân hàng báo có", [(each, _MANNERS[each]) for each in MANNERS])}
<button>Chuyển tiền</button></form>""",
    )


def done_page(made: Made, answers: Sequence[int]) -> str:
    """Return the page that says what was transferred and what the city answered."""
    told = ", ".join(_answer(each) for each in answers) or "chưa báo"
    return _page(
        "Đã chuyển",
        f"""<h1>Đã chuyển {_dong(made.amount_vnd)}</h1>
<p>Số tham chiếu {escape(made.reference)}, nội dung “{escape(made.purpose)}”.</p>
<p>Cổng dịch vụ trả lời: {told}.</p><p><a href="/">Quay lại</a></p>""",
    )


def message_page(title: str, sentence: str) -> str:
    """Return a page with one sentence."""
    return _page(title, f'<h1>{escape(title)}</h1><p>{escape(sentence)}</p><p><a href="/">Quay lại</a></p>')


def _list(bank: Bank) -> str:
    items = "".join(
        f"<li>{escape(made.reference)}: {_dong(made.amount_vnd)} từ {escape(made.payer.name)}, "
        f"“{escape(made.purpose)}”; "
        f"báo có: {', '.join(_answer(each) for each in bank.told.get(made.reference, [])) or 'chưa'}"
        f'<form method="post" action="/resend"><button name="reference" value="{escape(made.reference)}">'
        f"Báo có lại {escape(made.reference)}</button></form></li>"
        for made in reversed(bank.made)
    )
    return f"<ul>{items}</ul>" if items else "<p>Chưa có khoản nào.</p>"


def _answer(status: int) -> str:
    words = {201: "đã nhận", 200: "đã biết từ trước", 0: "không có ai trả lời"}
    return f"{words.get(status, 'từ chối')} ({status})" if status else words[0]


def _select(name: str, label: str, choices: Sequence[tuple[str, str]]) -> str:
    options = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in choices)
    return f'<label for="{name}">{escape(label)}</label><select id="{name}" name="{name}">{options}</select>'


def _dong(amount: int) -> str:
    return f"{amount:,}".replace(",", ".") + " đồng"


def _page(title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} – mô phỏng ngân hàng</title><style>{STYLE}</style></head>
<body><header><p><strong>Mô phỏng ngân hàng</strong></p></header>
<main><div class="notice" role="note">Đây là <strong>trang mô phỏng</strong> để chạy thử. Tiền và người ở đây không
có thật. <span lang="en">This is a simulator for trials. The money and the people do not exist.</span></div>
{body}</main></body></html>
"""
