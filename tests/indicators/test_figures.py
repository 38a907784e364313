"""Figures count by definition, compute by formula, and keep what is not known apart."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from motcua.cases.counts import CaseCount, CaseKind
from motcua.indicators.figures import Figures, FormulasInACircle
from motcua.indicators.queries import NoSuchFigure, receipt_of
from motcua.indicators.standard import STANDARD, completed
from motcua.procedures.content import Bilingual, IndicatorDefinition

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
WORDS = Bilingual(vi="số", en="number")


def kind(phase: str, **more: object) -> CaseKind:
    values = {
        "state": phase,
        "answer": "",
        "reason": "",
        "channel": "online",
        "by_machine": True,
        "objected": False,
        "overdue": False,
    }
    return CaseKind(**{**values, "phase": phase, **more})  # type: ignore[arg-type]  # one value a field


def count(number: int, phase: str, *, place: str = "vn.p1.w1", **more: object) -> CaseCount:
    return CaseCount("permit", place, kind(phase, **more), number)


def defined(code: str, **more: object) -> IndicatorDefinition:
    return IndicatorDefinition.model_validate(
        {"code": code, "label": WORDS, "unit": WORDS, "method": WORDS, **more}
    )


COUNTS = [
    count(5, "granted", answer="yes"),
    count(13, "refused", answer="no", reason="too_late"),
    count(2, "person", overdue=True),
    count(6, "silent_register", place="vn.p1.w2"),
]


def value(figures: Figures, code: str) -> Decimal | None:
    return figures[code].value


def test_standard_figures_add_up() -> None:
    figures = Figures(STANDARD, COUNTS, NOW)

    assert {figure.definition.code: figure.value for figure in figures} == {
        "requests": 26,
        "granted": 5,
        "held_back": 13,
        "hold_back_share": 50,
        "waiting_for_person": 2,
        "waiting_for_register": 6,
        "overdue": 2,
        "rated_share": None,
        "satisfied_share": None,
    }


def test_share_of_nothing_has_no_value_and_is_not_zero() -> None:
    figures = Figures(STANDARD, [], NOW)

    assert value(figures, "requests") == 0
    assert value(figures, "hold_back_share") is None


def test_formula_over_a_figure_without_value_has_none() -> None:
    definitions = (*STANDARD, defined("half", formula="hold back share / 2"))

    assert value(Figures(definitions, [], NOW), "half") is None
    assert value(Figures(definitions, COUNTS, NOW), "half") == 25


def test_case_of_which_the_condition_says_nothing_is_told_apart() -> None:
    # An answer that is not there yet is null: the comparison with it is null as well.
    definitions = (defined("late_answers", where='answer < "z"'),)

    figures = Figures(definitions, COUNTS, NOW)

    assert (value(figures, "late_answers"), figures["late_answers"].undecided) == (18, 8)


def test_condition_that_gives_no_truth_counts_nothing() -> None:
    figures = Figures((defined("odd", where="1 + 1"),), COUNTS, NOW)

    assert (value(figures, "odd"), figures["odd"].undecided) == (0, 26)


def test_parameters_enter_the_formula() -> None:
    definitions = completed(
        (defined("saved", formula="granted * cost per pass", parameters={"cost_per_pass": 51000}),)
    )

    figures = Figures(definitions, COUNTS, NOW)

    assert value(figures, "saved") == 255_000
    assert figures["saved"].reads == ("granted",)


def test_longer_name_is_not_read_as_the_shorter_one_within() -> None:
    definitions = completed(
        (
            defined("granted_by_machine", where='phase = "granted" and by machine'),
            defined("twice", formula="2 * granted by machine"),
        )
    )

    assert Figures(definitions, COUNTS, NOW)["twice"].reads == ("granted_by_machine",)


@pytest.mark.parametrize("order", [1, -1])
def test_formulas_may_stand_in_any_order(order: int) -> None:
    pair = (defined("four", formula="two * 2"), defined("two", formula="granted - 3"))

    figures = Figures(completed(pair[::order]), COUNTS, NOW)

    assert (value(figures, "two"), value(figures, "four")) == (2, 4)


def test_formulas_that_need_each_other_are_refused() -> None:
    pair = (defined("hen", formula="egg + 1"), defined("egg", formula="hen + 1"))

    with pytest.raises(FormulasInACircle, match="egg, hen"):
        Figures(pair, COUNTS, NOW)


def test_definition_of_the_pack_stands_in_place_of_the_standard_one() -> None:
    own = defined("granted", where='phase = "granted" and objected')

    definitions = completed((own,))

    assert [each.code for each in definitions] == [each.code for each in STANDARD]
    assert value(Figures(definitions, COUNTS, NOW), "granted") == 0


def test_places_add_up_to_the_whole() -> None:
    figures = Figures(STANDARD, COUNTS, NOW)

    by_place = figures.by_place()

    assert {path: own["requests"].value for path, own in by_place.items()} == {"vn.p1.w1": 20, "vn.p1.w2": 6}
    assert figures.over(list(by_place))["requests"].value == value(figures, "requests")
    assert by_place["vn.p1.w2"]["hold_back_share"].value == 0


def test_receipt_lists_the_counts_that_add_up_to_the_figure() -> None:
    receipt = receipt_of(Figures(STANDARD, COUNTS, NOW), "held_back")

    assert receipt.breakdown == (("vn.p1.w1", "refused", "too_late", 13),)
    assert receipt.reads == ()


def test_receipt_of_a_formula_lists_what_it_reads() -> None:
    receipt = receipt_of(Figures(STANDARD, COUNTS, NOW), "hold_back_share")

    assert [figure.definition.code for figure in receipt.reads] == ["requests", "held_back"]
    assert receipt.breakdown == ()


def test_receipt_of_an_unknown_figure_is_refused() -> None:
    with pytest.raises(NoSuchFigure):
        receipt_of(Figures(STANDARD, COUNTS, NOW), "weather")
