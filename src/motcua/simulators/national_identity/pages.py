"""The pages of the simulator: choose one of the sample people, or read why not."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from html import escape
from unicodedata import combining, normalize

from motcua.simulators.national_identity.people import SamplePerson

MOST_SHOWN = 100

STYLE = """
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;font:18px/1.5 "Be Vietnam Pro",system-ui,sans-serif;color:#1c1c1e;background:#f4f1ea}
header{background:#7a1f1f;color:#fff;padding:1rem}header p{margin:0}
main{max-width:44rem;margin:0 auto;padding:1rem}
.notice{border-left:.4rem solid #b8860b;background:#fff8e1;padding:.75rem 1rem;margin:1rem 0}
h1{font-size:1.6rem;line-height:1.25;margin:1.5rem 0 .5rem}
ul{list-style:none;margin:1rem 0;padding:0}li{margin:0 0 .6rem}
button{font:inherit;width:100%;text-align:left;padding:.75rem 1rem;background:#fff;border:2px solid #6b6459;
border-radius:.4rem;color:inherit;cursor:pointer}
button:hover{border-color:#7a1f1f}
button:focus-visible,input:focus-visible,a:focus-visible{outline:.25rem solid #f0b400;outline-offset:.1rem}
button strong{display:block}button span{color:#4a453d}
form.search{display:flex;gap:.5rem;flex-wrap:wrap;align-items:end}form.search label{flex:1 1 12rem}
input{font:inherit;display:block;width:100%;padding:.5rem;border:2px solid #6b6459;border-radius:.25rem}
form.search button{width:auto;text-align:center}a{color:#7a1f1f}
"""
STYLE_DIGEST = b64encode(sha256(STYLE.encode()).digest()).decode()


def choice_page(people: Iterable[SamplePerson], query: Mapping[str, str], words: str) -> str:
    """Return the page that lists the people whose name or note holds the words."""
    wanted = _folded(words).split()
    found = [p for p in people if all(word in _folded(f"{p.name} {p.note}") for word in wanted)]
    hidden = "".join(_hidden(name, value) for name, value in query.items() if name not in {"tim", "sub"})
    items = "".join(
        f'<li><button name="sub" value="{escape(person.sub)}"><strong>{escape(person.name)}</strong>'
        f"<span>Sinh ngày {person.born_on:%d/%m/%Y}. {escape(person.note)}</span></button></li>"
        for person in found[:MOST_SHOWN]
    )
    more = (
        f"<p>Còn {len(found) - MOST_SHOWN} người nữa; hãy tìm theo tên.</p>"
        if len(found) > MOST_SHOWN
        else ""
    )
    none = "" if found else "<p>Không có người mẫu nào phù hợp. Hãy tìm bằng từ khác.</p>"
    return _page(
        "Chọn người đăng nhập",
        f"""<h1>Chọn một người mẫu để đăng nhập</h1>
<form class="search" method="get" action="/authorize">{hidden}
<label>Tìm theo tên hoặc ghi chú <input name="tim" value="{escape(words)}"></label><button>Tìm</button></form>
<form method="post" action="/authorize">{hidden}<ul>{items}</ul>{none}{more}</form>
<form method="post" action="/authorize">{hidden}<p><button name="sub" value="">Hủy, quay lại</button></p></form>""",
    )


def message_page(title: str, sentence: str) -> str:
    """Return a page with one sentence."""
    return _page(title, f"<h1>{escape(title)}</h1><p>{escape(sentence)}</p>")


def _page(title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} – mô phỏng định danh quốc gia</title><style>{STYLE}</style></head>
<body><header><p><strong>Mô phỏng định danh quốc gia</strong></p></header>
<main><div class="notice" role="note">Đây là <strong>trang mô phỏng</strong> để chạy thử, không phải VNeID. Những
người dưới đây không có thật; không nhập thông tin thật của bạn.
<span lang="en">This is a simulator for trials, not VNeID. The people below do not exist.</span></div>
{body}</main></body></html>
"""


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'


def _folded(text: str) -> str:
    plain = normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(sign for sign in plain if not combining(sign))
