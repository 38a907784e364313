"""Writing a draft: checked whole at each saving, by hand or by file, never over what somebody else saved."""

import pytest
from directing import NOW, OTHER_WARD, WARD, directive_text
from hypothesis import given
from hypothesis import strategies as st

from motcua.directives.complaints import DirectiveRefused
from motcua.directives.content import Stated, read_directive
from motcua.directives.models import Directive
from motcua.directives.queries import directive, directives, versions_of
from motcua.directives.services import (
    DirectiveNotOpen,
    DirectiveNotYours,
    MomentNotPossible,
    NothingChanged,
    change,
    discard,
    import_values,
    install,
    prepare,
    recolor,
)
from motcua.directives.states import DirectiveState
from motcua.directives.writing import with_parameters

TEXT = "# Bản nháp, xin góp ý\n" + directive_text(
    parameters=f"{{zones.color: {{default: green, places: {{'{WARD}': red}}}}}}"
)


@pytest.fixture
def draft(chair: int) -> int:
    return prepare(text=TEXT, account_id=chair, now=NOW)


def sha256(draft: int) -> str:
    return directive(draft, NOW).sha256


def colors(draft: int) -> dict[str, str]:
    return dict(directive(draft, NOW).content.parameters["zones.color"].places)


def test_a_wrong_text_is_not_kept(chair: int) -> None:
    with pytest.raises(DirectiveRefused):
        prepare(text=directive_text(parameters="{zones.color: purple}"), account_id=chair, now=NOW)

    assert not Directive.objects.exists()


def test_each_saving_is_kept_as_it_was(draft: int, deputy: int) -> None:
    other = TEXT.replace("red", "yellow")

    change(directive_id=draft, text=other, seen_sha256=sha256(draft), account_id=deputy, now=NOW)

    assert [line.text for line in versions_of(draft)] == [TEXT, other]
    assert colors(draft) == {WARD: "yellow"}


def test_nobody_saves_over_what_another_saved_since(draft: int, chair: int, deputy: int) -> None:
    seen = sha256(draft)
    change(
        directive_id=draft,
        text=TEXT.replace("red", "yellow"),
        seen_sha256=seen,
        account_id=deputy,
        now=NOW,
    )

    with pytest.raises(DirectiveNotOpen):
        change(
            directive_id=draft,
            text=TEXT.replace("red", "green"),
            seen_sha256=seen,
            account_id=chair,
            now=NOW,
        )

    assert colors(draft) == {WARD: "yellow"}


def test_the_same_text_again_is_no_change(draft: int, chair: int) -> None:
    with pytest.raises(NothingChanged):
        change(directive_id=draft, text=TEXT, seen_sha256=sha256(draft), account_id=chair, now=NOW)


def test_colors_from_the_map_change_the_places_and_nothing_else(draft: int, chair: int) -> None:
    recolor(
        directive_id=draft,
        parameter="zones.color",
        places={OTHER_WARD: "yellow"},
        seen_sha256=sha256(draft),
        account_id=chair,
        now=NOW,
    )

    view = directive(draft, NOW)
    assert colors(draft) == {WARD: "red", OTHER_WARD: "yellow"}
    assert view.content.parameters["zones.color"].default == "green"
    assert view.text.startswith("# Bản nháp, xin góp ý\n")
    assert view.text.endswith(TEXT[TEXT.index("meaning:") :])


def test_a_color_taken_out_leaves_the_default(draft: int, chair: int) -> None:
    recolor(
        directive_id=draft,
        parameter="zones.color",
        places={WARD: None},
        seen_sha256=sha256(draft),
        account_id=chair,
        now=NOW,
    )

    assert colors(draft) == {}


def test_a_color_that_there_is_not_is_refused_and_nothing_is_kept(draft: int, chair: int) -> None:
    with pytest.raises(DirectiveRefused):
        recolor(
            directive_id=draft,
            parameter="zones.color",
            places={WARD: "purple"},
            seen_sha256=sha256(draft),
            account_id=chair,
            now=NOW,
        )

    assert directive(draft, NOW).text == TEXT


def imported(draft: int, account_id: int, text: str) -> None:
    import_values(
        directive_id=draft,
        parameter="zones.color",
        csv_text=text,
        seen_sha256=sha256(draft),
        account_id=account_id,
        now=NOW,
    )


def test_a_file_sets_the_places_that_it_names(draft: int, chair: int) -> None:
    imported(draft, chair, f"\ufeffcolor,place\ngreen,{OTHER_WARD}\n\nyellow,{WARD}\n")

    assert colors(draft) == {WARD: "yellow", OTHER_WARD: "green"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("place;color\n20194;red\n", 1),
        ("place,color\n20194\n", 2),
        ("place,color\n20194,red\n20194,green\n", 3),
        ("place,color\n,red\n", 2),
    ],
)
def test_a_wrong_file_is_refused_with_its_own_line(draft: int, chair: int, text: str, line: int) -> None:
    with pytest.raises(DirectiveRefused) as refused:
        imported(draft, chair, text)

    assert [fault.line for fault in refused.value.complaints] == [line]
    assert directive(draft, NOW).text == TEXT


def test_given_up_its_number_is_free_and_it_is_not_written_any_more(draft: int, chair: int) -> None:
    discard(directive_id=draft, account_id=chair, now=NOW)

    with pytest.raises(DirectiveNotOpen):
        change(
            directive_id=draft,
            text=TEXT.replace("red", "green"),
            seen_sha256=sha256(draft),
            account_id=chair,
            now=NOW,
        )
    prepare(text=TEXT, account_id=chair, now=NOW)
    assert {view.state for view in directives(NOW)} == {DirectiveState.DISCARDED, DirectiveState.DRAFT}


def test_a_directive_that_is_not_there_looks_like_one_that_is_not_yours(chair: int) -> None:
    with pytest.raises(DirectiveNotYours):
        discard(directive_id=10_000, account_id=chair, now=NOW)


def test_a_first_law_holds_since_its_date_and_is_installed_once(law: None) -> None:
    first = install(text=directive_text(), now=NOW)

    again = install(text=directive_text(), now=NOW)

    view = directive(first, NOW)
    assert again == first
    assert (view.state, view.begun_at) == (DirectiveState.IN_FORCE, view.from_at)
    assert view.prepared_by is None


def test_a_first_law_is_not_installed_for_a_day_to_come(law: None) -> None:
    with pytest.raises(MomentNotPossible):
        install(text=directive_text(since="2027-01-01"), now=NOW)

    assert not Directive.objects.exists()


VALUES = (
    st.text("abcĐđ 0123456789:#'\"-[]{}&*!|>%@`,?\\", min_size=1, max_size=12).map(str.strip).filter(bool)
)
CODES = st.from_regex(r"[0-9]{5}", fullmatch=True)


@given(
    st.dictionaries(CODES, VALUES, max_size=4),
    st.none() | VALUES,
    st.sampled_from(["", "{}", "flow", "block"]),
)
def test_what_is_written_into_a_text_is_read_from_it_again(
    places: dict[str, str], default: str | None, shape: str
) -> None:
    text = directive_text(parameters={"flow": "{zones.color: red, limits.a_b: 1}"}.get(shape, "{}"))
    if shape == "block":
        text = text.replace(
            "parameters: {}", "parameters:\n  zones.color: red\n\n  # một ghi chú\n  limits.a_b: 1"
        )
    if not shape:
        text = text.replace("parameters: {}\n", "")
    wanted = {
        "zones.color": Stated(default=default or "green", places=places),
        "limits.a_b": Stated(default="1"),
    }

    made = read_directive(with_parameters(read_directive(text, "a"), wanted), "a")

    assert dict(made.parameters) == wanted
    assert made.meaning == read_directive(text, "a").meaning
