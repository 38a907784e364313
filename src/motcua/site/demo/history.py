"""What happened in the demo city during the last days, so that no page is empty on the first visit.

Everything goes through the same services as a visitor's own clicks, with the moment passed in.
"""

import heapq
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from django.db import transaction
from django.utils import timezone

from motcua.cases.services import Filed, act_on_case, file_case, object_to_decision
from motcua.cases.states import Channel
from motcua.credentials.queries import pass_of_case
from motcua.credentials.services import ScanSeen, ScanUpload, record_scans
from motcua.credentials.states import Answer
from motcua.identity.people import PersonView, person_of
from motcua.identity.queries import account_of
from motcua.identity.rights import rights_of
from motcua.procedures.queries import procedure_in_force
from motcua.ratings.services import rate_case
from motcua.ratings.states import Reason
from motcua.site.demo.accounts import citizen_account
from motcua.site.demo.offices import TEAMS

SUBMISSIONS = 400
DAYS = 8
# A check every so many passes, as patrols do; and a pass shown twice within minutes, once.
_SCAN_SHARE, _DOUBLE_USES = 0.3, 2
_OBJECTIONS = (
    "Tôi vẫn đang làm việc tại đây, có hợp đồng lao động kèm theo. Đề nghị xem lại.",
    "Dữ liệu chưa cập nhật, công ty đã hoạt động lại từ tuần trước.",
    "Tôi đã khai báo tạm trú với công an phường ngày hôm qua, đề nghị kiểm tra lại.",
)
_GRANTS = (
    "Đã xác minh với nơi làm việc qua điện thoại; hợp đồng còn hiệu lực.",
    "Đã đối chiếu với công an phường: người này đang tạm trú tại địa chỉ đã khai.",
)
_REFUSALS = (
    "Nơi làm việc xác nhận người này đã nghỉ từ tháng trước.",
    "Chưa có giấy tờ chứng minh nơi làm việc; vui lòng bổ sung hợp đồng rồi gửi lại.",
)
# These samples have asked before, so that their pages show a pass, a refusal and a case that waits.
_SAMPLES_WITH_A_PAST = (
    ("nhan-vien-sieu-thi", timedelta(days=6, hours=3)),
    ("o-vung-do", timedelta(days=1, hours=5)),
    ("bao-hiem-bo-trong", timedelta(hours=2)),
)
# How many say what they think, and which of the five steps, best first, by the answer they got.
_RATED_SHARE = 0.6
_STEPS = {"grant": (45, 40, 10, 4, 1), "refuse": (5, 15, 30, 30, 20)}
_SAID = "Nhanh, không phải đi lại."
_REVOCATIONS = ("Nơi làm việc báo đã cho nghỉ việc từ hôm nay.", "Giấy được dùng sai phạm vi ghi trên giấy.")


@dataclass(order=True, slots=True)
class _Moment:
    at: datetime
    order: int
    act: Callable[[datetime], None] = field(compare=False)


class _Story:
    """Moments in the order of time; an act may add later ones."""

    def __init__(self, random: Random, until: datetime) -> None:
        self.random, self.until = random, until
        # Of its own, so that what people think changes nothing of what happens to them.
        self.opinions = Random("opinions")  # noqa: S311 - a repeatable story, no secret
        self._moments: list[_Moment] = []
        self._added = 0
        self.travel, self.market = procedure_in_force("travel_pass"), procedure_in_force("market_card")
        self.passes: list[tuple[str, datetime]] = []
        self.filed = 0

    def add(self, at: datetime, act: Callable[[datetime], None]) -> None:
        """Plan an act; what would lie in the future is left for the visitor."""
        if at < self.until:
            self._added += 1
            heapq.heappush(self._moments, _Moment(at, self._added, act))

    def play(self) -> None:
        """Carry out every act in the order of time."""
        while self._moments:
            moment = heapq.heappop(self._moments)
            moment.act(moment.at)


@transaction.atomic
def file_history(
    folder: Path, *, now: datetime, seed: int, count: int = SUBMISSIONS, say: Callable[[str], None]
) -> int:
    """File requests over the last days, decide, object, revoke and scan; return how many were filed.

    One transaction: a history broken off is no history, and the next run begins anew.
    """
    applicants = json.loads((folder / "applicants.json").read_text(encoding="utf-8"))
    samples = json.loads((folder / "samples.json").read_text(encoding="utf-8"))
    story = _Story(Random(f"{seed} history"), now)  # noqa: S311 - a repeatable story, no secret
    start = now - timedelta(days=DAYS)
    for number, applicant in enumerate(applicants[:count]):
        at = _moment_of_filing(story.random, start, now)
        story.add(at, partial(_file, story, number, applicant, say))
    for slug, days in _SAMPLES_WITH_A_PAST:
        sample = next(sample for sample in samples if sample["slug"] == slug)
        story.add(now - days, partial(_file_sample, story, sample))
    story.play()
    _scan(story, now)
    return story.filed


def _moment_of_filing(random: Random, start: datetime, now: datetime) -> datetime:
    """Return a moment, more of them later in the week and in waking hours."""
    day = random.triangular(0, DAYS, DAYS)
    local = timezone.localtime(start + timedelta(days=day))
    hour = random.choices(
        range(24), (1, 1, 1, 1, 1, 3, 9, 14, 16, 15, 13, 9, 6, 9, 12, 12, 11, 9, 8, 9, 10, 8, 5, 2)
    )[0]
    at = local.replace(hour=hour, minute=random.randrange(60), second=random.randrange(60))
    # Whatever falls after now becomes the last hours before it.
    return at if at < now else now - timedelta(minutes=random.randrange(3, 600))


def _file(
    story: _Story, number: int, applicant: dict[str, str], say: Callable[[str], None], at: datetime
) -> None:
    account = citizen_account({**applicant, "sub": f"demo-history-{number}"}, now=at)
    person = person_of(account)
    market = story.random.random() < 0.22
    procedure = story.market if market else story.travel
    values = _market_values(applicant) if market else _travel_values(story.random, applicant, at)
    filed = file_case(
        procedure=procedure,
        values=values,
        applicant=person,
        account_id=account.pk,
        channel=Channel.ONLINE if story.random.random() < 0.93 else Channel.COUNTER,
        key=str(uuid.UUID(int=story.random.getrandbits(128), version=4)),
        now=at,
    )
    story.filed += 1
    if story.filed % 100 == 0:
        say(f"filed {story.filed} requests of the last {DAYS} days")
    _follow(story, filed, person, at)


def _file_sample(story: _Story, sample: dict[str, str], at: datetime) -> None:
    account = citizen_account(sample, now=at)
    file_case(
        procedure=story.travel,
        values=sample_values(sample, at=at, days=3),
        applicant=person_of(account),
        account_id=account.pk,
        channel=Channel.ONLINE,
        key=f"demo-{sample['slug']}",
        now=at,
    )
    story.filed += 1


def sample_values(sample: dict[str, str], *, at: datetime, days: int) -> dict[str, object]:
    """Return the travel pass form as the story of the sample fills it in."""
    return {
        "capacity": sample["capacity"],
        "employer_tax_code": sample["tax_code"],
        "work_place": sample["work_place"],
        "needed_from": timezone.localtime(at).date().isoformat(),
        "days_needed": days,
        "shift": "day",
        "vehicle": "none",
        "truthful": True,
    }


def _travel_values(random: Random, applicant: dict[str, str], at: datetime) -> dict[str, object]:
    today = timezone.localtime(at).date()
    ahead = random.choices((0, 1, 2, 3, 6), (30, 40, 15, 10, 5))[0]
    motorbike = random.random() < 0.8
    values: dict[str, object] = {
        "capacity": applicant["capacity"],
        # One in thirty mistypes the last digit.
        "employer_tax_code": applicant["tax_code"]
        if random.random() > 0.03
        else applicant["tax_code"][:-1] + "0",
        "work_place": applicant["work_place"],
        "needed_from": (today + timedelta(days=ahead)).isoformat(),
        "days_needed": random.choice((3, 5, 7, 7, 10, 14)),
        "shift": "day" if random.random() < 0.85 else "night",
        "vehicle": "motorbike" if motorbike else "none",
        "truthful": True,
    }
    if motorbike:
        values["plate"] = (
            f"43{random.choice('CDEFGHK')}1-{random.randrange(1000):03d}.{random.randrange(100):02d}"
        )
    return values


def _market_values(applicant: dict[str, str]) -> dict[str, object]:
    return {"market_place": applicant["place"], "truthful": True}


def _follow(story: _Story, filed: Filed, person: PersonView, at: datetime) -> None:
    """Plan what comes after the answer."""
    random = story.random
    if filed.answer in _STEPS and story.opinions.random() < _RATED_SHARE:
        story.add(at + timedelta(minutes=10), lambda when: _rate(story, filed, person, when))
    if filed.answer == "grant":
        story.passes.append((filed.number, at))
        if random.random() < 0.03:
            later = at + timedelta(hours=random.randint(5, 60))
            story.add(later, lambda when: _revoke(story, filed, when))
    elif filed.answer == "refer" and random.random() < 0.65:
        later = at + timedelta(hours=random.uniform(1, 20))
        story.add(later, lambda when: _decide(story, filed.number, "chuyenvien", filed.state, when))
    elif filed.answer == "refuse" and random.random() < 0.15:
        later = at + timedelta(hours=random.uniform(0.3, 30))
        story.add(later, lambda when: _object(story, filed.number, person, when))


def _rate(story: _Story, filed: Filed, person: PersonView, at: datetime) -> None:
    (step,) = story.opinions.choices(range(5, 0, -1), _STEPS[filed.answer])
    rate_case(
        number=filed.number,
        applicant_id=person.id,
        step=step,
        reasons=() if step > 3 else (story.opinions.choice(Reason.values),),
        words=_SAID if step == 5 and story.opinions.random() < 0.2 else "",
        now=at,
    )


def _object(story: _Story, number: str, person: PersonView, at: datetime) -> None:
    state = object_to_decision(
        number=number, applicant_id=person.id, text=story.random.choice(_OBJECTIONS), now=at
    )
    if story.random.random() < 0.6:
        later = at + timedelta(hours=story.random.uniform(2, 40))
        story.add(later, lambda when: _decide(story, number, "pheduyet", state, when))


def _revoke(story: _Story, filed: Filed, at: datetime) -> None:
    reason = story.random.choice(_REVOCATIONS)
    _act(filed.number, "revoke", login="pheduyet", state=filed.state, reason=reason, at=at)


def _decide(story: _Story, number: str, login: str, state: str, at: datetime) -> None:
    grants = story.random.random() < 0.6
    _act(
        number,
        "grant" if grants else "refuse",
        login=login,
        state=state,
        reason=story.random.choice(_GRANTS if grants else _REFUSALS),
        at=at,
    )
    if grants:
        story.passes.append((number, at))


def _act(number: str, act: str, *, login: str, state: str, reason: str, at: datetime) -> None:
    act_on_case(
        number=number,
        act=act,
        rights=rights_of(account_of(login), at),
        reason=reason,
        seen_state=state,
        now=at,
    )


def _scan(story: _Story, now: datetime) -> None:
    """Upload what inspectors scanned: valid passes, some before their day, two shown at two checkpoints."""
    inspector = account_of("kiemtra")
    device = uuid.UUID(int=story.random.getrandbits(128), version=4)
    scans: list[ScanSeen] = []
    doubles = 0
    for number, granted_at in story.passes:
        credential = pass_of_case(number)
        if credential is None or story.random.random() > _SCAN_SHARE:
            continue
        seen_at = max(granted_at, credential.valid_from) + timedelta(minutes=story.random.randint(20, 1500))
        if seen_at >= now:
            continue
        first, second = story.random.sample([name for _, name in TEAMS], 2)
        scans.append(_seen(story.random, credential.text, seen_at, first))
        if doubles < _DOUBLE_USES and seen_at + timedelta(minutes=9) < now:
            doubles += 1
            scans.append(_seen(story.random, credential.text, seen_at + timedelta(minutes=9), second))
    if scans:
        upload = ScanUpload(device=device, sent_at=now, scans=tuple(scans))
        record_scans(account=inspector, upload=upload, now=now)


def _seen(random: Random, text: str, at: datetime, checkpoint: str) -> ScanSeen:
    return ScanSeen(
        key=uuid.UUID(int=random.getrandbits(128), version=4),
        text=text,
        scanned_at=at,
        answer=Answer.VALID,
        reason="",
        checkpoint=checkpoint,
    )
