"""A switch whose result would not be the one that two persons confirmed stops, and says why; the law is as it was."""

from datetime import timedelta
from uuid import UUID, uuid4

import garden
import pytest
from directing import WARD
from django.db.models import F
from town import CREDENTIAL, FACTS, MANIFEST, MODEL, NOW, SWITCH_AT, Town

from motcua.cases.models import CaseEntry
from motcua.credentials.models import Credential, StatusList
from motcua.directives.law import law_at
from motcua.directives.models import Directive
from motcua.directives.services import confirm, schedule, unschedule
from motcua.events.models import LedgerEntry
from motcua.identity.rights import Grant, Rights
from motcua.identity.states import Role
from motcua.procedures.services import install_revision
from motcua.switching import carrying, comparing, switch
from motcua.switching.dryrun import cancel
from motcua.switching.models import DryRun, Effect, Notice, Switch
from motcua.switching.steps import SwitchState
from motcua.switching.switch import execute, start_due
from motcua.switching.switch_models import SwitchedCase
from motcua.switching.switch_queries import left_by_switch, switched_runs

RED = f'{{zones.color: {{default: green, places: {{"{WARD}": red}}}}, limits.days: 14}}'


def stopped(switch_id: UUID) -> Switch:
    """Carry it as far as it goes; whatever the reason, nothing may have changed for anybody."""
    assert execute(switch_id, SWITCH_AT) == SwitchState.STOPPED
    row = Switch.objects.get(pk=switch_id)
    assert row.begun_at is None
    assert Directive.objects.get(pk=row.directive_id).begun_at is None
    assert law_at(SWITCH_AT + timedelta(hours=1)).directives()[0].number == "05/CT-UBND"
    assert not Credential.objects.filter(revoked_at__isnull=False).exists()
    assert not CaseEntry.objects.filter(actor__startswith="directive").exists()
    assert not Notice.objects.exists()
    assert LedgerEntry.objects.filter(name="DirectiveSwitchStopped").count() == 1
    return row


def test_too_many_new_cases_stop_it(town: Town) -> None:
    town.file_all()
    switch_id = town.confirmed(parameters=RED)
    for at in range(21):
        town.file(at * 3 % 60, now=NOW + timedelta(minutes=30))

    row = stopped(switch_id)

    assert row.drift["new"] == 21
    assert "21 mới có" in row.why_stopped[0]["vi"]
    assert "Run it again" in row.why_stopped[0]["en"]


def test_facts_that_changed_for_many_stop_it(town: Town) -> None:
    town.file_all()
    switch_id = town.confirmed(parameters=RED)
    town.load(dict.fromkeys(range(60), "lapsed"), now=NOW + timedelta(minutes=30))

    row = stopped(switch_id)

    assert row.drift["unexplained"] == 0
    assert row.drift["facts_changed"] + row.drift["ended"] >= 21


def test_some_drift_is_let_pass_and_told(town: Town) -> None:
    town.file_all()
    switch_id = town.confirmed(parameters=RED)
    town.file(0, now=NOW + timedelta(minutes=30))

    assert execute(switch_id, SWITCH_AT) == SwitchState.DONE

    row = Switch.objects.get(pk=switch_id)
    assert (row.drift["same"], row.drift["new"]) == (40, 1)
    assert row.counts["revoked"] == 21


def test_one_effect_that_nothing_explains_stops_it(town: Town) -> None:
    town.file_all()
    switch_id = town.confirmed(parameters=RED)
    row = Switch.objects.get(pk=switch_id)
    Effect.objects.filter(run_id=row.dry_run_id, line=1).update(after_reason="other")

    row = stopped(switch_id)

    assert row.drift["unexplained"] == 1
    assert "dù dữ liệu không đổi" in row.why_stopped[0]["vi"]


def test_a_dry_run_of_another_text_stops_it(town: Town) -> None:
    town.file_all()
    switch_id = town.confirmed(parameters=RED)
    DryRun.objects.update(content_sha256="0" * 64)

    assert "không phải của bản chỉ thị" in stopped(switch_id).why_stopped[0]["vi"]


def test_a_dry_run_that_was_never_finished_stops_it(town: Town) -> None:
    town.file_all()
    switch_id = town.confirmed(parameters=RED)
    DryRun.objects.update(state="cancelled")

    assert "never finished" in stopped(switch_id).why_stopped[0]["en"]


def test_a_pack_without_an_act_for_it_stops_it_and_is_named(town: Town) -> None:
    town.file(0)
    acts = {name: act for name, act in garden.WORKFLOW["acts"].items() if name != "renew"}  # type: ignore[attr-defined]
    acts["revoke"] = {**acts["revoke"], "by": ["approver"]}
    acts["refuse"] = {**acts["refuse"], "by": ["machine", "approver"]}
    install_revision(
        content=garden.content(
            manifest=MANIFEST,
            facts=FACTS,
            credential=CREDENTIAL,
            decision_model=MODEL,
            workflow={**garden.WORKFLOW, "acts": acts},
        ),
        sha256="c" * 64,
        now=NOW,
    )
    town.file(3)
    switch_id = town.confirmed(parameters=RED)

    (why,) = stopped(switch_id).why_stopped

    assert "garden_key" in why["vi"]
    assert "by: [directive]" in why["en"]


def test_a_directive_taken_back_before_its_moment_is_not_switched(town: Town) -> None:
    town.file_all()
    switch_id = town.confirmed(parameters=RED)
    directive_id = Switch.objects.get(pk=switch_id).directive_id
    unschedule(directive_id=directive_id, account_id=town.chair, now=SWITCH_AT - timedelta(minutes=1))

    assert "taken back" in stopped(switch_id).why_stopped[0]["en"]


def test_a_directive_taken_back_at_the_last_minute_leaves_every_pass_standing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.file_all()
    before = set(Credential.objects.values_list("text", "valid_to"))
    switch_id = town.confirmed(parameters=RED)
    directive_id = Switch.objects.get(pk=switch_id).directive_id
    publish_now = carrying.publish_now

    def meanwhile(now: object) -> None:
        publish_now(now)  # type: ignore[arg-type]
        if Directive.objects.get(pk=directive_id).confirmed_at is not None:
            assert Credential.objects.filter(revoked_at__isnull=False).count() == 40
            unschedule(directive_id=directive_id, account_id=town.chair, now=SWITCH_AT)

    monkeypatch.setattr(switch, "publish_now", meanwhile)

    stopped(switch_id)

    assert set(Credential.objects.values_list("text", "valid_to")) == before
    assert StatusList.objects.latest("pk").revoked == 0


def test_the_share_that_is_let_pass_is_a_setting(town: Town, settings: object) -> None:
    town.file_all()
    settings.MOTCUA_MOST_DRIFT = 0.9  # type: ignore[attr-defined]
    switch_id = town.confirmed(parameters=RED)
    for at in range(21):
        town.file(at * 3 % 60, now=NOW + timedelta(minutes=30))

    assert execute(switch_id, SWITCH_AT) == SwitchState.DONE


def test_what_is_due_is_queued_and_a_stopped_switch_is_not_begun_anew(town: Town) -> None:
    town.file_all()
    switch_id = town.confirmed(parameters=RED)

    assert start_due(now=SWITCH_AT - timedelta(minutes=2)) == 0
    assert start_due(now=SWITCH_AT - timedelta(minutes=1)) == 1
    Switch.objects.filter(pk=switch_id).update(state=SwitchState.STOPPED)
    assert start_due(now=SWITCH_AT + timedelta(minutes=1)) == 0

    assert Switch.objects.count() == 1


def test_few_effects_are_never_too_much_drift() -> None:
    allowed = comparing.ALWAYS_ALLOWED

    assert not comparing.Drift(same=0, facts_changed=0, new=allowed, ended=0, unexplained=0).too_much()
    assert comparing.Drift(same=0, facts_changed=0, new=allowed + 1, ended=0, unexplained=0).too_much()
    assert not comparing.Drift(same=4900, facts_changed=50, new=25, ended=25, unexplained=0).too_much()


def test_counts_are_of_cases_and_not_of_runs(town: Town) -> None:
    town.file_all()
    town.switched(parameters=RED)

    assert Effect.objects.values("run_id").distinct().count() == 2
    assert not Effect.objects.filter(line__lt=F("line")).exists()


def test_a_moment_set_anew_for_the_same_dry_run_is_not_switched_at_the_old_one(town: Town) -> None:
    town.file_all()
    row = Switch.objects.get(pk=town.confirmed(parameters=RED))
    later = SWITCH_AT + timedelta(hours=1)
    asked: dict[str, object] = {"directive_id": row.directive_id, "now": SWITCH_AT - timedelta(seconds=40)}
    unschedule(account_id=town.chair, **asked)  # type: ignore[arg-type]
    schedule(dry_run_id=row.dry_run_id, at=later, account_id=town.chair, **asked)  # type: ignore[arg-type]
    confirm(account_id=town.deputy, **asked)  # type: ignore[arg-type]

    stopped(row.pk)

    assert switched_runs(row.directive_id) == {row.dry_run_id}


def test_nobody_cancels_the_run_of_a_switch(town: Town) -> None:
    row = Switch.objects.get(pk=town.confirmed(parameters=RED))
    run = DryRun.objects.create(directive_id=row.directive_id, asked_at=NOW, moment=NOW, state="running")

    assert not cancel(run_id=run.pk, now=NOW)


def test_cases_that_were_left_are_named_to_who_may_read_them(town: Town) -> None:
    town.file_all()
    row = town.switched(parameters=RED)
    numbers = dict(Effect.objects.filter(run=row.final_run_id).values_list("place_code", "case_number"))
    SwitchedCase.objects.filter(case_number__in=numbers.values()).update(left_because="moved_on")

    def left(place_path: str, role: Role = Role.SPECIALIST) -> list[str]:
        path = Effect.objects.values_list("agency_path", flat=True)[:1].get()
        rights = Rights(town.chair, (Grant(role, path, place_path),))
        return sorted(number for number, _ in left_by_switch(row.pk, rights))

    assert len(numbers) == 2
    assert left("vn.p48") == sorted(numbers.values())
    assert left(f"vn.p48.w{WARD}") == [numbers[WARD]]
    assert left("vn.p48", Role.LEADER) == []


def test_a_case_that_got_another_pass_meanwhile_keeps_it_and_does_not_stop_the_others(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.file_all()
    switch_id = town.confirmed(parameters=RED)
    publish_now, given = switch.publish_now, list[Credential]()

    def meanwhile(now: object) -> None:
        publish_now(now)  # type: ignore[arg-type]
        if not given:
            numbers = SwitchedCase.objects.filter(new_credential__isnull=False).values("case_number")
            renewed = Credential.objects.filter(revoked_at__isnull=False, case_number__in=numbers)[0]
            renewed.pk, renewed.revocation_id = uuid4(), renewed.revocation_id + 1_000_003
            renewed.revoked_at, renewed.revoke_reason = None, ""
            renewed.save(force_insert=True)
            given.append(renewed)

    monkeypatch.setattr(switch, "publish_now", meanwhile)

    assert execute(switch_id, SWITCH_AT) == SwitchState.DONE

    (one,) = given
    assert Credential.objects.get(case_number=one.case_number, revoked_at__isnull=True).pk == one.pk
    assert SwitchedCase.objects.get(left_because="moved_on").case_number == one.case_number
    assert Switch.objects.get(pk=switch_id).counts["left"] == 1
