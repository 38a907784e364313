"""What demands, payments and refunds are called, for citizens and officers alike."""

from motcua.fees.schedule import fee_lines
from motcua.fees.states import Channel, DemandState, Match, Occasion
from motcua.procedures.content import Content, FeeLine
from motcua.web.ui.words import Bilingual, number_in_words

STATES = {
    DemandState.OPEN: Bilingual("Chưa nộp", "Not paid yet"),
    DemandState.PART_PAID: Bilingual("Nộp thiếu", "Partly paid"),
    DemandState.PAID: Bilingual("Đã nộp đủ", "Paid"),
    DemandState.OVERPAID: Bilingual("Nộp thừa", "Paid too much"),
    DemandState.REFUNDED: Bilingual("Đã hoàn tiền", "Refunded"),
    DemandState.CANCELLED: Bilingual("Không phải nộp nữa", "No longer asked for"),
}
COLORS = {
    DemandState.OPEN: "yellow",
    DemandState.PART_PAID: "orange",
    DemandState.PAID: "green",
    DemandState.OVERPAID: "blue",
    DemandState.REFUNDED: "grey",
    DemandState.CANCELLED: "grey",
}
OCCASIONS = {
    Occasion.AT_FILING: Bilingual("Phí, lệ phí khi nộp hồ sơ", "Fees on filing"),
    Occasion.BEFORE_DECISION: Bilingual("Phí, lệ phí trước khi giải quyết", "Fees before the decision"),
    Occasion.WITH_RESULT: Bilingual("Phí, lệ phí khi nhận kết quả", "Fees with the result"),
}
CHANNELS = {
    Channel.NOTICE: Bilingual("Ngân hàng báo", "Told by the bank"),
    Channel.STATEMENT: Bilingual("Theo sao kê", "From a statement"),
}
MATCHES = {
    Match.CODE: Bilingual("Đúng mã hồ sơ", "By the case number"),
    Match.CUT: Bilingual("Mã bị cắt, đúng số tiền", "Number cut, amount right"),
    Match.PERSON: Bilingual("Cán bộ gắn", "By an officer"),
}


def dong(amount_vnd: int) -> Bilingual:
    """Return an amount of money, zero included, in both languages."""
    return Bilingual(
        f"{number_in_words(amount_vnd, 'vi')}\u00a0đồng", f"VND\u00a0{number_in_words(amount_vnd, 'en')}"
    )


def fee_line_words(line: FeeLine) -> Bilingual:
    """Return the amount of a line of the schedule, or that it depends on the case."""
    if isinstance(line.amount, int):
        return dong(line.amount)
    return Bilingual("tùy hồ sơ", "depends on the case")


def fee_words(content: Content) -> Bilingual:
    """Return what the service costs, in short: free, a sum, or by its schedule."""
    lines = fee_lines(content)
    amounts = [line.amount for line in lines if isinstance(line.amount, int)]
    if len(amounts) < len(lines):
        return Bilingual("Theo biểu phí", "By its schedule")
    return dong(sum(amounts)) if sum(amounts) else Bilingual("Miễn phí", "Free of charge")
