"""Works out what a case has to pay, from the schedule of its pack and what is known of the case."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from motcua import rules
from motcua.fees.states import Occasion
from motcua.fees.vietqr import MOST_VND
from motcua.procedures.content import Content, FeeLine

SIMPLE = FeeLine.model_validate(
    {
        "code": "fee",
        "label": {"vi": "Lệ phí giải quyết hồ sơ", "en": "Fee for the case"},
        "legal_basis": "pack.yaml: fee_vnd",
        "amount": 0,
        "when": "before_decision",
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a demand: what for, by which law, how much, and why less than the schedule says, if so."""

    code: str
    label_vi: str
    label_en: str
    legal_basis: str
    full_vnd: int
    amount_vnd: int
    exempt_vi: str = ""
    exempt_en: str = ""


class FeeNotUsable(ValueError):
    """The pack's schedule gives no amount for this case; somebody has to look at the pack."""

    def __init__(self, code: str, value: object) -> None:
        self.code, self.value = code, value
        super().__init__(f"the fee {code} comes out as {value!r}, which is no amount in whole đồng")


def fee_lines(content: Content) -> tuple[FeeLine, ...]:
    """Return the lines of the schedule; of a pack that only says ``fee_vnd``, the one line that this means."""
    if content.fees is not None:
        return content.fees.lines
    amount = content.manifest.fee_vnd
    return (SIMPLE.model_copy(update={"amount": amount}),) if amount else ()


def work_out(line: FeeLine, scope: Mapping[str, object]) -> Line:
    """Return the line for one case; the first exemption whose condition is true counts. Raises ``FeeNotUsable``."""
    full = _whole(
        line.code, rules.evaluate_feel(line.amount, scope) if isinstance(line.amount, str) else line.amount
    )
    for exemption in line.exempt:
        if rules.evaluate_feel(exemption.when, scope) is True:
            # Rounded down to whole đồng, in favor of who pays.
            left = full * (100 - exemption.percent) // 100
            return _line(line, full, left, exemption.reason.vi, exemption.reason.en)
    return _line(line, full, full, "", "")


def lines_for(content: Content, occasion: Occasion, scope: Mapping[str, object]) -> tuple[Line, ...]:
    """Return what the case has to pay on the occasion, without lines of nothing; raises ``FeeNotUsable``."""
    worked_out = (work_out(line, scope) for line in fee_lines(content) if line.when == occasion.value)
    return tuple(line for line in worked_out if line.full_vnd)


def _whole(code: str, value: object) -> int:
    if isinstance(value, Decimal) and value == value.to_integral_value():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_VND:
        raise FeeNotUsable(code, value)
    return value


def _line(line: FeeLine, full: int, amount: int, exempt_vi: str, exempt_en: str) -> Line:
    return Line(
        code=line.code,
        label_vi=line.label.vi,
        label_en=line.label.en,
        legal_basis=line.legal_basis,
        full_vnd=full,
        amount_vnd=amount,
        exempt_vi=exempt_vi,
        exempt_en=exempt_en,
    )
