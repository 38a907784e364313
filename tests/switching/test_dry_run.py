"""A dry run is asked for, worked out in a job, stopped on request, and never leaves half of itself behind."""

import uuid
from datetime import timedelta

import pytest
from directing import OTHER_WARD, WARD
from procrastinate.contrib.django.models import ProcrastinateJob
from town import NOW, SWITCH_AT, Town

from motcua.credentials.models import Credential
from motcua.directives.models import Directive
from motcua.registers.models import Register
from motcua.switching import trying
from motcua.switching.dryrun import (
    JOB,
    MOST_UNDER_WAY,
    NotADraft,
    RunStopped,
    RunsUnderWay,
    cancel,
    compute,
    run,
    start,
)
from motcua.switching.models import DryRun, Effect
from motcua.switching.states import RunState

RED = f'{{zones.color: {{default: green, places: {{"{WARD}": red}}}}, limits.days: 14}}'


def drafted(town: Town, parameters: str = RED) -> int:
    return town.draft("08/CT-UBND", parameters, at=SWITCH_AT)


def asked(town: Town) -> uuid.UUID:
    return start(directive_id=drafted(town), account_id=town.chair, now=NOW)


def test_asking_queues_one_job_for_the_moment_of_the_draft(town: Town) -> None:
    run_id = asked(town)

    found = DryRun.objects.get(pk=run_id)
    jobs = ProcrastinateJob.objects.filter(task_name=JOB)
    assert [job.args for job in jobs] == [{"run_id": str(run_id)}]
    assert (found.state, found.moment, found.progress, found.digest) == (RunState.QUEUED, SWITCH_AT, 0, "")


def test_what_is_law_already_is_not_tried_out(town: Town) -> None:
    directive = Directive.objects.get(begun_at__isnull=False)

    with pytest.raises(NotADraft):
        start(directive_id=directive.pk, account_id=town.chair, now=NOW)

    assert not DryRun.objects.exists()


def test_one_leader_has_few_runs_under_way_at_once(town: Town) -> None:
    directive_id = drafted(town)
    first, *_ = [
        start(directive_id=directive_id, account_id=town.chair, now=NOW) for _ in range(MOST_UNDER_WAY)
    ]

    with pytest.raises(RunsUnderWay):
        start(directive_id=directive_id, account_id=town.chair, now=NOW)

    assert DryRun.objects.count() == MOST_UNDER_WAY
    start(directive_id=directive_id, account_id=town.deputy, now=NOW)
    cancel(run_id=first, now=NOW)
    start(directive_id=directive_id, account_id=town.chair, now=NOW)


def test_passes_fall_where_it_turns_red_and_last_longer_elsewhere(town: Town) -> None:
    filed = town.file_all()
    paid = {one.number for one in filed if one.answer == "yes"}

    run_id = town.try_out(drafted(town))

    found = DryRun.objects.get(pk=run_id)
    effects = Effect.objects.of_run(run_id)
    assert {one.case_number for one in effects if one.subject == "credential"} == paid
    assert {(one.place_code, one.category) for one in effects if one.subject == "credential"} == {
        (WARD, "revoked"),
        (OTHER_WARD, "extended"),
    }
    assert sum(found.result["totals"].values()) == found.result["subjects"]["credential"] + len(
        [one for one in filed if one.answer == "ask"]
    )
    assert [one.line for one in effects] == list(range(1, len(effects) + 1))


def test_a_draft_that_says_the_same_changes_nothing(town: Town) -> None:
    town.file_all()

    run_id = town.try_out(drafted(town, "{zones.color: green, limits.days: 7}"))

    assert not Effect.objects.of_run(run_id).exists()
    assert set(DryRun.objects.get(pk=run_id).result["totals"]) <= {"kept", "still_open"}


def test_what_the_registers_say_by_now_is_no_effect_of_the_draft(town: Town) -> None:
    town.file_all()
    town.load(dict.fromkeys(range(town.people), "lapsed"), now=NOW)

    run_id = town.try_out(drafted(town))

    assert set(Effect.objects.of_run(run_id).values_list("category", flat=True)) <= {"revoked"}
    assert not Effect.objects.of_run(run_id).filter(place_code=OTHER_WARD).exists()


def test_a_pass_that_ends_before_the_moment_is_left_alone(town: Town) -> None:
    filed = town.file(0)
    Credential.objects.update(valid_to=SWITCH_AT - timedelta(seconds=1))

    run_id = town.try_out(drafted(town))

    assert not Effect.objects.of_run(run_id).filter(case_number=filed.number).exists()
    assert DryRun.objects.get(pk=run_id).result["totals"] == {}


def test_a_run_that_was_stopped_before_it_began_does_nothing(town: Town) -> None:
    town.file_all()
    run_id = asked(town)

    assert cancel(run_id=run_id, now=NOW)

    assert run(run_id=run_id, now=NOW) == RunState.CANCELLED
    assert not Effect.objects.of_run(run_id).exists()


def test_a_run_that_is_stopped_on_its_way_keeps_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.file_all()
    run_id = asked(town)
    counted = trying.count

    def count_and_stop(*args: object, **more: object) -> None:
        counted(*args, **more)  # type: ignore[arg-type]
        cancel(run_id=run_id, now=NOW)

    monkeypatch.setattr(trying, "count", count_and_stop)

    assert run(run_id=run_id, now=NOW) == RunState.CANCELLED

    found = DryRun.objects.get(pk=run_id)
    assert (found.state, found.digest, found.result) == (RunState.CANCELLED, "", {})
    assert not Effect.objects.of_run(run_id).exists()


def test_a_run_that_has_ended_cannot_be_stopped_or_run_again(town: Town) -> None:
    run_id = town.try_out(drafted(town))
    before = DryRun.objects.get(pk=run_id)

    assert not cancel(run_id=run_id, now=NOW)
    assert run(run_id=run_id, now=NOW + timedelta(days=1)) == RunState.DONE

    after = DryRun.objects.get(pk=run_id)
    assert (after.digest, after.finished_at) == (before.digest, before.finished_at)


def test_a_run_taken_up_again_after_a_crash_says_the_same_once(town: Town) -> None:
    town.file_all()
    directive_id = drafted(town)
    undisturbed = town.try_out(directive_id)
    run_id = start(directive_id=directive_id, account_id=town.chair, now=NOW)
    DryRun.objects.filter(pk=run_id).update(state=RunState.RUNNING, progress=60)
    compute(run_id=run_id, now=NOW)

    run(run_id=run_id, now=NOW)

    runs = DryRun.objects.filter(pk__in=(undisturbed, run_id))
    assert len(set(runs.values_list("digest", flat=True))) == 1
    assert Effect.objects.of_run(run_id).count() == Effect.objects.of_run(undisturbed).count()


def test_steps_are_told_in_order_and_may_stop_the_work(town: Town) -> None:
    town.file_all()
    run_id = asked(town)
    told: list[tuple[str, int]] = []

    def tell(step: str, percent: int) -> None:
        told.append((step, percent))
        if step == "comparing":
            raise RunStopped(step)

    with pytest.raises(RunStopped):
        compute(run_id=run_id, now=NOW, tell=tell)

    assert [step for step, _ in told] == ["asking", "deciding", "writing", "comparing"]
    assert [percent for _, percent in told] == sorted(percent for _, percent in told)
    assert not Effect.objects.of_run(run_id).exists()


def test_a_run_that_cannot_be_worked_out_says_why_without_a_row(town: Town) -> None:
    town.file_all()
    run_id = asked(town)
    Register.objects.filter(name="members").delete()

    assert run(run_id=run_id, now=NOW) == RunState.FAILED

    found = DryRun.objects.get(pk=run_id)
    assert found.fault.startswith("RegisterNotDeclared: There is no register members")
    assert not Effect.objects.of_run(run_id).exists()
