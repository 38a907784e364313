"""Takes a request: validate, ask the registers, decide, number, store, sign, answer; in one transaction."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bench_live_plain.facts import ABOUT_THE_PERSON, facts_of
from bench_live_plain.models import Access, Case, CaseEntry, Credential, Decision, Lane, LedgerEntry
from motcua import rules
from motcua.agencies.models import Place
from motcua.calendars import vietnam
from motcua.credentials.services.keys import signing_key
from motcua.credentials.states import KeyUse
from motcua.identity.models import ApiToken, Person
from motcua.seals.passes import EXPIRES, IDENTITY, ISSUED, KIND, NOT_BEFORE, seal_pass

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
MODEL = rules.load(Path(__file__).resolve().parents[2] / "packs/travel_pass/decisions/travel_pass.dmn")
STATES = {"grant": "granted", "refuse": "refused", "refer": "with_officer"}
AREAS = {"city": "Cả thành phố", "delivery area": "Giao hàng"}


class Values(BaseModel):
    """The form."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    capacity: Literal["employee", "owner", "courier"]
    employer_tax_code: Annotated[str, Field(pattern=r"^[0-9]{10}(-[0-9]{3})?$")]
    work_place: Annotated[str, Field(max_length=10)]
    needed_from: date
    days_needed: Annotated[int, Field(ge=1, le=14)]
    shift: Literal["day", "night"]
    vehicle: Literal["motorbike", "car", "none"] | None = None
    plate: Annotated[str, Field(max_length=12)] | None = None
    truthful: Literal[True]


class Submission(BaseModel):
    """The body."""

    model_config = ConfigDict(extra="forbid")

    procedure: Literal["travel_pass"]
    data: Values


@csrf_exempt
@require_POST
def submit(request: HttpRequest) -> JsonResponse:
    """File a request once."""
    now = datetime.now(UTC)
    token = _token(request, now)
    if token is None or token.account.person is None:
        return JsonResponse({"error": "not_signed_in"}, status=401)
    key = request.headers.get("Idempotency-Key", "")
    if not key or len(key) > 200:
        return JsonResponse({"error": "key_missing"}, status=422)
    try:
        body = Submission.model_validate_json(request.body)
    except ValidationError as refusal:
        fields = {".".join(map(str, fault["loc"])): fault["msg"] for fault in refusal.errors()}
        return JsonResponse({"error": "form_refused", "fields": fields}, status=422)
    sha256 = hashlib.sha256(json.dumps(body.model_dump(mode="json"), sort_keys=True).encode()).digest()
    wanted = Wanted(token.account_id, token.account.person, body.data, key, sha256, now)
    try:
        with transaction.atomic():
            case = Case.objects.select_related("credential").filter(account=token.account, key=key).first()
            if case is None:
                return _answer(_file(wanted), 201)
    except IntegrityError:
        return JsonResponse({"error": "in_flight"}, status=409)
    if bytes(case.body_sha256) != sha256:
        return JsonResponse({"error": "key_reused"}, status=422)
    return _answer(case, 200)


def _token(request: HttpRequest, now: datetime) -> ApiToken | None:
    text = request.headers.get("Authorization", "").removeprefix("Bearer ")
    digest = hashlib.sha256(text.encode()).digest()
    return ApiToken.objects.usable(now).select_related("account__person").filter(digest=digest).first()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is filed, by whom, and when."""

    account_id: int
    person: Person
    values: Values
    key: str
    body_sha256: bytes
    now: datetime

    @property
    def today(self) -> date:
        """The day in the city."""
        return self.now.astimezone(LOCAL).date()


def _file(wanted: Wanted) -> Case:
    """Do all the work of one request in the caller's transaction."""
    values, today, now = wanted.values, wanted.today, wanted.now
    work_place = Place.objects.filter(code=values.work_place).order_by("-valid_from").first()
    facts = facts_of(
        wanted.person, tax_code=values.employer_tax_code, work_place=values.work_place, today=today
    )
    named = {**values.model_dump(), **facts, "today": today}
    scope = {name.replace("_", " "): value for name, value in named.items()}
    scope = {name: value for name, value in scope.items() if name in MODEL.inputs}
    decision = MODEL(scope, decision="verdict")
    answer, reason = decision.value["answer"], decision.value["reason"]
    case = Case.objects.create(
        number=_next_number(today),
        account_id=wanted.account_id,
        applicant=wanted.person,
        procedure="travel_pass",
        filed_at=now,
        due_at=vietnam().after(now, working_hours=8),
        place_code=facts["home_place"] or "",
        values=values.model_dump(mode="json"),
        state=STATES[answer],
        answer=answer,
        reason=reason,
        key=wanted.key,
        body_sha256=wanted.body_sha256,
    )
    _record(case, wanted.person, facts, decision)
    events = [
        ("CaseFiled", {"place": case.place_code}),
        ("CaseDecided", {"answer": answer, "reason": reason}),
        ("CaseActed", {"act": answer, "state": case.state}),
    ]
    if answer == "grant":
        _issue(case, wanted, scope, work_place.name if work_place else "")
        events.append(("CredentialIssued", {"credential": str(case.credential.pk)}))
    _chain(case.number, events, now)
    return case


def _next_number(today: date) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('plain_number')")
        return f"P17-{today:%Y%m%d}-{cursor.fetchone()[0]:07d}"


def _record(case: Case, person: Person, facts: dict[str, object], decision: rules.Decision) -> None:
    """Store history, who looked, and the decision with its facts and explanation."""
    now, why = case.filed_at, decision.why
    CaseEntry.objects.bulk_create(
        CaseEntry(case=case, happened_at=now, act=act, to_state=state, actor=actor)
        for act, state, actor in (("file", "received", "citizen"), (case.answer, case.state, "machine"))
    )
    Access.objects.bulk_create(
        Access(
            case=case,
            person_key=person.key,
            asked_at=now,
            purpose="travel_pass",
            register=register,
            fact=fact,
        )
        for fact, register in ABOUT_THE_PERSON.items()
    )
    Decision.objects.create(
        case=case,
        decided_at=now,
        answer=case.answer,
        reason=case.reason,
        rule=why.rule.id if why.rule else "",
        facts=[{"name": name, "value": value, "asked_at": now.isoformat()} for name, value in facts.items()],
        explanation=why.to_json(wanted=lambda other: other["answer"] == "grant"),
        text_vi=why.reason("vi"),
        text_en=why.reason("en"),
    )


def _issue(case: Case, wanted: Wanted, scope: dict[str, object], work_place: str) -> None:
    """Sign and store the pass."""
    person, values, now = wanted.person, wanted.values, wanted.now
    days, hours, area = (
        MODEL(scope, decision=name).value for name in ("validity days", "travel hours", "travel area")
    )
    begins = max(values.needed_from, wanted.today)
    valid_from = datetime.combine(begins, time.min, LOCAL)
    valid_to = datetime.combine(begins + timedelta(days=int(days) - 1), time(23, 59, 59), LOCAL)
    claims = {
        "n": person.name,
        "b": person.born_on.year if person.born_on else "Không rõ",
        "a": AREAS.get(area, "Đi làm"),
        "w": work_place,
        "h": hours,
        "p": values.plate or "-",
    }
    revocation_id = secrets.randbelow(2**31)
    standard: dict[int | str, object] = {
        EXPIRES: int(valid_to.timestamp()),
        NOT_BEFORE: int(valid_from.timestamp()),
        ISSUED: int(now.timestamp()),
        IDENTITY: revocation_id.to_bytes(4, "big"),
        KIND: "travel_pass",
    }
    case.credential = Credential.objects.create(
        case=case,
        revocation_id=revocation_id,
        claims=claims,
        text=seal_pass({**standard, **claims}, signing_key(KeyUse.PASSES, now=now)),
        issued_at=now,
        valid_from=valid_from,
        valid_to=valid_to,
    )


def _chain(subject: str, events: list[tuple[str, dict[str, str]]], now: datetime) -> None:
    """Append the events to a lane that nobody else is writing to."""
    lane = (
        Lane.objects.select_for_update(skip_locked=True).first() or Lane.objects.select_for_update().first()
    )
    entries, last, sequence = [], bytes(lane.hash), lane.sequence
    for name, body in events:
        sequence += 1
        sealed = json.dumps([lane.pk, sequence, now.isoformat(), name, subject, body], sort_keys=True)
        last = hashlib.sha256(last + sealed.encode()).digest()
        entries.append(
            LedgerEntry(
                lane=lane,
                sequence=sequence,
                happened_at=now,
                name=name,
                subject=subject,
                body=body,
                hash=last,
            )
        )
    LedgerEntry.objects.bulk_create(entries)
    lane.sequence, lane.hash = sequence, last
    lane.save(update_fields=["sequence", "hash"])


def _answer(case: Case, status: int) -> JsonResponse:
    text = case.credential.text if case.answer == "grant" else None
    body = {
        "reference": case.number,
        "state": case.state,
        "answer": case.answer,
        "status_url": f"/api/submissions/{case.number}",
        "qr": text,
    }
    return JsonResponse(body, status=status)
