"""Asking about many people at once: each gets what asking alone would have given, and the same is logged."""

import dataclasses

import pytest

from motcua.identity.numbers import PersonNumber
from motcua.registers.models import RegisterAccess
from motcua.registers.queries import accesses_of
from motcua.registers.queries import looked_at as looked_at_in
from motcua.registers.questions import Question
from motcua.registers.services import (
    Interview,
    ask,
    ask_together,
    questionnaire_of,
)

from .conftest import ASKER, NOW, OTHER, Load
from .test_ask import IDS, TABLE

OTHER_KEY = PersonNumber.parse(OTHER).key()


def interview(questions: list[Question], person_key: bytes, case: str = "c1", **changes: object) -> Interview:
    whole = Interview(*questionnaire_of(questions), person_key, ASKER, "travel_pass", case, 3.0)
    return dataclasses.replace(whole, **changes)


def noted() -> list[tuple[object, ...]]:
    """What the log says, whether each question has a row of its own or many are named in one."""
    return sorted(
        (bytes(row.person_key), *looked_at, row.case_number, row.purpose, row.asker_label)
        for row in RegisterAccess.objects.select_related("questions")
        for looked_at in looked_at_in(row)
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("rows", "question"), [case[1:3] for case in TABLE], ids=IDS)
def test_each_gets_what_asking_alone_gives(rows: str, question: Question, person: bytes, load: Load) -> None:
    load(rows + f"z,{OTHER},x,active,,,,\n")
    alone = [
        ask(
            [question],
            person_key=key,
            asker=ASKER,
            purpose="travel_pass",
            within_seconds=30.0,
            now=NOW,
            case_number=case,
        )
        for key, case in ((person, "c1"), (OTHER_KEY, "c2"))
    ]
    logged_alone = noted()
    RegisterAccess.objects.all().delete()

    together = ask_together([interview([question], person), interview([question], OTHER_KEY, "c2")], now=NOW)

    assert together == alone
    assert noted() == logged_alone


@pytest.mark.django_db
def test_a_person_sees_each_question_of_a_list(load: Load, person: bytes) -> None:
    load(f"z,{OTHER},x,active,,,,\n")
    questions = [question for _, _, question in (case[:3] for case in TABLE[:1])]
    names = ["b", "a"]
    asked = [dataclasses.replace(questions[0], fact=name) for name in names]

    ask_together([interview(asked, person)], now=NOW)

    seen = accesses_of(person)
    assert RegisterAccess.objects.count() == 1
    assert [each.fact for each in seen] == sorted(names)
    assert {(each.register, each.case_number, each.asked_at) for each in seen} == {
        (questions[0].register, "c1", NOW)
    }
    assert all(each.columns for each in seen)
