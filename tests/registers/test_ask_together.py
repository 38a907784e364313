"""Asking about many people at once: each gets what asking alone would have given, and the same is logged."""

import dataclasses

import pytest

from motcua.identity.numbers import PersonNumber
from motcua.registers.models import RegisterAccess
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
    rows = RegisterAccess.objects.order_by("person_key", "register", "fact", "case_number")
    return [
        (bytes(r.person_key), r.register, r.fact, r.columns, r.case_number, r.purpose, r.asker_label)
        for r in rows
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("rows", "question"), [case[1:3] for case in TABLE], ids=IDS)
def test_each_gets_what_asking_alone_gives(rows: str, question: Question, person: bytes, load: Load) -> None:
    load(rows + f"z,{OTHER},x,active,,,,\n")
    alone = [
        ask([question], person_key=key, asker=ASKER, purpose="travel_pass", within_seconds=3.0, now=NOW)
        for key in (person, OTHER_KEY)
    ]
    RegisterAccess.objects.all().delete()

    together = ask_together([interview([question], person), interview([question], OTHER_KEY, "c2")], now=NOW)

    assert together == alone
