"""A confirmed directive is carried out on everything outstanding."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from directing import OTHER_WARD, WARD
from pytest_django import Settings
from town import NOW, SWITCH_AT, Town, number_of

from motcua.cases.models import Case, CaseEntry
from motcua.cases.queries import case_of_person
from motcua.cases.services import Filed
from motcua.credentials.models import Credential, StatusList
from motcua.credentials.queries import (
    check_text,
    pass_of_case,
    published_status_list,
    standing_credential,
    trusted_keys,
)
from motcua.credentials.states import Answer
from motcua.directives.law import law_at
from motcua.events.models import LedgerEntry
from motcua.events.queries import verify_ledger
from motcua.identity.numbers import PersonNumber
from motcua.registers.models import RegisterAccess
from motcua.seals.status import open_status
from motcua.switching import switch as switch_module
from motcua.switching.models import DryRun, Notice, Switch, SwitchPart
from motcua.switching.notices import mark_read, notices_of
from motcua.switching.parts import Clock
from motcua.switching.steps import SwitchState
from motcua.switching.switch import execute

# Of the people, the first of three has paid, the second has not, and of the third it is not known.
PAID, LAPSED, UNKNOWN = 0, 1, 2
LATER = SWITCH_AT + timedelta(minutes=5)


def only(zone: str, days: int = 7) -> str:
    return f'{{zones.color: {{default: green, places: {{"{WARD}": {zone}}}}}, limits.days: {days}}}'


def test_what_falls_is_revoked_with_the_reason_of_the_rule(town: Town) -> None:
    filed = town.file(PAID)

    town.switched(parameters=only("red"))

    case = Case.objects.get(number=filed.number)
    assert (case.state, case.answer, case.reason_code) == ("revoked", "no", "red")
    assert standing_credential(filed.number) is None
    page = case_of_person(filed.number, case.applicant_id)
    assert page.entries[-1].actor == "directive:08/CT-UBND"
    assert page.entries[-1].reason == "Theo Chỉ thị 08/CT-UBND. Phường đang là vùng đỏ."
    assert page.decision is not None
    assert page.decision.rule == "red"
    assert page.decision.explanation != {}
    assert {fact.name: fact.value for fact in page.decision.facts}["color"] == "red"


def test_the_old_pass_is_refused_and_the_new_one_valid_once_scanners_have_the_list(town: Town) -> None:
    filed = town.file(PAID, OTHER_WARD)
    old = pass_of_case(filed.number)

    town.switched(parameters=only("red", days=14))

    new = standing_credential(filed.number)
    assert old is not None
    assert new is not None
    assert new.id != old.id
    status = open_status(published_status_list().content, trusted_keys())
    ids = dict(Credential.objects.values_list("pk", "revocation_id"))
    assert (status.answer(ids[old.id]), status.answer(ids[new.id])) == ("revoked", "not revoked")
    assert check_text(old.text, LATER).answer == Answer.NOT_VALID
    assert check_text(new.text, LATER).answer == Answer.VALID


def test_a_renewed_pass_says_what_the_law_now_gives_and_keeps_the_rest(town: Town) -> None:
    filed = town.file(PAID)
    old = pass_of_case(filed.number)

    town.switched(parameters=only("yellow", days=3))

    new = standing_credential(filed.number)
    assert old is not None
    assert new is not None
    assert new.claims == {"n": "Người thứ 0", "z": "yellow"}
    assert new.valid_to == old.valid_to - timedelta(days=4)
    assert Case.objects.get(number=filed.number).state == "granted"
    entry = CaseEntry.objects.filter(case_number=filed.number).last()
    assert entry is not None
    assert (entry.act, "có giá trị đến 23:59 ngày 23/11/2026" in entry.reason) == ("renew", True)


def test_what_a_person_has_to_decide_goes_to_the_desk_and_the_pass_stands(town: Town) -> None:
    filed = town.file(UNKNOWN)
    before = standing_credential(filed.number)

    town.switched(parameters=only("yellow"))

    case = Case.objects.get(number=filed.number)
    assert (case.state, case.answer, case.reason_code) == ("desk", "ask", "unknown")
    assert case.due_at > SWITCH_AT
    assert standing_credential(filed.number) == before
    assert StatusList.objects.latest("issued_at").revoked == 0


def test_what_waits_on_a_desk_is_granted_or_refused_where_the_law_now_tells(town: Town) -> None:
    town.decree("06/CT-UBND", only("yellow"), at=NOW - timedelta(hours=1), replaces="[05/CT-UBND]")
    waiting = town.file(UNKNOWN)
    assert Case.objects.get(number=waiting.number).state == "desk"

    switch = town.switched(parameters=only("green", 14), more="[05/CT-UBND, 06/CT-UBND]")

    case = Case.objects.get(number=waiting.number)
    assert (switch.counts["granted"], case.state, case.reason_code) == (1, "granted", "anyone")
    new = standing_credential(waiting.number)
    assert new is not None
    assert new.claims == {"n": f"Người thứ {UNKNOWN}", "z": "green"}
    assert check_text(new.text, LATER).answer == Answer.VALID


def test_the_status_list_is_published_before_the_directive_is_law(town: Town) -> None:
    filed = town.file(PAID)

    switch = town.switched(parameters=only("red"))

    assert switch.begun_at is not None
    revoked = Credential.objects.get(case_number=filed.number).revoked_at
    first = StatusList.objects.filter(revoked=1).earliest("issued_at")
    assert revoked is not None
    assert revoked <= first.issued_at <= switch.begun_at
    color = law_at(LATER).value("zones.color", WARD)
    assert color is not None
    assert color.value == "red"


def test_each_person_is_told_once_of_all_their_cases_and_reads_it_in_plain_words(town: Town) -> None:
    town.file(PAID, WARD)
    filed = town.file(PAID, OTHER_WARD)
    person_id = Case.objects.get(number=filed.number).applicant_id

    switch = town.switched(parameters=only("red", days=14))

    (notice,) = notices_of(person_id)
    assert (switch.counts["told"], len(notice.case_numbers), notice.unread) == (1, 2, True)
    # What weighs most is said.
    assert notice.text.vi.startswith("Giấy của bạn không còn giá trị")
    assert notice.title.vi == "Chỉ thị 08/CT-UBND: Chỉ thị thử"
    assert mark_read(person_id=person_id, ids=[notice.id], now=LATER) == 1
    assert mark_read(person_id=person_id + 1, ids=[notice.id], now=LATER) == 0
    assert not notices_of(person_id)[0].unread


def test_the_ledger_names_the_dry_run_with_its_digits_and_the_same_counts(town: Town) -> None:
    town.file_all()

    switch = town.switched()

    confirmed = DryRun.objects.get(pk=switch.dry_run_id)
    body = LedgerEntry.objects.get(name="DirectiveSwitched").body
    assert (body["dry_run"], body["dry_run_digest"]) == (str(confirmed.pk), confirmed.digest)
    assert switch.final_run is not None
    assert body["final_run_digest"] == switch.final_run.digest
    assert (body["revoked"], body["extended"], body["left"], body["told"]) == (20, 20, 0, 40)
    assert switch.drift == {"same": 40, "facts_changed": 0, "new": 0, "ended": 0, "unexplained": 0}
    assert verify_ledger() is None


def test_a_switch_is_carried_out_once(town: Town) -> None:
    town.file_all()
    switch = town.switched()
    entries, passes = CaseEntry.objects.count(), Credential.objects.count()

    assert execute(switch.pk, LATER) == SwitchState.DONE

    assert (CaseEntry.objects.count(), Credential.objects.count()) == (entries, passes)
    assert Notice.objects.count() == 40
    assert Switch.objects.get().finished_at == switch.finished_at


def test_nothing_happens_before_the_moment(town: Town) -> None:
    filed = town.file(PAID)
    switch_id = town.confirmed(parameters=only("red"))

    assert execute(switch_id, SWITCH_AT - timedelta(seconds=30)) == SwitchState.SCHEDULED

    assert standing_credential(filed.number) is not None
    assert not SwitchPart.objects.exists()


def test_the_person_can_see_that_their_data_was_looked_up_for_it(town: Town) -> None:
    filed = town.file(PAID)
    mine = RegisterAccess.objects.filter(case_number=filed.number)
    before = mine.count()

    town.switched(parameters=only("red"))

    assert mine.count() > before
    assert bytes(mine.latest("asked_at").person_key) == PersonNumber.parse(number_of(PAID)).key()


def test_what_the_old_law_gave_while_the_switch_was_on_its_way_is_looked_at_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.file(PAID)
    switch_id = town.confirmed(parameters=only("red"))
    publish_now, filed = switch_module.publish_now, list[Filed]()

    def meanwhile(now: datetime) -> None:
        if not filed:
            filed.extend((town.file(PAID + 3, now=now), town.file(PAID + 6, OTHER_WARD, now=now)))
        publish_now(now)

    monkeypatch.setattr(switch_module, "publish_now", meanwhile)

    assert execute(switch_id, SWITCH_AT) == SwitchState.DONE

    late, kept = filed
    assert (late.state, Case.objects.get(number=late.number).state) == ("granted", "revoked")
    assert standing_credential(late.number) is None
    assert standing_credential(kept.number) is not None
    counts = Switch.objects.get().counts
    assert (counts["revoked"], counts["told"], counts["left"]) == (2, 2, 0)
    assert StatusList.objects.latest("pk").revoked == 2
    assert verify_ledger() is None


def test_what_the_new_law_gave_in_the_same_seconds_is_left_alone(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.file(PAID)
    switch_id = town.confirmed(parameters=only("yellow", days=9))
    whole, filed = switch_module.look_again, list[Filed]()

    def meanwhile(row: Switch, clock: Clock) -> bool:
        assert row.begun_at is not None
        filed.append(town.file(PAID + 3, now=row.begun_at))
        return whole(row, clock)

    monkeypatch.setattr(switch_module, "look_again", meanwhile)

    execute(switch_id, SWITCH_AT)

    (new,) = filed
    assert Credential.objects.filter(case_number=new.number).count() == 1
    assert Switch.objects.get().counts["told"] == 1


def test_the_files_that_scanners_fetch_name_what_was_revoked(town: Town, settings: Settings) -> None:
    filed = town.file(PAID)
    old = pass_of_case(filed.number)

    town.switched(parameters=only("red"))

    folder = Path(settings.PUBLISHED_DIR)
    pointer = json.loads((folder / "newest.json").read_text())
    status = open_status((folder / pointer["status_list"]["file"]).read_bytes(), trusted_keys())
    assert old is not None
    assert status.answer(Credential.objects.get(pk=old.id).revocation_id) == "revoked"
