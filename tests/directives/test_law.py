"""The law at a place and a moment: held equal to a reading of the directives one by one, without any index."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from directing import NOW, OTHER_WARD, WARD, at, directive_text, switch
from hypothesis import given
from hypothesis import strategies as st

from motcua.directives import law as laws
from motcua.directives.complaints import Words
from motcua.directives.law import Enacted, Law, Statement, law_at, law_with
from motcua.directives.queries import in_force, values_at
from motcua.directives.services import install, prepare

PATHS = {"48": "vn.p48", "49": "vn.p49", WARD: f"vn.p48.w{WARD}", "20001": f"vn.p48.w{WARD}.x20001"}
HOURS = st.integers(0, 6)


def moment(hour: int) -> datetime:
    return datetime(2026, 9, 1, hour, tzinfo=UTC)


@st.composite
def enacted(draw: st.DrawFn) -> list[Enacted]:
    found = []
    for number in range(draw(st.integers(1, 5))):
        begun = draw(HOURS)
        paths = draw(st.lists(st.sampled_from(["vn", *PATHS.values()]), max_size=3, unique=True))
        found.append(
            Enacted(
                id=number,
                number=str(number),
                title=Words("", ""),
                sha256=str(number),
                begun_at=moment(begun),
                until=draw(st.none() | st.integers(begun + 1, 8).map(moment)),
                undone_at=draw(st.none() | st.integers(begun, 8).map(moment)),
                replaces=frozenset(draw(st.sets(st.sampled_from("01234"), max_size=2)) - {str(number)}),
                scope=("vn",),
                statements=tuple(
                    Statement("zones.color", path, f"{number} {path}", f"{number} {path}", None)
                    for path in paths
                ),
                content=SimpleNamespace(),  # type: ignore[arg-type]  # the law itself does not read it
            )
        )
    return found


def read_one_by_one(all_: list[Enacted], path: str, when: datetime) -> str | None:
    """Look at every statement of every directive; the order of precedence stands in the key."""

    def gone(each: Enacted) -> bool:
        over = each.until is not None and each.until <= when
        undone = each.undone_at is not None and each.undone_at <= when
        return each.begun_at > when or over or undone

    def replaced(each: Enacted) -> bool:
        return any(
            each.number in other.replaces
            and other.begun_at <= when
            and not (other.undone_at is not None and other.undone_at <= when)
            for other in all_
        )

    candidates: list[tuple[tuple[int, datetime, int], str]] = []
    for each in all_:
        if gone(each) or replaced(each):
            continue
        for statement in each.statements:
            if path == statement.path or path.startswith(statement.path + "."):
                width = max(2, len(statement.path.split(".")))
                candidates.append(((width, each.begun_at, each.id), statement.text))
    best = max((key for key, _ in candidates), default=None)
    found = {text for key, text in candidates if key == best}
    # One directive may speak of the city and of everything: either is right.
    return min(found, key=len) if found else None


@given(enacted(), HOURS, st.sampled_from(sorted(PATHS)))
def test_the_narrower_place_counts_and_then_the_later_beginning(
    all_: list[Enacted], hour: int, code: str
) -> None:
    when = moment(hour)
    law = Law([each for each in all_ if each.in_force(when, all_)], PATHS, when)

    found = law.value("zones.color", code)

    wanted = read_one_by_one(all_, PATHS[code], when)
    assert (found.text.split()[0] if found else None) == (wanted.split()[0] if wanted else None)
    assert law.column("zones.color", [code]) == {code: found}


@given(enacted(), HOURS)
def test_a_copy_kept_between_two_moments_says_what_a_fresh_one_says(all_: list[Enacted], hour: int) -> None:
    copy = laws._Copy("mark", all_)
    copy._paths = dict.fromkeys((moment(0).date(), moment(23).date()), PATHS)

    for when in (moment(hour), moment(hour) + timedelta(minutes=59), moment(hour)):
        fresh = Law([each for each in all_ if each.in_force(when, all_)], PATHS, when)
        assert copy.law(when) == fresh
        assert hash(copy.law(when)) == hash(fresh)


def test_a_code_that_names_no_place_has_no_value(law: None) -> None:
    install(text=directive_text(), now=NOW)

    assert law_at(NOW).value("zones.color", "99999") is None
    assert law_at(NOW).directives("99999") == ()


def test_a_place_that_no_directive_names_has_no_value(law: None) -> None:
    install(text=directive_text(parameters=f"{{zones.color: {{places: {{'{WARD}': red}}}}}}"), now=NOW)

    found = law_at(NOW).column("zones.color", [WARD, OTHER_WARD])

    assert [value and value.value for value in found.values()] == ["red", None]


def test_a_value_is_of_the_type_of_its_parameter(law: None) -> None:
    install(text=directive_text(parameters="{limits.days_green: 07}"), now=NOW)

    found = law_at(NOW).value("limits.days_green")

    assert found is not None
    assert (found.value, found.directive, found.place_code) == (7, "05/CT-UBND", None)


def test_the_end_that_a_directive_names_ends_it_without_anybody(law: None) -> None:
    install(text=directive_text(until="2026-09-25"), now=NOW)
    end = datetime(2026, 9, 24, 17, 0, tzinfo=UTC)

    assert law_at(end - timedelta(microseconds=1)).value("zones.color", WARD) is not None
    assert law_at(end).value("zones.color", WARD) is None


def test_the_law_with_a_draft_is_the_law_as_it_would_be(chair: int) -> None:
    install(text=directive_text(), now=NOW)
    text = directive_text(
        "08/CT-UBND", replaces="[05/CT-UBND]", parameters=f"{{zones.color: {{places: {{'{WARD}': red}}}}}}"
    )
    draft = prepare(text=text, account_id=chair, now=NOW)

    law = law_with(draft, at(days=3))

    assert [each.number for each in law.enacted] == ["08/CT-UBND"]
    assert [value and value.value for value in law.column("zones.color", [WARD, OTHER_WARD]).values()] == [
        "red",
        None,
    ]
    assert law_at(at(days=3)).value("zones.color", WARD).directive == "05/CT-UBND"  # type: ignore[union-attr]  # in force


def test_a_directive_for_one_ward_concerns_no_other(chair: int, deputy: int) -> None:
    switch(directive_text("06/TB-UBND", scope=f"['{WARD}']"), by=chair, second=deputy, at=NOW)

    assert [each.number for each in in_force(WARD, NOW)] == ["06/TB-UBND"]
    assert in_force(OTHER_WARD, NOW) == ()


def test_every_parameter_of_a_place_in_one_answer(law: None) -> None:
    install(text=directive_text(parameters="{zones.color: red, limits.days_green: 3}"), now=NOW)

    found = values_at(WARD, NOW)

    assert {address: value and value.value for address, value in found.items()} == {
        "zones.color": "red",
        "limits.days_green": 3,
        "limits.opening": None,
    }


def test_the_law_is_read_once_and_then_kept(
    law: None, django_assert_num_queries: Any
) -> None:  # Any: no public type
    install(text=directive_text(), now=NOW)
    law_at(NOW)

    with django_assert_num_queries(0):
        assert law_at(NOW).value("zones.color", WARD) is not None


def test_a_copy_older_than_a_second_looks_whether_the_law_has_changed(
    law: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(text=directive_text(), now=NOW)
    kept = law_at(NOW)
    monkeypatch.setattr(laws, "STALE_SECONDS", 0.0)

    assert law_at(NOW) is kept


def test_what_a_register_allows_no_longer_is_unknown_and_the_rest_still_holds(law: None) -> None:
    from directing import open_parameters

    install(text=directive_text(parameters="{zones.color: green, limits.days_green: 14}"), now=NOW)
    laws.Parameter.objects.filter(address="zones.color").update(allowed=["xanh"])
    laws.forget()

    assert law_at(NOW).value("zones.color", WARD) is None
    assert law_at(NOW).value("limits.days_green") is not None
    open_parameters(NOW)
    assert law_at(NOW).value("zones.color", WARD) is not None
