"""Checking a directive against places, parameters and the other directives: refused with the line and the remedy."""

import pytest
from directing import NOW, OTHER_WARD, WARD, at, directive_text, switch

from motcua.directives.checks import check
from motcua.directives.complaints import Complaint
from motcua.directives.content import read_directive
from motcua.directives.services import install, undo

pytestmark = pytest.mark.usefixtures("law")


def faults(text: str) -> tuple[Complaint, ...]:
    return check(read_directive(text, "08.yaml"), NOW)


def only_fault(text: str) -> Complaint:
    (fault,) = faults(text)
    return fault


def test_a_good_directive_has_no_faults() -> None:
    text = directive_text(parameters=f"{{zones.color: {{default: green, places: {{'{WARD}': red}}}}}}")

    assert faults(text) == ()


def test_a_place_that_does_not_exist_is_named_with_the_date() -> None:
    fault = only_fault(directive_text(parameters="{zones.color: {places: {'99999': red}}}"))

    assert "99999" in fault.what.vi
    assert "03/09/2026" in fault.what.vi


def test_a_place_that_did_not_exist_yet_is_refused() -> None:
    fault = only_fault(
        directive_text(since="2025-06-30", parameters=f"{{zones.color: {{places: {{'{WARD}': red}}}}}}")
    )

    assert "30/06/2025" in fault.what.en


def test_a_place_outside_the_scope_is_refused() -> None:
    text = directive_text(
        scope=f"['{WARD}']", parameters=f"{{zones.color: {{places: {{'{OTHER_WARD}': red}}}}}}"
    )

    assert "scope" in only_fault(text).remedy.en


def test_an_unknown_parameter_is_refused_with_the_one_that_was_meant() -> None:
    assert "zones.color" in only_fault(directive_text(parameters="{zones.colour: red}")).remedy.en


@pytest.mark.parametrize("value", ["yelow", "purple"])
def test_a_value_that_is_not_allowed_is_refused(value: str) -> None:
    assert "yellow" in only_fault(directive_text(parameters=f"{{zones.color: {value}}}")).what.en


@pytest.mark.parametrize("value", ["0", "31"])
def test_a_value_out_of_range_is_refused_with_the_range(value: str) -> None:
    assert "1–30" in only_fault(directive_text(parameters=f"{{limits.days_green: {value}}}")).remedy.vi


@pytest.mark.parametrize("value", ["fourteen", "14.5", "1e3"])
def test_a_value_of_another_type_is_refused(value: str) -> None:
    assert "integer" in only_fault(directive_text(parameters=f"{{limits.days_green: {value}}}")).what.en


def test_the_bounds_themselves_are_in_range() -> None:
    assert faults(directive_text(parameters="{limits.days_green: 1}")) == ()
    assert faults(directive_text(parameters="{limits.days_green: 30}")) == ()


def test_a_parameter_of_the_whole_city_takes_no_places() -> None:
    text = directive_text(parameters=f"{{limits.days_green: {{places: {{'{WARD}': 3}}}}}}")

    assert "whole city" in only_fault(text).what.en


def test_two_directives_may_not_set_the_same_at_the_same_time() -> None:
    install(text=directive_text("05/CT-UBND"), now=NOW)

    fault = only_fault(directive_text("08/CT-UBND", since="2026-09-28"))

    assert "05/CT-UBND" in fault.what.vi
    assert "replaces" in fault.remedy.en
    assert fault.line == directive_text().splitlines().index("parameters: {zones.color: green}") + 1


def test_the_same_place_in_both_is_an_overlap() -> None:
    red = f"{{zones.color: {{places: {{'{WARD}': red}}}}}}"
    install(text=directive_text("05/CT-UBND", parameters=red), now=NOW)

    assert len(faults(directive_text("08/CT-UBND", parameters=red))) == 1


def test_naming_the_city_is_the_same_as_naming_no_place() -> None:
    install(text=directive_text("05/CT-UBND"), now=NOW)

    assert len(faults(directive_text("08/CT-UBND", scope="['48']"))) == 1


def test_one_that_replaces_the_other_may_set_the_same() -> None:
    install(text=directive_text("05/CT-UBND"), now=NOW)

    assert faults(directive_text("08/CT-UBND", replaces="[05/CT-UBND]")) == ()


def test_a_narrower_place_may_differ() -> None:
    install(text=directive_text("05/CT-UBND"), now=NOW)

    narrow = f"{{zones.color: {{places: {{'{WARD}': red}}}}}}"

    assert faults(directive_text("06/TB-UBND", parameters=narrow)) == ()


def test_one_after_the_other_is_no_overlap() -> None:
    install(text=directive_text("05/CT-UBND", until="2026-09-28"), now=NOW)

    assert faults(directive_text("08/CT-UBND", since="2026-09-28")) == ()


def test_a_moment_earlier_they_do_overlap() -> None:
    install(text=directive_text("05/CT-UBND", until="2026-09-28"), now=NOW)

    assert len(faults(directive_text("08/CT-UBND", since="2026-09-27T23:59"))) == 1


def test_one_that_was_undone_is_in_nobodys_way(chair: int, deputy: int) -> None:
    undone = switch(directive_text("05/CT-UBND"), by=chair, second=deputy, at=at(days=-1))
    undo(directive_id=undone, account_id=chair, now=NOW)

    assert faults(directive_text("08/CT-UBND")) == ()


def test_what_another_has_replaced_is_in_nobodys_way() -> None:
    install(text=directive_text("05/CT-UBND"), now=NOW)
    install(
        text=directive_text(
            "06/CT-UBND", since="2026-09-10", replaces="[05/CT-UBND]", parameters="{limits.days_green: 3}"
        ),
        now=NOW,
    )

    assert faults(directive_text("08/CT-UBND", since="2026-09-28")) == ()


def test_a_number_stands_once() -> None:
    install(text=directive_text("05/CT-UBND"), now=NOW)

    assert "05/CT-UBND" in faults(directive_text("05/CT-UBND", parameters="{}"))[0].what.en


def test_what_is_replaced_must_exist() -> None:
    assert "04/CT-UBND" in only_fault(directive_text(replaces="[04/CT-UBND]")).what.en
