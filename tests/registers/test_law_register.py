"""A register that directives keep: asked like any other, alone and together, as of the moment since which it is so."""

from pathlib import Path

import pytest
from directing import NOW, OTHER_WARD, WARD, at, directive_text, leader, open_places, switch
from pydantic import ValidationError

from motcua.directives.queries import parameters
from motcua.directives.services import install, prepare, undo
from motcua.registers.declaration import Declaration, DeclarationRefused, read_declaration
from motcua.registers.facts import Because, Fact
from motcua.registers.models import RegisterAccess
from motcua.registers.queries import registers_over_the_network
from motcua.registers.questions import Asker, Question
from motcua.registers.services import NotLoadable, declare, load_csv
from motcua.registers.services.asking import QuestionNotPossible, ask
from motcua.registers.services.together import Interview, ask_together, questionnaire_of

PERSON = b"p" * 32
ASKER = Asker(kind="machine", reference="travel_pass", label="Giấy đi đường", agency_path="dn.so_ttt")
ZONES = """\
name: zones
title: {vi: Vùng dịch tễ, en: Epidemic zones}
owner: so_y_te
source: directive
absence_means: unknown
purposes: [travel_pass]
key: [place]
columns:
  - {name: place, type: place, label: {vi: Nơi, en: Place}}
  - {name: color, type: text, allowed: [red, yellow, green], label: {vi: Màu, en: Color}}
"""
LIMITS = """\
name: limits
title: {vi: Giới hạn, en: Limits}
owner: dn
source: directive
absence_means: unknown
purposes: [travel_pass]
columns:
  - {name: days, type: integer, minimum: 1, maximum: 30, label: {vi: Số ngày, en: Days}}
  - {name: share, type: decimal, maximum: 1, label: {vi: Tỷ lệ, en: Share}}
  - {name: opens_on, type: date, label: {vi: Ngày mở, en: Opens on}}
  - {name: shops_open, type: boolean, label: {vi: Mở cửa hàng, en: Shops are open}}
"""


def declaration(text: str, folder: Path) -> Declaration:
    file = folder / "register.yaml"
    file.write_text(text, encoding="utf-8")
    return read_declaration(file)


@pytest.fixture
def declared(db: None, tmp_path: Path) -> None:
    open_places()
    for text in (ZONES, LIMITS):
        declare(declaration(text, tmp_path), now=NOW)


def asked(*questions: Question, moment: object = NOW) -> dict[str, Fact]:
    """Ask alone and together, which must say the same."""
    alone = ask(
        questions,
        person_key=PERSON,
        asker=ASKER,
        purpose="travel_pass",
        within_seconds=30,
        now=moment,  # type: ignore[arg-type]  # a moment of the tests below
    )
    questionnaire, wanted = questionnaire_of(questions)
    interview = Interview(questionnaire, wanted, PERSON, ASKER, "travel_pass", "", 5)
    (together,) = ask_together([interview], now=moment)  # type: ignore[arg-type]  # as above
    assert together == alone
    return alone


def color_of(code: str | None) -> Question:
    return Question("zone", "zones", {"place": code}, "color")


def of_the_city(column: str) -> Question:
    return Question(column, "limits", {}, column)


@pytest.mark.usefixtures("declared")
def test_the_value_of_the_place_since_it_is_in_force() -> None:
    install(text=directive_text(parameters=f"{{zones.color: {{places: {{'{WARD}': red}}}}}}"), now=NOW)

    fact = asked(color_of(WARD))["zone"]

    assert (fact.value, fact.because) == ("red", Because.RECORD)
    assert fact.as_of is not None
    assert fact.as_of.isoformat() == "2026-09-02T17:00:00+00:00"


@pytest.mark.usefixtures("declared")
def test_a_place_of_which_no_directive_speaks_is_unknown_and_never_a_no() -> None:
    install(text=directive_text(parameters=f"{{zones.color: {{places: {{'{WARD}': red}}}}}}"), now=NOW)

    fact = asked(color_of(OTHER_WARD))["zone"]

    assert (fact.answer, fact.because) == ("unknown", Because.ABSENT)


@pytest.mark.usefixtures("declared")
def test_a_place_that_is_itself_unknown_is_not_looked_up() -> None:
    assert asked(color_of(None))["zone"].because is Because.NOTHING_TO_ASK_WITH


@pytest.mark.usefixtures("declared")
def test_the_number_of_the_directive_is_a_fact_as_well() -> None:
    install(text=directive_text("05/CT-UBND"), now=NOW)

    question = Question("directive", "zones", {"place": WARD}, "directive")

    assert asked(question)["directive"].value == "05/CT-UBND"


@pytest.mark.usefixtures("declared")
def test_every_type_comes_back_as_itself() -> None:
    said = "{limits.days: 07, limits.share: 0.50, limits.opens_on: 2026-10-01, limits.shops_open: true}"
    install(text=directive_text(parameters=said), now=NOW)

    found = asked(*(of_the_city(column) for column in ("days", "share", "opens_on", "shops_open")))

    assert [repr(fact.value) for fact in found.values()] == [
        "7",
        "Decimal('0.50')",
        "datetime.date(2026, 10, 1)",
        "True",
    ]
    assert found["shops_open"].answer == "yes"


@pytest.mark.usefixtures("declared")
def test_what_the_directive_leaves_out_is_empty() -> None:
    install(text=directive_text(parameters="{limits.days: 7}"), now=NOW)

    assert asked(of_the_city("share"))["share"].because is Because.EMPTY


@pytest.mark.usefixtures("declared")
def test_the_record_is_as_it_is_since_the_last_directive_that_touched_it() -> None:
    install(text=directive_text("05/CT-UBND", parameters="{limits.days: 7}"), now=NOW)
    install(text=directive_text("06/CT-UBND", since="2026-09-10", parameters="{limits.share: 0.5}"), now=NOW)

    found = asked(of_the_city("days"), Question("directive", "limits", {}, "directive"))

    assert [fact.value for fact in found.values()] == [7, "06/CT-UBND"]
    assert {str(fact.as_of) for fact in found.values()} == {"2026-09-09 17:00:00+00:00"}


@pytest.mark.usefixtures("declared")
def test_a_draft_influences_nobody() -> None:
    install(text=directive_text("05/CT-UBND"), now=NOW)
    chair = leader("lanhdao")
    prepare(
        text=directive_text("08/CT-UBND", replaces="[05/CT-UBND]", parameters="{zones.color: red}"),
        account_id=chair,
        now=NOW,
    )

    assert asked(color_of(WARD), moment=at(days=30))["zone"].value == "green"


@pytest.mark.usefixtures("declared")
def test_the_answer_follows_the_switch_and_its_undoing() -> None:
    install(text=directive_text("05/CT-UBND"), now=NOW)
    chair, deputy = leader("lanhdao"), leader("lanhdao.hai")
    text = directive_text("08/CT-UBND", replaces="[05/CT-UBND]", parameters="{zones.color: red}")
    begun = switch(text, by=chair, second=deputy, at=at(hours=1))
    undo(directive_id=begun, account_id=chair, now=at(hours=2))

    found = [asked(color_of(WARD), moment=at(minutes=minutes))["zone"] for minutes in (59, 60, 119, 120)]

    assert [fact.value for fact in found] == ["green", "red", "red", "green"]
    assert found[1].as_of == at(hours=1)


@pytest.mark.usefixtures("declared")
def test_the_law_is_about_nobody_and_so_nobody_is_noted() -> None:
    asked(color_of(WARD), of_the_city("days"))

    assert not RegisterAccess.objects.exists()


@pytest.mark.usefixtures("declared")
def test_it_is_no_register_over_the_network_and_takes_no_file(tmp_path: Path) -> None:
    file = tmp_path / "zones.csv"
    file.write_text(f"place,color\n{WARD},red\n", encoding="utf-8")

    assert registers_over_the_network() == frozenset()
    with pytest.raises(NotLoadable, match="directives"):
        load_csv(register="zones", path=file, as_of=NOW, now=NOW)


@pytest.mark.usefixtures("declared")
def test_it_is_asked_by_its_place() -> None:
    with pytest.raises(QuestionNotPossible):
        asked(Question("zone", "zones", {"color": "red"}))


@pytest.mark.usefixtures("declared")
def test_declaring_says_what_directives_may_set() -> None:
    specs = parameters()

    assert sorted(specs) == [
        "limits.days",
        "limits.opens_on",
        "limits.share",
        "limits.shops_open",
        "zones.color",
    ]
    assert specs["zones.color"].allowed == ("red", "yellow", "green")
    assert (specs["limits.days"].minimum, specs["limits.days"].by_place) == ("1", False)


@pytest.mark.usefixtures("declared")
def test_a_table_takes_its_place_and_directives_set_it_no_longer(tmp_path: Path) -> None:
    install(text=directive_text(), now=NOW)
    table = ZONES.replace("source: directive\n", "")

    assert declare(declaration(table, tmp_path), now=NOW).must_load

    assert asked(color_of(WARD))["zone"].because is Because.NOT_LOADED
    assert "zones.color" not in parameters()
    declare(declaration(ZONES, tmp_path), now=NOW)
    assert asked(color_of(WARD))["zone"].value == "green"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("absence_means: unknown", 'absence_means: "no"'),
        ("key: [place]", "key: [color]"),
        ("key: [place]", "key: [place]\nlookups: [color]"),
        ("key: [place]", "key: [place]\nstale_after_days: 3"),
        ("type: text, allowed: [red, yellow, green]", "type: person"),
        ("allowed: [red, yellow, green]", "minimum: 1"),
        ("type: text, allowed: [red, yellow, green]", "type: integer, minimum: one"),
        ("type: text, allowed: [red, yellow, green]", "type: integer, minimum: 3, maximum: 2"),
    ],
)
def test_a_declaration_that_no_directive_could_keep_is_refused(old: str, new: str, tmp_path: Path) -> None:
    with pytest.raises(DeclarationRefused):
        declaration(ZONES.replace(old, new), tmp_path)


def test_a_table_still_needs_a_key() -> None:
    with pytest.raises(ValidationError, match="key"):
        Declaration.model_validate(
            {
                "name": "jobs",
                "title": {"vi": "Việc", "en": "Jobs"},
                "owner": "bhxh",
                "absence_means": "no",
                "purposes": ["travel_pass"],
                "columns": [{"name": "record", "type": "text", "label": {"vi": "Mã", "en": "Code"}}],
            }
        )
