"""The dry run of a whole city says what deciding each case again one by one says, under both laws."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from motcua.agencies.queries import place_at
from motcua.cases.allotments import allotted_number
from motcua.cases.credential import layout_scope, place_codes
from motcua.cases.facts import gather
from motcua.cases.models import Case
from motcua.cases.plans import Carried, LayoutNotUsable, Plan, plan_of
from motcua.credentials.models import Credential
from motcua.directives.content import Stated, read_directive
from motcua.directives.law import forget
from motcua.directives.models import Directive
from motcua.directives.services import prepare as prepare_directive
from motcua.directives.writing import with_beginning, with_parameters
from motcua.identity.models import Account, Person
from motcua.identity.people import person
from motcua.procedures.queries import procedure_in_force, revision
from motcua.site.demo.law import COLOR, NEXT
from motcua.site.demo.prepare import prepare
from motcua.switching.dryrun import run, start
from motcua.switching.models import DryRun, Effect
from motcua.switching.states import RunState

NOW = datetime(2026, 10, 1, 3, 0, tzinfo=UTC)
AT = NOW + timedelta(hours=20)


@pytest.fixture(scope="module")
def prepared(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Prepare one city for all tests of this file; each test then works in a savepoint of its own."""
    data = tmp_path_factory.mktemp("data")
    changes = {
        "DEMO": True,
        "DATA_DIR": data,
        "SECRETS_DIR": data / "secrets",
        "OIDC_ISSUER": "http://127.0.0.1:8001",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    }
    forget()
    with django_db_blocker.unblock(), override_settings(**changes), transaction.atomic():
        prepare(now=NOW, people=3000, submissions=320)
        yield
        transaction.set_rollback(True)
    forget()


@pytest.fixture
def city(prepared: None, db: None) -> None:
    """The prepared city, with whatever a test adds undone after it."""


def draft(seed: int) -> int:
    """Prepare a directive that opens the city and colors half of its places anew; one it leaves without color."""
    chance = random.Random(seed)
    law = Directive.objects.get(begun_at__isnull=False)
    colors = dict(read_directive(law.text, law.number).parameters[COLOR].places)
    for place in chance.sample(sorted(colors), len(colors) // 2):
        colors[place] = chance.choice(["red", "yellow", "green"])
    colors.pop(chance.choice(sorted(colors)))
    # Of a number of its own: the demo has the next directive as a draft.
    text = NEXT.read_text(encoding="utf-8").replace("number: 08/CT-UBND", f"number: 08.{seed}/CT-UBND", 1)
    text = with_beginning(read_directive(text, NEXT.name), AT)
    content = read_directive(text, NEXT.name)
    text = with_parameters(content, {**content.parameters, COLOR: Stated(places=colors)})
    chair = Account.objects.get(login="lanhdao")
    return prepare_directive(text=text, account_id=chair.pk, now=NOW)


def put_in_force(directive_id: int) -> None:
    Directive.objects.filter(pk=directive_id).update(begun_at=AT, installed_at=AT)
    forget()


@cache
def place_name(code: str, day: date) -> str:
    return place_at(code, day).name


def one_by_one(case: Case, credential: Credential | None) -> tuple[str, str, str, str, Carried | None]:
    """Decide the case again as the ordinary path does: kind, answer, reason, rule, and what its pass would say."""
    plan = plan_of(revision(case.revision_id))
    applicant = person(case.applicant_id)
    gathered = gather(
        content=plan.content,
        values=case.values,
        person_key=applicant.key,
        case_number=case.number,
        agency_path=case.agency_path,
        now=AT,
        today=case.filed_on,
    )
    judged = plan.judge(gathered.scope)
    _, act = plan.act_for(judged.answer)
    phase = plan.content.workflow.states[act.target].phase
    carried = None
    if phase == "granted":
        day = timezone.localtime(AT if credential is None else credential.issued_at).date()
        carried = said(plan, case, gathered.scope, day)
        phase = "granted" if carried is not None else "person"
    return phase, judged.answer, judged.reason, judged.rule, carried


def said(plan: Plan, case: Case, scope: Mapping[str, object], day: date) -> Carried | None:
    """Write the pass as of the day it was given, with the outputs of the day the case was filed."""
    whole = layout_scope(
        plan,
        scope,
        values=case.values,
        holder=person(case.applicant_id),
        number=case.number,
        place_names={code: place_name(code, day) for code in place_codes(plan, case.values)},
        allotted=allotted_number(case.number) if plan.content.manifest.allotment is not None else None,
    )
    try:
        return plan.carried({**whole, "today": day}, case.number)
    except LayoutNotUsable:
        return None


Found = tuple[str, str, str, str, Carried | None]


def category(credential: Credential | None, before: Found, after: Found) -> str:
    """Say what the directive does to the case, from what it was and what it would be."""
    was, now = before[0], after[0]
    if credential is None:
        if now in {was, "person"}:
            return "still_open"
        return now
    if now == "granted":
        carried = after[4]
        assert carried is not None
        if was == "granted" and carried == before[4]:
            return "kept"
        if carried.valid_to > credential.valid_to:
            return "extended"
        if was != "granted":
            return "kept"
        return "downgraded" if carried.valid_to < credential.valid_to else "changed"
    if now == "refused":
        return "kept" if was == "refused" else "revoked"
    return "to_person" if was == "granted" else "kept"


def redecided(directive_id: int) -> dict[str, tuple[str, Credential | None, Found, Found]]:
    """Decide all that is outstanding one by one, under the law in force and then with the directive begun."""
    standing = {one.case_number: one for one in Credential.objects.standing().ending_after(AT)}
    cases = [
        case
        for case in Case.objects.all()
        if case.number in standing or case.phase in ("person", "silent_register")
    ]
    before = {case.number: one_by_one(case, standing.get(case.number)) for case in cases}
    put_in_force(directive_id)
    after = {case.number: one_by_one(case, standing.get(case.number)) for case in cases}
    return {
        number: (category(standing.get(number), was, after[number]), standing.get(number), was, after[number])
        for number, was in before.items()
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_the_set_and_each_case_by_itself_agree(city: None, seed: int) -> None:
    directive_id = draft(seed)
    run_id = start(directive_id=directive_id, account_id=None, now=NOW)

    state = run(run_id=run_id, now=NOW)

    found = DryRun.objects.get(pk=run_id)
    assert (state, found.fault) == (RunState.DONE, "")
    alone = redecided(directive_id)
    assert found.result["totals"] == dict(sorted(Counter(one[0] for one in alone.values()).items()))
    assert len(alone) > 100
    effects = {effect.case_number: effect for effect in Effect.objects.of_run(run_id)}
    assert set(effects) == {number for number, one in alone.items() if one[0] not in ("kept", "still_open")}
    for number, effect in effects.items():
        wanted, credential, before, after = alone[number]
        assert effect.category == wanted
        assert (effect.before_answer, effect.before_reason, effect.before_rule) == before[1:4]
        assert (effect.after_answer, effect.after_reason, effect.after_rule) == after[1:4]
        assert effect.stood_until == (credential.valid_to if credential else None)
        if after[4] is None:
            assert (effect.after_from, effect.after_until, effect.claims) == (None, None, {})
        else:
            assert (effect.after_from, effect.after_until) == (after[4].valid_from, after[4].valid_to)
            assert {key: after[4].claims[key] for key in effect.claims} == effect.claims
            assert before[4] is None or all(
                after[4].claims[key] == before[4].claims[key]
                for key in set(after[4].claims) - set(effect.claims)
            )


def test_the_same_run_again_has_the_same_digits(city: None) -> None:
    directive_id = draft(3)
    runs = [start(directive_id=directive_id, account_id=None, now=NOW) for _ in range(2)]

    for run_id in runs:
        run(run_id=run_id, now=NOW)

    first, second = (DryRun.objects.get(pk=run_id) for run_id in runs)
    assert first.result == second.result
    assert len(first.digest) == 64
    assert first.digest == second.digest
    assert list(Effect.objects.of_run(runs[0]).values_list("line", "case_number")) == list(
        Effect.objects.of_run(runs[1]).values_list("line", "case_number")
    )


def test_another_draft_has_other_digits(city: None) -> None:
    runs = []
    for seed in (4, 5):
        directive_id = draft(seed)
        runs.append(start(directive_id=directive_id, account_id=None, now=NOW))
        run(run_id=runs[-1], now=NOW)
        Directive.objects.filter(pk=directive_id).update(
            discarded_at=NOW, discarded_by=Account.objects.first()
        )

    assert len(set(DryRun.objects.filter(pk__in=runs).values_list("digest", flat=True))) == 2


def test_everyone_is_decided_for_a_service_that_decides_by_the_person(city: None) -> None:
    directive_id = draft(6)
    run_id = start(directive_id=directive_id, account_id=None, everyone=True, now=NOW)

    assert run(run_id=run_id, now=NOW) == RunState.DONE

    result = DryRun.objects.get(pk=run_id).result
    effects = {
        bytes(effect.person_key): effect
        for effect in Effect.objects.of_run(run_id)
        if effect.subject == "person"
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT person FROM register_population.records ORDER BY person")
        people = [bytes(row[0]) for row in cursor.fetchall()]
    asked = set(
        Person.objects.filter(
            pk__in=Case.objects.filter(procedure_code="health_code").values_list("applicant_id", flat=True)
        ).values_list("key", flat=True)
    )
    left = [key for key in people if key not in {bytes(one) for one in asked}]
    assert result["subjects"]["person"] == len(left)
    chosen = [*list(effects)[:20], *left[:20]]
    before = {key: alone(key) for key in chosen}
    put_in_force(directive_id)
    for key in chosen:
        was, now = before[key], alone(key)
        if was[0] == now[0]:
            assert key not in effects
        else:
            effect = effects[key]
            assert (effect.before_answer, effect.before_reason, effect.before_rule) == was[1:]
            assert (effect.after_answer, effect.after_reason, effect.after_rule) == now[1:]
            assert (
                effect.category == {"granted": "granted", "refused": "refused", "person": "to_person"}[now[0]]
            )
    assert len(effects) > 20


def alone(key: bytes) -> tuple[str, str, str, str]:
    """Decide somebody who has asked for nothing, with an empty form, on the day of the directive."""
    plan = plan_of(procedure_in_force("health_code"))
    gathered = gather(
        content=plan.content,
        values={},
        person_key=key,
        case_number="",
        agency_path="dn",
        now=AT,
        today=timezone.localtime(AT).date(),
    )
    judged = plan.judge(gathered.scope)
    _, act = plan.act_for(judged.answer)
    return plan.content.workflow.states[act.target].phase, judged.answer, judged.reason, judged.rule
