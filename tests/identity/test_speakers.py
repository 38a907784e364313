"""Asked together, each token speaks for whom it speaks for alone."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from motcua.identity.models import Account, Person
from motcua.identity.numbers import PersonNumber
from motcua.identity.people import person_of, record_person
from motcua.identity.speakers import Speaker, speakers_of
from motcua.identity.states import AccountKind, Scope, Sex
from motcua.identity.tokens import TokenRefused, add_system, bearer_of, issue_token, revoke_token

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-11-16T09:00:00+07:00")
BOTH = frozenset({Scope.SUBMISSIONS, Scope.READ})


def token_of(login: str, scope: frozenset[Scope] = BOTH) -> str:
    issued = issue_token(login=login, scope=scope, label="thử", lifetime=timedelta(days=2), now=NOW)
    return issued.text


def citizen(login: str, number: str, born_on: date | None) -> Person:
    person = record_person(
        number=PersonNumber(number), name="Trần Thị 'Bé' \\ Năm", born_on=born_on, sex=Sex.FEMALE, now=NOW
    )
    Account.objects.create(
        kind=AccountKind.CITIZEN,
        login=login,
        name="x",
        issuer="i",
        subject=login,
        person=person,
        created_at=NOW,
    )
    return person


def test_people_and_machines_are_told_as_one_by_one() -> None:
    citizen("lan", "048186001234", date(1986, 3, 2))
    citizen("hoa", "048190004321", None)
    add_system(login="gateway", name="Trục liên thông", now=NOW)
    tokens = [token_of(login) for login in ("lan", "hoa", "gateway")]

    found = speakers_of(tokens, scope=Scope.SUBMISSIONS, now=NOW)

    for text in tokens:
        bearer = bearer_of(text, scope=Scope.SUBMISSIONS, now=NOW)
        person = person_of(bearer.account_id) if bearer.person_key else None
        assert found[text] == Speaker(bearer.account_id, person)


def test_what_is_refused_alone_is_left_out_together() -> None:
    add_system(login="gateway", name="Trục liên thông", now=NOW)
    add_system(login="closed", name="Trạm cũ", now=NOW)
    good, revoked, short, closed = (
        token_of("gateway"),
        issue_token(login="gateway", scope=BOTH, label="x", lifetime=timedelta(days=2), now=NOW),
        token_of("gateway", frozenset({Scope.READ})),
        token_of("closed"),
    )
    revoke_token(token_id=revoked.token_id, now=NOW)
    Account.objects.filter(login="closed").update(is_active=False)
    asked = [good, revoked.text, short, closed, "mct_" + "A" * 43, "", "mct_ă", "\x00"]

    found = speakers_of(asked, scope=Scope.SUBMISSIONS, now=NOW)

    assert list(found) == [good]
    for text in asked[1:]:
        with pytest.raises(TokenRefused):
            bearer_of(text, scope=Scope.SUBMISSIONS, now=NOW)
    assert not speakers_of([good], scope=Scope.SUBMISSIONS, now=NOW + timedelta(days=2))


def test_texts_that_are_no_tokens_ask_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    # The statement would go past Django's counting of queries, so that the connection itself is taken away.
    monkeypatch.setattr(connection, "ensure_connection", lambda: pytest.fail("asked the database"))

    assert speakers_of(["", "Bearer x"], scope=Scope.READ, now=NOW) == {}
