"""Amounts in Vietnamese words, as a receipt has to carry them."""

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu")


def amount_in_words(amount_vnd: int) -> str:
    """Return an amount of zero or more in words: ``Một trăm năm mươi nghìn đồng``."""
    words = _read(amount_vnd) if amount_vnd else _DIGITS[0]
    return f"{words[0].upper()}{words[1:]} đồng"


def _read(number: int) -> str:
    """Read a number above zero; above a thousand million the same words begin anew before ``tỷ``."""
    billions, rest = divmod(number, 1_000_000_000)
    words = [f"{_read(billions)} tỷ"] if billions else []
    for at in (2, 1, 0):
        group = rest // 1000**at % 1000
        if group:
            words.append(f"{_group(group, leading=not words)} {_GROUPS[at]}".strip())
    return " ".join(words)


def _group(number: int, *, leading: bool) -> str:
    """Read a number below a thousand; what stands behind another group says its hundreds even if there are none."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    words: list[str] = []
    if hundreds or not leading:
        words += [_DIGITS[hundreds], "trăm"]
    if tens > 1:
        words += [_DIGITS[tens], "mươi"]
    elif tens == 1:
        words.append("mười")
    elif ones and words:
        words.append("linh")
    if ones:
        words.append(_one(ones, tens))
    return " ".join(words)


def _one(ones: int, tens: int) -> str:
    if ones == 5 and tens:
        return "lăm"
    if ones == 1 and tens > 1:
        return "mốt"
    return _DIGITS[ones]
