"""What a hand or a program could put into a directive to break a page, a feed or another's law is refused in words."""

import time

import pytest
from directing import NOW, OTHER_WARD, WARD, directive_text, leader, switch

from motcua.directives.checks import check
from motcua.directives.complaints import MOST_TOLD, DirectiveRefused
from motcua.directives.content import read_directive
from motcua.directives.opinions import import_opinions
from motcua.directives.queries import directive
from motcua.directives.reading import read_sheet
from motcua.directives.services import DirectiveNotYours, change, import_values, prepare, recolor


@pytest.mark.parametrize("spelled", ["\\0", "\\x1b", "\\u202e", "\\ud800", "\\U00110000", "\\uffff"])
@pytest.mark.parametrize("text", ['title: "{}"', '"{}": title'])
def test_an_unseen_character_that_is_only_spelled_is_refused(spelled: str, text: str) -> None:
    with pytest.raises(DirectiveRefused):
        read_sheet(text.format(spelled), "text")


def test_an_anchor_is_still_told_as_one() -> None:
    with pytest.raises(DirectiveRefused, match="anchor"):
        read_sheet("title: &a b", "text")


def test_an_escape_that_is_seen_is_read() -> None:
    text = directive_text().replace("Chỉ thị thử", '"Chỉ th\\u1ecb"')

    assert read_directive(text, "text").title.vi == "Chỉ thị"


@pytest.fixture
def ward_leader(law: None) -> int:
    return leader("lanhdao.phuong", place_path=f"vn.p48.w{WARD}")


def test_a_leader_of_a_ward_writes_for_the_ward(ward_leader: int) -> None:
    text = directive_text("1/P", scope=f"['{WARD}']", parameters="{zones.color: red}")

    assert prepare(text=text, account_id=ward_leader, now=NOW)


def test_a_leader_of_a_ward_does_not_end_the_law_of_the_city(
    chair: int, deputy: int, ward_leader: int
) -> None:
    switch(directive_text(), by=chair, second=deputy, at=NOW)
    text = directive_text(
        "1/P", scope=f"['{WARD}']", replaces="[05/CT-UBND]", parameters="{zones.color: red}"
    )

    with pytest.raises(DirectiveNotYours):
        prepare(text=text, account_id=ward_leader, now=NOW)


def test_a_leader_of_a_ward_ends_what_was_set_for_the_ward(chair: int, deputy: int, ward_leader: int) -> None:
    mine = directive_text("1/P", scope=f"['{WARD}']", parameters="{zones.color: red}")
    switch(mine, by=chair, second=deputy, at=NOW)
    text = directive_text("2/P", scope=f"['{WARD}']", replaces="[1/P]", parameters="{zones.color: yellow}")

    assert prepare(text=text, account_id=ward_leader, now=NOW)


def test_a_leader_of_a_ward_puts_no_rules_of_the_city_in_force(ward_leader: int) -> None:
    text = directive_text(
        "1/P", scope=f"['{WARD}']", parameters="{zones.color: red}", more="revisions: {travel_pass: 2}\n"
    )

    with pytest.raises(DirectiveNotYours):
        prepare(text=text, account_id=ward_leader, now=NOW)


def test_a_draft_does_not_come_to_end_the_law_of_the_city(chair: int, deputy: int, ward_leader: int) -> None:
    switch(directive_text(), by=chair, second=deputy, at=NOW)
    text = directive_text("1/P", scope=f"['{WARD}']", parameters="{zones.color: red}")
    draft = prepare(text=text, account_id=ward_leader, now=NOW)

    with pytest.raises(DirectiveNotYours):
        change(
            directive_id=draft,
            text=text.replace("replaces: []", "replaces: [05/CT-UBND]"),
            seen_sha256=directive(draft, NOW).sha256,
            account_id=ward_leader,
            now=NOW,
        )


@pytest.mark.parametrize(
    "text",
    [
        "place,color\nabc,red\n",
        "place,color\n'20194,red\n",
        "place,color\r20194,red\r20195\0,red\n",
        f"place,color\n{WARD},{'r' * 140_000}\n",
    ],
)
def test_a_file_with_what_is_no_place_is_refused_by_its_line(chair: int, text: str) -> None:
    draft = prepare(text=directive_text(), account_id=chair, now=NOW)

    with pytest.raises(DirectiveRefused):
        import_values(
            directive_id=draft,
            parameter="zones.color",
            csv_text=text,
            seen_sha256=directive(draft, NOW).sha256,
            account_id=chair,
            now=NOW,
        )


@pytest.mark.parametrize("code", ["abc", f'{WARD}": red\n      "{OTHER_WARD}', ""])
def test_a_code_from_the_map_writes_nothing_else_into_the_text(chair: int, code: str) -> None:
    draft = prepare(text=directive_text(), account_id=chair, now=NOW)

    with pytest.raises(DirectiveRefused):
        recolor(
            directive_id=draft,
            parameter="zones.color",
            places={code: "red"},
            seen_sha256=directive(draft, NOW).sha256,
            account_id=chair,
            now=NOW,
        )


@pytest.mark.parametrize(
    "row", ["2026-09-20,Báo,http://[,1,,", f"2026-09-20,{'B' * 140_000},,1,,", '2026-09-20,Báo,,"1']
)
def test_figures_that_cannot_be_read_are_refused(chair: int, row: str) -> None:
    draft = prepare(text=directive_text(), account_id=chair, now=NOW)
    head = "measured_on,source,source_url,reach,against_percent,favor_percent"

    with pytest.raises(DirectiveRefused):
        import_opinions(directive_id=draft, content=f"{head}\n{row}\n".encode(), account_id=chair, now=NOW)


@pytest.mark.parametrize(
    "more",
    [
        "".join(f"k{number}: 1\n" for number in range(90_000)),
        "a: " + "[" * 900_000,
        "a: [" + "[1], " * 150_000 + "]",
        "means: [" + "{}, " * 200_000 + "]",
    ],
    ids=["keys", "levels", "lists", "nothing"],
)
def test_a_megabyte_of_faults_costs_little(more: str) -> None:
    began = time.process_time()

    with pytest.raises(DirectiveRefused) as refused:
        read_directive(directive_text() + more, "05.yaml")

    assert len(refused.value.complaints) <= MOST_TOLD + 1
    # Reading all of it took half a minute, and telling it as long again.
    assert time.process_time() - began < 10


def test_the_first_hundred_faults_are_told_and_that_there_are_more(chair: int) -> None:
    form = directive_text() + "".join(f"k{number}: 1\n" for number in range(150))
    places = ", ".join(f'"{number}"' for number in range(70_000, 70_150))

    with pytest.raises(DirectiveRefused) as by_form:
        read_directive(form, "05.yaml")
    known = check(read_directive(directive_text(scope=f"[{places}]"), "05.yaml"), NOW)

    for complaints in (by_form.value.complaints, known):
        assert len(complaints) == MOST_TOLD + 1
        assert sum("more than 100 faults" in each.what.en for each in complaints) == 1


def test_a_hundred_faults_are_all_there_are() -> None:
    with pytest.raises(DirectiveRefused) as refused:
        read_directive(directive_text() + "".join(f"k{number}: 1\n" for number in range(100)), "05.yaml")

    assert len(refused.value.complaints) == MOST_TOLD
    assert "more" not in str(refused.value)
