"""Leaders read what a draft would do, set its time, and a second one confirms; who may not see persons sees counts."""

import csv
import io
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from directing import NOW, OTHER_WARD, WARD, at, directive_text, leader, open_parameters, open_places
from django.test import Client

from motcua.directives.models import Directive, Parameter
from motcua.directives.queries import directive
from motcua.directives.services import install, prepare
from motcua.events.services import create_months
from motcua.identity.models import Account
from motcua.identity.states import Role
from motcua.registers.models import RegisterAccess
from motcua.switching.comparing import Drift, reasons_of
from motcua.switching.models import DryRun, Effect
from motcua.switching.states import Category, RunState, Subject
from motcua.switching.switch_models import Switch

pytestmark = pytest.mark.django_db
FIRST = directive_text(parameters=f'{{zones.color: {{default: green, places: {{"{WARD}": red}}}}}}')
NEXT = directive_text(
    "08/CT-UBND", replaces="[05/CT-UBND]", since="2026-09-18T00:00", parameters="{zones.color: green}"
)
RESULT = {
    "totals": {"extended": 12400, "revoked": 310, "to_person": 95, "kept": 4000, "changed": 3},
    "by_place": {
        WARD: {"extended": 12396, "revoked": 300, "to_person": 90},
        OTHER_WARD: {"extended": 4, "revoked": 10, "to_person": 5, "changed": 3},
    },
    "by_sector": {"retail": {"extended": 12400, "revoked": 310}, "mining": {"kept": 12, "revoked": 0}},
    "by_age": {"18-29": {"extended": 12400, "revoked": 310}},
    "reasons": [
        {"procedure": "travel_pass", "category": "extended", "reason": "ok", "rule": "1", "vi": "Vùng xanh.", "en": "Green zone.", "count": 12400},
        {"procedure": "travel_pass", "category": "changed", "reason": "x", "rule": "2", "vi": "Khác.", "en": "Other.", "count": 3},
    ],
    "desk_load": [{"agency_path": "dn", "place_code": WARD, "count": 90}, {"agency_path": "dn", "place_code": OTHER_WARD, "count": 5}],
    "taken_from_decisions": [],
}  # fmt: skip
Browse = Callable[..., Client]


@pytest.fixture
def clock(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def draft(clock: object) -> int:
    open_places()
    open_parameters(NOW)
    install(text=FIRST, now=NOW, name="05.yaml")
    return prepare(text=NEXT, account_id=leader("lanhdao"), now=NOW)


@pytest.fixture
def browse(draft: int) -> Browse:
    def signed_in(login: str = "lanhdao", role: Role = Role.LEADER, place_path: str = "vn.p48") -> Client:
        found = Account.objects.filter(login=login).first()
        account = found or Account.objects.get(pk=leader(login, role=role, place_path=place_path))
        browser = Client()
        browser.force_login(account)
        return browser

    return signed_in


def done(draft: int) -> DryRun:
    """Keep a finished run of the draft, as the job would leave it."""
    return DryRun.objects.create(
        directive_id=draft,
        asked_by=Account.objects.get(login="lanhdao"),
        asked_at=NOW,
        moment=NOW,
        state=RunState.DONE,
        progress=100,
        result=RESULT,
        digest="d" * 64,
        content_sha256=Directive.objects.get(pk=draft).sha256,
        finished_at=NOW,
    )


def effect(run: DryRun, line: int, ward: str) -> Effect:
    return Effect.objects.create(
        run=run, line=line, subject=Subject.CREDENTIAL, procedure_code="travel_pass", revision_id=1,
        case_number=f"H17-20260901-{line:07}", person_key=bytes([line]) * 32, agency_path="dn",
        place_path=f"vn.p48.w{ward}", place_code=ward, category=Category.REVOKED, before_answer="granted",
        after_answer="refused", facts_digest="",
    )  # fmt: skip


def page_of(client: Client, draft: int, run: DryRun) -> str:
    answer = client.get(f"/operations/directives/{draft}/dry-runs/{run.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_run_is_asked_for_followed_and_stopped(browse: Browse, draft: int) -> None:
    browser = browse()

    asked = browser.post(f"/operations/directives/{draft}/dry-runs/", {"everyone": "yes"})
    address = asked.headers["Location"]
    page = browser.get(address).content.decode()
    live = browser.get(f"{address}live/")
    stopped = browser.post(f"{address}cancel/")

    assert "Đang chờ đến lượt." in page
    assert "<progress" in live.content.decode()
    assert stopped.status_code == 302
    run = DryRun.objects.get()
    assert (run.state, run.everyone) == (RunState.CANCELLED, True)
    assert browser.get(f"{address}live/").headers["HX-Refresh"] == "true"
    assert "đã bị dừng" in browser.get(address).content.decode()


def test_who_has_two_runs_under_way_is_told_to_wait(browse: Browse, draft: int) -> None:
    browser = browse()
    for _ in range(2):
        assert browser.post(f"/operations/directives/{draft}/dry-runs/").status_code == 302

    answer = browser.post(f"/operations/directives/{draft}/dry-runs/")

    assert answer.status_code == 429
    assert "Hãy đợi hoặc dừng một lần chạy" in answer.content.decode()
    assert DryRun.objects.count() == 2


def test_result_begins_with_one_plain_sentence(browse: Browse, draft: int) -> None:
    page = page_of(browse("chuyenvien", Role.SPECIALIST), draft, confirmed(draft))

    assert "12.400 người được thêm, 310 người mất giấy, 3 giấy đổi nội dung, 95 hồ sơ cần cán bộ xem." in page
    for said in ("Vùng xanh.", "Phường Hải Vân", "Theo lĩnh vực", "Theo tuổi", "d" * 64, "changes.csv"):
        assert said in page


def test_sector_where_nobody_changes_is_not_in_the_table(browse: Browse, draft: int) -> None:
    page = page_of(browse(), draft, done(draft))

    table = page.partition('id="sectors"')[2].partition("</section>")[0]
    assert "retail" in table
    assert "mining" not in table
    assert "Những lĩnh vực không có trong bảng" in table


def confirmed(draft: int) -> DryRun:
    """A specialist reads of a directive only once it is confirmed."""
    run = done(draft)
    Directive.objects.filter(pk=draft).update(
        scheduled_by=Account.objects.get(login="lanhdao"), scheduled_at=NOW, switch_at=at(hours=2),
        dry_run_id=run.pk, confirmed_by=leader("hai"), confirmed_at=NOW,
    )  # fmt: skip
    return run


def test_who_may_not_see_persons_sees_counts_of_ten_and_more(browse: Browse, draft: int) -> None:
    page = page_of(browse(), draft, done(draft))

    table = page.partition('id="effects"')[2].partition("</table>")[0]
    assert "12.400 người được thêm" in page
    assert "dưới 10 giấy đổi nội dung" in page
    assert "dưới 10" in table
    for hidden in ("12.396", ">4<", ">90<", ">5<"):
        assert hidden not in table
    assert "changes.csv" not in page
    assert "không xem từng người" in page


def test_list_of_who_changes_stays_within_the_place_and_is_noted(browse: Browse, draft: int) -> None:
    create_months(now=NOW)
    run = confirmed(draft)
    effect(run, 1, WARD)
    effect(run, 2, OTHER_WARD)
    reader = browse("chuyenvien.mot", Role.SPECIALIST, f"vn.p48.w{WARD}")

    answer = reader.get(f"/operations/directives/{draft}/dry-runs/{run.pk}/changes.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))  # type: ignore[arg-type]

    assert [row["case_number"] for row in rows] == ["H17-20260901-0000001"]
    noted = RegisterAccess.objects.get()
    assert (bytes(noted.person_key), noted.case_number) == (b"\x01" * 32, "H17-20260901-0000001")
    assert browse().get(f"/operations/directives/{draft}/dry-runs/{run.pk}/changes.csv").status_code == 404


def test_time_is_set_on_the_ground_of_a_run_and_a_second_person_confirms(browse: Browse, draft: int) -> None:
    run = done(draft)
    author, second = browse(), browse("lanhdao.hai")
    schedule, confirm = (f"/operations/directives/{draft}/{step}/" for step in ("schedule", "confirm"))

    assert "12.400 người được thêm" in author.get(schedule).content.decode()
    assert author.post(schedule, {"at": "20/9/2026 12:00"}).status_code == 302
    found = directive(draft, NOW)
    assert (found.switch_at, found.dry_run_id) == (at(hours=2), run.pk)
    page = second.get(confirm).content.decode()
    assert "Điều sẽ xảy ra" in page
    assert run.digest in page
    assert author.post(confirm, {"digest": run.digest, "read": "yes"}).status_code == 409
    assert second.post(confirm, {"digest": run.digest}).status_code == 422
    assert second.post(confirm, {"digest": "e" * 64, "read": "yes"}).status_code == 409
    assert directive(draft, NOW).confirmed_at is None
    assert second.post(confirm, {"digest": run.digest, "read": "yes"}).status_code == 302
    assert directive(draft, NOW).confirmed_at == NOW


def test_what_can_no_longer_be_set_is_told_to_who_confirms(browse: Browse, draft: int) -> None:
    run = done(draft)
    author, second = browse(), browse("lanhdao.hai")
    author.post(f"/operations/directives/{draft}/schedule/", {"at": "20/9/2026 12:00"})
    Parameter.objects.all().delete()

    answer = second.post(f"/operations/directives/{draft}/confirm/", {"digest": run.digest, "read": "yes"})

    assert answer.status_code == 409
    assert "không có tham số zones.color" in answer.content.decode()


def test_run_that_a_switch_was_made_of_serves_no_other(browse: Browse, draft: int) -> None:
    Switch.objects.create(
        directive_id=draft, dry_run=done(draft), state="stopped", due_at=NOW, finished_at=NOW
    )

    answer = browse().post(f"/operations/directives/{draft}/schedule/", {"at": "20/9/2026 12:00"})

    assert answer.status_code == 409
    assert directive(draft, NOW).switch_at is None


def test_page_of_a_run_that_was_used_names_its_switch_and_offers_no_time(browse: Browse, draft: int) -> None:
    run = done(draft)
    address = f"/operations/directives/{draft}/"
    offered = f"{address}schedule/"
    assert offered in page_of(browse(), draft, run)
    assert offered in browse().get(address).content.decode()

    Switch.objects.create(directive_id=draft, dry_run=run, state="stopped", due_at=NOW, finished_at=NOW)

    page, card = page_of(browse(), draft, run), browse().get(address).content.decode()
    assert "Lần chạy thử này đã dùng cho" in page
    assert "Đã dừng, chưa đổi gì" in page
    assert f"{address}switch/" in page
    assert "đã dùng cho một lần chuyển" in card
    for said in (page, card):
        assert offered not in said
        assert f"{address}dry-runs/" in said


@pytest.mark.parametrize("typed", ["", "hôm qua", "19/9/2026 12:00", "17/9/2026 06:00"])
def test_time_that_cannot_be_is_told_and_not_set(browse: Browse, draft: int, typed: str) -> None:
    done(draft)

    answer = browse().post(f"/operations/directives/{draft}/schedule/", {"at": typed})

    assert answer.status_code == 422
    assert "govuk-error-summary" in answer.content.decode()
    assert directive(draft, NOW).switch_at is None


def test_time_is_not_set_without_a_run_of_this_text(browse: Browse, draft: int) -> None:
    run = done(draft)
    DryRun.objects.filter(pk=run.pk).update(content_sha256="0" * 64)

    answer = browse().post(f"/operations/directives/{draft}/schedule/", {"at": "20/9/2026 12:00"})

    assert answer.status_code == 409
    assert directive(draft, NOW).switch_at is None


def test_time_is_taken_back(browse: Browse, draft: int) -> None:
    done(draft)
    browser = browse()
    browser.post(f"/operations/directives/{draft}/schedule/", {"at": "20/9/2026 12:00"})

    assert browser.post(f"/operations/directives/{draft}/unschedule/").status_code == 302
    assert directive(draft, NOW).switch_at is None


def test_stopped_switch_says_why_and_only_who_may_see_persons_reads_small_counts(
    browse: Browse, draft: int
) -> None:
    drift = Drift(same=300, facts_changed=3, new=21, ended=2, unexplained=4)
    why = [each.to_json() for each in reasons_of(drift)]
    row = stopped(draft, why)
    address = f"/operations/directives/{draft}/switch/"

    leader_reads = browse().get(address).content.decode()
    officer_reads = browse("chuyenvien", Role.SPECIALIST).get(address).content.decode()

    assert "Luật không đổi" in leader_reads
    assert "Dưới 10 hồ sơ có kết quả khác" in leader_reads
    assert "Khoảng 30 trường hợp đã khác" in leader_reads
    assert "dưới 10 do dữ liệu đổi, khoảng 20 mới có, dưới 10 không còn" in leader_reads
    assert "30 trường hợp (9.1%) đã khác" in officer_reads
    assert "3 do dữ liệu đổi, 21 mới có, 2 không còn" in officer_reads
    # What an earlier version kept has its counts in the sentence.
    Switch.objects.filter(pk=row.pk).update(
        why_stopped=[{"vi": "3 hồ sơ có kết quả khác.", "en": "3 differ."}]
    )
    assert "3 hồ sơ" not in browse().get(address).content.decode()


def stopped(draft: int, why: list[dict[str, str]]) -> Switch:
    run = confirmed(draft)
    return Switch.objects.create(
        directive_id=draft, dry_run=run, state="stopped", due_at=NOW, why_stopped=why, finished_at=NOW
    )


def switched(draft: int, **counts: int) -> None:
    """Keep a switch as it ends."""
    run = confirmed(draft)
    Directive.objects.filter(pk=draft).update(begun_at=NOW, switch_at=NOW - timedelta(seconds=1))
    Switch.objects.create(
        directive_id=draft,
        dry_run=run,
        state="done",
        due_at=NOW,
        begun_at=NOW,
        counts=counts,
        finished_at=NOW,
    )


def table_of(client: Client, draft: int) -> str:
    """Return the page of the switch without the address of its styles, which is digits too."""
    return client.get(f"/operations/directives/{draft}/switch/").content.decode().partition("<main")[2]


def test_done_switch_shows_real_counts_beside_those_tried(browse: Browse, draft: int) -> None:
    switched(draft, extended=12398, revoked=310, to_person=95, changed=3, left=12, told=12704)

    page = table_of(browse("chuyenvien", Role.SPECIALIST), draft)

    for said in ("12.400", "12.398", ">3<", ">12<", "12.704 người"):
        assert said in page
    assert "khoảng" not in page


def test_difference_between_tried_and_done_tells_no_count_below_ten(browse: Browse, draft: int) -> None:
    switched(draft, extended=12398, revoked=304, to_person=97, changed=12, left=12, told=12704)

    page = table_of(browse(), draft)

    for said in ("12.400", "khoảng 12.400", "khoảng 300", "khoảng 10", "khoảng 12.700 người", "dưới 10"):
        assert said in page
    # Fewer than ten were tried, so that what was done is not told either: the two differ by few.
    for hidden in ("12.398", "304", ">97<", ">12<", "12.704"):
        assert hidden not in page
    assert "Hoàn tác được đến hết" in page
    undo = browse().get(f"/operations/directives/{draft}/undo/").content.decode()
    assert "Giấy cũ có giá trị lại" in undo


def test_run_of_another_directive_is_not_there(browse: Browse, draft: int) -> None:
    run = done(draft)

    assert browse().get(f"/operations/directives/{draft + 99}/dry-runs/{run.pk}/").status_code == 404
    assert browse().get(f"/operations/directives/{draft}/dry-runs/{uuid.uuid4()}/").status_code == 404
