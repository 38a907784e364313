"""A switch whose worker dies anywhere is taken up again and ends as if nothing had happened; so does its undoing."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from switch_digest import digest_of
from town import SWITCH_AT, Town

from motcua.cases.models import Case
from motcua.cases.services import withdraw_case
from motcua.credentials.models import Credential, CredentialKey, StatusList
from motcua.credentials.queries import check_text, standing_credential
from motcua.credentials.states import Answer
from motcua.events.models import LedgerEntry
from motcua.events.queries import verify_ledger
from motcua.switching import applying, carrying, parts, switch, undo
from motcua.switching.models import Notice, Switch, SwitchedCase, SwitchPart
from motcua.switching.steps import SwitchState
from motcua.switching.switch import execute

LATER = SWITCH_AT + timedelta(minutes=5)


class Killed(BaseException):
    """Stands for SIGKILL: nothing of ours handles it."""


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "CASES_A_PART", 7)
    monkeypatch.setattr(carrying, "helped", _nobody)


class _nobody:  # noqa: N801 - stands where a function of that kind stands
    def __init__(self, *_: object) -> None: ...

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


# Every place between two commits, and places in the middle of a transaction.
POINTS = (
    (switch, "work_out"),
    (switch, "drift_between"),
    (switch, "prepare_cases"),
    (carrying, "do_parts"),
    (applying, "revoke_together"),
    (switch, "publish_now"),
    (switch, "begin"),
    (applying, "rows_of_part"),
    (applying, "turn_together"),
    (applying, "store_together"),
    (applying, "_keep_left"),
    (parts, "publish"),
    (switch, "tell_everyone"),
    (switch, "publish"),
)


def dying_at(monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> Iterator[None]:
    """Die before the first, second, third ... call of a function, and then after it, until it is called no more."""
    whole: Callable[..., object] = getattr(module, name)
    for after in (False, True):
        for deadly in range(40):
            calls = 0

            def dies(*args: object, deadly: int = deadly, after: bool = after, **kwargs: object) -> object:
                nonlocal calls
                calls += 1
                if calls - 1 == deadly and not after:
                    raise Killed
                value = whole(*args, **kwargs)
                if calls - 1 == deadly:
                    raise Killed
                return value

            monkeypatch.setattr(module, name, dies)
            yield
            monkeypatch.setattr(module, name, whole)


@pytest.mark.parametrize(("module", "name"), POINTS, ids=lambda each: getattr(each, "__name__", each))
def test_it_ends_the_same_wherever_the_worker_dies(
    town: Town, monkeypatch: pytest.MonkeyPatch, module: object, name: str
) -> None:
    town.file_all()
    switch_id = town.confirmed()
    deaths = 0

    for _ in dying_at(monkeypatch, module, name):
        try:
            execute(switch_id, SWITCH_AT)
            break
        except Killed:
            deaths += 1

    assert deaths > 0
    assert execute(switch_id, LATER) == SwitchState.DONE
    assert_all_well(switch_id)


def test_a_clock_that_lags_behind_leaves_no_revoked_pass_out_of_the_list(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.file_all()
    switch_id = town.confirmed()
    publish_now = switch.publish_now

    def dies(_now: object) -> None:
        raise Killed

    monkeypatch.setattr(switch, "publish_now", dies)
    with pytest.raises(Killed):
        execute(switch_id, LATER)
    monkeypatch.setattr(switch, "publish_now", publish_now)

    assert execute(switch_id, SWITCH_AT) == SwitchState.DONE

    revoked = Credential.objects.filter(revoked_at__isnull=False)
    assert StatusList.objects.latest("pk").revoked == revoked.count() == 40
    begun_at = Switch.objects.get(pk=switch_id).begun_at
    assert begun_at is not None
    assert not revoked.filter(revoked_at__gt=begun_at).exists()


def assert_all_well(switch_id: UUID) -> None:
    """Hold the end state to what the dry run of sixty people says."""
    row = Switch.objects.get(pk=switch_id)
    assert (row.counts["revoked"], row.counts["extended"], row.counts["told"], row.counts["left"]) == (
        20,
        20,
        40,
        0,
    )
    assert Credential.objects.standing().count() == 20
    assert Credential.objects.count() == 60
    assert Notice.objects.count() == 40
    assert not SwitchPart.objects.filter(done_at__isnull=True).exists()
    assert LedgerEntry.objects.filter(name="DirectiveSwitched").count() == 1
    assert LedgerEntry.objects.filter(name="SwitchPartDone").count() == 2 * row.parts
    assert verify_ledger() is None


def test_undone_the_town_has_the_digits_that_it_had(town: Town) -> None:
    town.file_all()
    before, told = digest_of(without_history=True), digest_of()

    switch_id = town.confirmed()
    execute(switch_id, SWITCH_AT)
    done = digest_of(without_history=True)
    undo.undo(switch_id=switch_id, account_id=town.chair, now=LATER)
    execute(switch_id, LATER)

    assert done != before
    assert digest_of(without_history=True) == before
    assert digest_of() != told


def test_a_case_that_somebody_moved_meanwhile_is_left_and_listed(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = town.file_all()
    switch_id = town.confirmed()
    whole = switch.complete

    def meanwhile(row: Switch, stage: object, do: object, clock: object) -> None:
        if stage == "apply":
            Case.objects.filter(number=filed[0].number).update(state="withdrawn", phase="closed")
        whole(row, stage, do, clock)  # type: ignore[arg-type]

    monkeypatch.setattr(switch, "complete", meanwhile)

    execute(switch_id, SWITCH_AT)

    row = Switch.objects.get(pk=switch_id)
    assert (row.counts["left"], row.counts["revoked"], row.counts["told"]) == (1, 19, 39)
    assert SwitchedCase.objects.get(case_number=filed[0].number).left_because == "moved_on"
    assert Case.objects.get(number=filed[0].number).state == "withdrawn"


def test_a_case_whose_facts_change_meanwhile_goes_to_a_person_with_its_pass(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = town.file_all()
    switch_id = town.confirmed(parameters="{zones.color: yellow, limits.days: 14}")
    whole, before = switch.complete, standing_credential(filed[0].number)

    def meanwhile(row: Switch, stage: object, do: object, clock: object) -> None:
        if stage == "apply":
            town.load(
                {at: ("paid", "lapsed", "")[at % 3] for at in range(1, 60)} | {0: "lapsed"}, now=SWITCH_AT
            )
        whole(row, stage, do, clock)  # type: ignore[arg-type]

    monkeypatch.setattr(switch, "complete", meanwhile)

    execute(switch_id, SWITCH_AT)

    case = Case.objects.get(number=filed[0].number)
    assert before is not None
    assert (case.state, SwitchedCase.objects.get(case_number=case.number).left_because) == (
        "desk",
        "facts_changed",
    )
    restored = standing_credential(case.number)
    assert restored is not None
    assert restored.text == before.text
    assert check_text(before.text, LATER).answer == Answer.VALID
    assert StatusList.objects.latest("pk").revoked == 19


def test_a_pass_that_cannot_be_signed_sends_its_case_to_a_person(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = town.file_all()
    switch_id = town.confirmed()
    last = filed[-3]
    seal = applying.seal_together

    def some(drafts: object, *, now: object) -> list[object]:
        made = seal(drafts, now=now)  # type: ignore[arg-type]
        return [
            ValueError("too long") if draft.case_number == last.number else each
            for draft, each in zip(drafts, made, strict=True)  # type: ignore[call-overload]
        ]

    monkeypatch.setattr(applying, "seal_together", some)

    execute(switch_id, SWITCH_AT)

    case = Case.objects.get(number=last.number)
    assert (case.state, SwitchedCase.objects.get(case_number=case.number).left_because) == (
        "desk",
        "not_signed",
    )
    assert standing_credential(case.number) is not None
    assert CredentialKey.objects.count() == 2


def test_who_withdraws_while_under_review_loses_the_pass_that_stood(town: Town) -> None:
    filed = town.file(2)
    town.switched(parameters="{zones.color: yellow, limits.days: 7}")
    case = Case.objects.get(number=filed.number)
    assert case.state == "desk"

    withdraw_case(number=filed.number, applicant_id=case.applicant_id, now=LATER)

    assert standing_credential(filed.number) is None
